//! Bringing an archive in: a community's people, groups and feed from another server or product,
//! each with its own time.
//!
//! Every record goes through the same functions as what a member does on a phone, as that member and
//! at that time, so that an archive can bring in nothing that a member could not have written.
//! `docs/archive.md` describes the file. An archive never brings an address to sign in with.

mod feed;
mod people;
#[cfg(test)]
mod tests;

use crate::{
    db::{self, Connection, DbError},
    surroundings::Surroundings,
    sync::chores,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, ErrorCode,
    archive::{ARCHIVE_VERSION, Record},
};
use std::ops::AddAssign;

/// Records that one transaction brings in, so that others need not wait for long.
pub const RECORDS_AT_ONCE: usize = 100;

/// What was brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Members who were not here before.
    pub members: usize,
    /// Groups that were not here before.
    pub groups: usize,
    /// Posts that were not here before.
    pub posts: usize,
    /// Comments on them.
    pub comments: usize,
    /// Reactions to them.
    pub reactions: usize,
    /// Records that were here already, from this archive or from members themselves.
    pub known: usize,
    /// Lines that could not be brought in, and why. Nothing of such a record was.
    pub refused: Vec<(usize, ErrorCode)>,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.members += other.members;
        self.groups += other.groups;
        self.posts += other.posts;
        self.comments += other.comments;
        self.reactions += other.reactions;
        self.known += other.known;
        self.refused.extend(other.refused);
    }
}

/// Why a file is not an archive that can be read.
#[derive(Debug, thiserror::Error)]
pub enum NotAnArchive {
    /// The first line does not say that it is one.
    #[error("the first line is not an archive's")]
    Head,
    /// A later version of the format.
    #[error("the archive has version {0}; this server reads version {ARCHIVE_VERSION}")]
    Version(u32),
}

/// A file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its records after the first, each with its line.
    pub records: Vec<(usize, Record)>,
    /// The lines that are none.
    pub bad: Vec<usize>,
}

/// Reads a file.
///
/// # Errors
/// Where it is no archive at all.
pub fn read(text: &str) -> Result<Archive, NotAnArchive> {
    let mut lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
    let head = lines.next().and_then(|(_, line)| serde_json::from_str(line.trim_start_matches('\u{feff}')).ok());
    match head {
        Some(Record::Archive(head)) if head.version == ARCHIVE_VERSION => {}
        Some(Record::Archive(head)) => return Err(NotAnArchive::Version(head.version)),
        _ => return Err(NotAnArchive::Head),
    }
    let mut archive = Archive { records: Vec::new(), bad: Vec::new() };
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(record) => archive.records.push((number, record)),
            Err(_) => archive.bad.push(number),
        }
    }
    Ok(archive)
}

/// Brings some records in. What is here already is left as it is, so that an import that was cut
/// off is simply done again.
///
/// # Errors
/// That the database failed; then none of these records was brought in.
pub fn import(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    records: &[(usize, Record)],
) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    for (line, record) in records {
        let brought = db::step(conn, |conn| -> Result<Counts, Failure> {
            let (counts, _) =
                Writing::run(conn, surroundings, community, None, usize::MAX, |writing| bring(writing, record))?;
            Ok(counts)
        });
        match brought {
            Ok(more) => counts += more,
            Err(Failure::Database(error @ (DbError::Full | DbError::Unavailable(_)))) => return Err(error.into()),
            Err(failure) => counts.refused.push((*line, failure.code())),
        }
    }
    Ok(counts)
}

fn bring(writing: &mut Writing<'_>, record: &Record) -> Result<Counts, Failure> {
    match record {
        Record::Archive(_) => Err(ErrorCode::Malformed.into()),
        Record::Member(member) => people::bring_member(writing, member),
        Record::Group(group) => people::bring_group(writing, group),
        Record::Post(post) => feed::bring_post(writing, post),
    }
}

/// Ends an import: a new era, because what phones hold does not know of what came before it.
///
/// # Errors
/// [`ErrorCode::NotFound`]; that the database failed.
pub fn finish(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<(), Failure> {
    chores::new_era(conn, surroundings, community, &[]).map(drop)
}
