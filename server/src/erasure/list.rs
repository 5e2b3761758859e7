//! The list of erasures that is kept apart from the database and its backups: a file to which one line is
//! appended for each erasure, flushed before anybody is told that it is done.
//!
//! The first line names the list; the database keeps the same name, so that a process that sees another
//! list, or none, finds out instead of going on without. Several processes on one file take turns by
//! locking it. The file is never rewritten: only an unfinished last line, which nobody was told of, is cut off.

use super::{Erasure, What};
use chrono::{NaiveDate, TimeDelta};
use enishi_protocol::CommunityId;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// What the first line begins with: the form of the lines after it.
const HEAD: &str = "enishi-erasures-1";

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("the list of erasures {} is not there", .0.display())]
    Missing(PathBuf),
    /// It belongs to another database.
    #[error("{} is the list of erasures of another database", .0.display())]
    Other(PathBuf),
    /// A line cannot be read.
    #[error("the list of erasures {} is damaged in line {}", .0.display(), .1)]
    Damaged(PathBuf, usize),
    /// The file cannot be read or written.
    #[error("the list of erasures {}: {}", .0.display(), .1)]
    Io(PathBuf, io::Error),
}

/// What the list tells of one community and thing.
pub type Line = (CommunityId, Erasure);

/// A list, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The list's name.
    pub id: Uuid,
    /// What was erased, each once.
    pub lines: BTreeSet<Line>,
}

/// Begins a list of that name where there is none; gives the name of the one that is there.
///
/// # Errors
/// [`FileError::Damaged`], [`FileError::Io`].
pub fn begin(path: &Path, id: Uuid) -> Result<Uuid, FileError> {
    let failed = |error| FileError::Io(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = locked(path, true)?;
    let (whole, text) = whole_lines(&mut file).map_err(failed)?;
    if text.is_empty() {
        file.set_len(whole).map_err(failed)?;
        file.write_all(format!("{HEAD} {id}\n").as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        // The file's name must last as well.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        return Ok(id);
    }
    head(path, &text)
}

/// Reads the list.
///
/// # Errors
/// [`FileError::Missing`], [`FileError::Damaged`], [`FileError::Io`].
pub fn read(path: &Path) -> Result<Listed, FileError> {
    let mut file = locked(path, false)?;
    let (_, text) = whole_lines(&mut file).map_err(|error| FileError::Io(path.to_owned(), error))?;
    let id = head(path, &text)?;
    let mut lines = BTreeSet::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        lines.insert(parse(line).ok_or_else(|| FileError::Damaged(path.to_owned(), number + 1))?);
    }
    Ok(Listed { id, lines })
}

/// Appends to the list of that name what it does not have, and flushes it.
///
/// # Errors
/// [`FileError::Missing`], [`FileError::Other`], [`FileError::Io`]: nothing may be taken for listed then.
pub fn append(path: &Path, id: Uuid, lines: &[Line]) -> Result<(), FileError> {
    let failed = |error| FileError::Io(path.to_owned(), error);
    let mut file = locked(path, false)?;
    let (whole, text) = whole_lines(&mut file).map_err(failed)?;
    if head(path, &text)? != id {
        return Err(FileError::Other(path.to_owned()));
    }
    file.set_len(whole).map_err(failed)?;
    let known: BTreeSet<Line> = text.lines().skip(1).filter_map(parse).collect();
    let mut out = String::new();
    for (community, erasure) in lines.iter().filter(|line| !known.contains(line)) {
        let (what, day) = (erasure.what, day(erasure.day));
        // Writing to a text never fails.
        let _ = writeln!(out, "{community} {} {} {day}", what.kind(), what.id());
    }
    file.seek(SeekFrom::End(0)).map_err(failed)?;
    file.write_all(out.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// The file, held for this process alone until it is dropped.
fn locked(path: &Path, create: bool) -> Result<File, FileError> {
    let opened = OpenOptions::new().read(true).write(true).create(create).truncate(false).open(path);
    let file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
        _ => FileError::Io(path.to_owned(), error),
    })?;
    file.lock().map_err(|error| FileError::Io(path.to_owned(), error))?;
    Ok(file)
}

/// The file's finished lines, and how many bytes they are.
fn whole_lines(file: &mut File) -> io::Result<(u64, String)> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes.truncate(whole);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok((u64::try_from(whole).unwrap_or(u64::MAX), text))
}

