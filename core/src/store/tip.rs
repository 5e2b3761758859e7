//! How much was ever written to the outbox, beside the database: so that a log that lost its end is noticed.
//!
//! SQLite takes a log that is missing, cut short or damaged for one that ends there: it is how a log looks after a
//! crash. What a member wrote would be gone without a word. So the count of what was flushed is noted here once it is
//! flushed, and compared when the database is opened. The note itself is not flushed: after a power cut it may be an
//! older one, which says less, and never more than is true.

use crate::error::StoreError;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{File, OpenOptions},
    io::{ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// What the note's file has after the database's name.
pub(super) const SUFFIX: &str = ".tip";

/// The count, and a digest that tells a note that is whole.
const BYTES: usize = 16;

/// The note of one database.
#[derive(Debug)]
pub(super) struct Tip {
    file: File,
    noted: i64,
}

impl Tip {
    /// Opens the note of a database that holds what was noted.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the database holds less.
    pub(super) fn open(path: &Path, connection: &Connection) -> Result<Self, StoreError> {
        let (noted, held) = (noted(path)?.unwrap_or_default(), held(connection)?);
        if held < noted {
            return Err(StoreError::Damaged(format!("the log has lost {} writes", noted - held)));
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(name(path))?;
        Ok(Self { file, noted })
    }

    /// Notes what was flushed, where that is more than before. What cannot be noted is not missed later.
    pub(super) fn raise(&mut self, held: i64) {
        if held > self.noted {
            match self.write(held) {
                Ok(()) => self.noted = held,
                Err(error) => tracing::warn!(%error, "what was flushed could not be noted"),
            }
        }
    }

    /// Notes that less will be held, before it is flushed: whoever dies in between is not to be told of a loss.
    pub(super) fn lower(&mut self, held: i64) -> Result<(), StoreError> {
        if held < self.noted {
            self.write(held)?;
            self.noted = held;
        }
        Ok(())
    }

    fn write(&mut self, held: i64) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&note_of(held))
    }
}

/// Whether a database holds all that was noted of it.
pub(super) fn is_whole(path: &Path, connection: &Connection) -> bool {
    match (noted(path), held(connection)) {
        (Ok(noted), Ok(held)) => held >= noted.unwrap_or_default(),
        _ => false,
    }
}

/// How many writes ever entered the outbox, of all communities together. Only forgetting a community makes it less.
pub(super) fn held(connection: &Connection) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(sum(next_order), 0) FROM community")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// What was noted; none where nothing was, or nothing that can be believed.
fn noted(path: &Path) -> Result<Option<i64>, StoreError> {
    match std::fs::read(name(path)) {
        Ok(bytes) => {
            let held = bytes.first_chunk().map(|held| i64::from_be_bytes(*held));
            Ok(held.filter(|held| bytes == note_of(*held)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn note_of(held: i64) -> [u8; BYTES] {
    let mut note = [0; BYTES];
    note[..8].copy_from_slice(&held.to_be_bytes());
    let digest = Sha256::new().chain_update(b"enishi outbox").chain_update(held.to_be_bytes()).finalize();
    note[8..].copy_from_slice(&digest[..8]);
    note
}

fn name(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(SUFFIX);
    name.into()
}
