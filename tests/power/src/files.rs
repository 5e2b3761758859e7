//! What of each file is on the disk for sure, and what is still on its way there.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// Something that is done to a file.
pub(crate) enum Change {
    /// Bytes are written at a place.
    Write(usize, Vec<u8>),
    /// It is made this long.
    Truncate(usize),
    /// Everything so far is to be on the disk.
    Flush,
    /// It is removed; `flushed` where that is to be on the disk at once.
    Remove {
        /// Whether the folder is flushed with it.
        flushed: bool,
    },
}

/// All files of a disk.
#[derive(Default)]
pub(crate) struct Files(BTreeMap<PathBuf, File>);

#[derive(Default)]
struct File {
    /// What is there for sure; nothing where the file itself may not be.
    sure: Option<Vec<u8>>,
    waiting: Vec<Change>,
}

impl Files {
    pub(crate) fn opened(&mut self, path: &Path) -> io::Result<()> {
        if !self.0.contains_key(path) {
            let sure = match fs::read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            self.0.insert(path.to_owned(), File { sure, waiting: Vec::new() });
        }
        Ok(())
    }

    /// Notes a change. Where the power goes during a flush or a removal, nothing is sure of it.
    pub(crate) fn change(&mut self, path: &Path, change: Change, has_power: bool) {
        let file = self.0.entry(path.to_owned()).or_default();
        let settles = matches!(change, Change::Flush | Change::Remove { flushed: true });
        if !matches!(change, Change::Flush) {
            file.waiting.push(change);
        }
        if settles && has_power {
            let waiting = std::mem::take(&mut file.waiting);
            let sure = file.sure.take();
            let there = sure.is_some() || !waiting.is_empty();
            let whole = waiting.into_iter().fold(sure, |bytes, change| apply(bytes, &change, &mut || true));
            // A flushed file is there, also where nothing was ever written to it.
            file.sure = whole.or_else(|| (!there).then(Vec::new));
        }
    }

    /// Writes to the real disk what the disk might hold.
    pub(crate) fn leave(self, dice: &mut dyn FnMut() -> u32) -> io::Result<()> {
        for (path, File { sure, waiting }) in self.0 {
            let fate = Fate::thrown(dice());
            let left =
                waiting.into_iter().fold(sure, |bytes, change| apply(bytes, &change, &mut || fate.keeps(dice())));
            match left {
                Some(bytes) => fs::write(&path, bytes)?,
                None if path.exists() => fs::remove_file(&path)?,
                None => {}
            }
            // What several processes would share lives in memory, and ends with the power.
            let mut shared = path.into_os_string();
            shared.push("-shm");
            if Path::new(&shared).exists() {
                fs::remove_file(&shared)?;
            }
        }
        Ok(())
    }
}

/// How much of what was on its way to a file arrived.
#[derive(Clone, Copy)]
enum Fate {
    Nothing,
    Everything,
    Half,
    Most,
}

impl Fate {
    fn thrown(dice: u32) -> Self {
        match dice % 6 {
            0 => Self::Nothing,
            1 => Self::Everything,
            2 | 3 => Self::Half,
            _ => Self::Most,
        }
    }

    fn keeps(self, dice: u32) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Half => dice.is_multiple_of(2),
            Self::Most => !dice.is_multiple_of(10),
        }
    }
}

/// The file after a change, of which each sector arrives or does not.
fn apply(bytes: Option<Vec<u8>>, change: &Change, arrives: &mut dyn FnMut() -> bool) -> Option<Vec<u8>> {
    match change {
        Change::Write(place, written) => {
            let mut bytes = bytes;
            let (mut from, end) = (*place, place + written.len());
            while from < end {
                let to = end.min((from / SECTOR + 1) * SECTOR);
                if arrives() {
                    let bytes = bytes.get_or_insert_default();
                    bytes.resize(bytes.len().max(to), 0);
                    bytes[from..to].copy_from_slice(&written[from - place..to - place]);
                }
                from = to;
            }
            bytes
        }
        Change::Truncate(length) if arrives() => bytes.map(|mut bytes| {
            bytes.resize(*length, 0);
            bytes
        }),
        Change::Remove { .. } if arrives() => None,
        Change::Truncate(_) | Change::Remove { .. } | Change::Flush => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(files: Files, path: &Path, dice: u32) -> Option<Vec<u8>> {
        files.leave(&mut || dice).unwrap();
        fs::read(path).ok()
    }

    fn file(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("enishi-power-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        let _ = fs::remove_file(&path);
        path
    }

    #[test]
    fn what_was_flushed_stays_and_what_was_not_may_be_lost_in_part() {
        let path = file("parts");
        for (dice, expected) in [(0, vec![1; 600]), (1, [vec![1; 512], vec![2; 88]].concat())] {
            let mut files = Files::default();
            files.change(&path, Change::Write(0, vec![1; 600]), true);
            files.change(&path, Change::Flush, true);
            files.change(&path, Change::Write(512, vec![2; 88]), true);
            assert_eq!(left(files, &path, dice), Some(expected));
        }
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_write_can_be_torn_between_sectors() {
        let path = file("torn");
        let mut files = Files::default();
        files.change(&path, Change::Write(0, vec![1; 1024]), true);
        files.change(&path, Change::Flush, true);
        files.change(&path, Change::Write(0, vec![2; 1024]), true);
        let mut dice = [2, 0, 1].into_iter();
        files.leave(&mut || dice.next().unwrap()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), [vec![2; 512], vec![1; 512]].concat());
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_flush_during_which_the_power_goes_promises_nothing() {
        let path = file("flush");
        let mut files = Files::default();
        files.change(&path, Change::Write(0, vec![1; 10]), true);
        files.change(&path, Change::Flush, false);
        assert_eq!(left(files, &path, 0), None);
    }
}