fn head(path: &Path, text: &str) -> Result<Uuid, FileError> {
    let line = text.lines().next().unwrap_or_default();
    let id = line.strip_prefix(HEAD).and_then(|id| id.trim().parse().ok());
    id.ok_or_else(|| FileError::Damaged(path.to_owned(), 1))
}

fn day(days: i64) -> NaiveDate {
    let since = TimeDelta::try_days(days);
    since.and_then(|since| NaiveDate::default().checked_add_signed(since)).unwrap_or_default()
}

fn parse(line: &str) -> Option<Line> {
    let words: Vec<&str> = line.split(' ').collect();
    let [community, kind, id, day] = words.as_slice() else { return None };
    let day: NaiveDate = day.parse().ok()?;
    let day = day.signed_duration_since(NaiveDate::default()).num_days();
    Some((community.parse().ok()?, Erasure { what: What::named(kind, id.parse().ok()?)?, day }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use enishi_protocol::{MemberId, PostId};

    fn line(number: u128) -> Line {
        let community = CommunityId(Uuid::from_u128(1));
        let what = if number.is_multiple_of(2) {
            What::Post(PostId(Uuid::from_u128(number)))
        } else {
            What::Member(MemberId(Uuid::from_u128(number)))
        };
        (community, Erasure { what, day: 20_544 })
    }

    fn list() -> (PathBuf, PathBuf, Uuid) {
        let folder = crate::db::testing::folder();
        let file = folder.join("apart").join("erasures.list");
        let id = begin(&file, Uuid::from_u128(7)).unwrap();
        (folder, file, id)
    }

    #[test]
    fn what_was_appended_is_read_again_once_each() {
        let (folder, file, id) = list();
        append(&file, id, &[line(2), line(3)]).unwrap();
        append(&file, id, &[line(2), line(4)]).unwrap();
        assert_eq!(read(&file).unwrap(), Listed { id, lines: BTreeSet::from([line(2), line(3), line(4)]) });
        assert_eq!(begin(&file, Uuid::from_u128(8)).unwrap(), id, "one that is there is never begun again");
        assert_eq!(read(&file).unwrap().lines.len(), 3);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.ends_with(" post 00000000-0000-0000-0000-000000000004 2026-04-01\n"), "{text}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_line_that_was_cut_off_by_a_crash_counts_for_nothing_and_spoils_nothing() {
        let (folder, file, id) = list();
        append(&file, id, &[line(2)]).unwrap();
        let mut text = std::fs::read_to_string(&file).unwrap();
        text.push_str("00000000-0000-0000-0000-000000000001 post 0000");
        std::fs::write(&file, text).unwrap();
        assert_eq!(read(&file).unwrap().lines, BTreeSet::from([line(2)]));
        append(&file, id, &[line(4)]).unwrap();
        assert_eq!(read(&file).unwrap().lines, BTreeSet::from([line(2), line(4)]));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn damage_is_told_by_its_line_and_another_list_is_left_alone() {
        let (folder, file, id) = list();
        let other = append(&file, Uuid::from_u128(9), &[line(2)]);
        assert!(matches!(other, Err(FileError::Other(_))), "{other:?}");
        append(&file, id, &[line(2), line(4)]).unwrap();
        let text = std::fs::read_to_string(&file).unwrap().replacen("post", "posd", 1);
        std::fs::write(&file, text).unwrap();
        assert!(matches!(read(&file), Err(FileError::Damaged(_, 2))));
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(read(&file), Err(FileError::Missing(_))));
        assert!(matches!(append(&file, id, &[line(2)]), Err(FileError::Missing(_))), "never made by the way");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
