//! A database that cannot be opened: it is set aside, never deleted, and what the member wrote is
//! brought over where it can still be read.
//!
//! Everything else is fetched anew, so only the outbox, the codes of invitations and who the member
//! is are looked for. Damage must never become a panic.
//!
//! A log that lost its end is damage as well, though SQLite opens it: see [`super::tip`].

use super::{
    DatabaseKey, Flush, Store, connection, fingerprint,
    outbox::{self, StoredWrite, WAITING},
    tip,
    values::id,
};
use crate::{
    error::StoreError,
    sync::replica::{Replica, Step, Waiting},
};
use enishi_protocol::{CommunityId, InvitationId, MemberId};
use rusqlite::{Connection, Row};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::Write as _,
    path::{Path, PathBuf},
};

/// A store that was opened, and what was found where it had to be made anew.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What happened to the one before it, where that could not be opened. The member is to be told.
    pub salvage: Option<Salvage>,
}

/// What was saved out of a database that could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Salvage {
    /// Where that database is now.
    pub set_aside: PathBuf,
    /// Whether it belongs to another key, as after a phone's backup was restored without it. Then
    /// nothing in it can be read.
    pub other_key: bool,
    /// Mutations of the outbox that were brought over.
    pub writes: usize,
    /// Whether reading the outbox came to its end and all was there that had been written, so that nothing was lost.
    pub whole: bool,
}

impl Store {
    /// Opens the file at `path`; where it is damaged, proved to be when it was last used, or belongs to
    /// another key, sets it aside and opens a new one with what could be salvaged. What a crash
    /// interrupted goes on. `stamp` tells databases set aside apart.
    ///
    /// # Errors
    /// [`StoreError::Full`], and what has nothing to do with damage: a full disk or a newer app's
    /// schema never sets anything aside.
    pub fn open_or_salvage(path: &Path, key: &DatabaseKey, stamp: i64) -> Result<Opened, StoreError> {
        if mark(path).exists() {
            return Self::salvage(path, key, stamp, false);
        }
        match Self::open(path, key).and_then(|store| store.read_what_matters().map(|()| store)) {
            Ok(store) => Ok(Opened { store, salvage: None }),
            Err(StoreError::OtherKey) => Self::salvage(path, key, stamp, true),
            Err(StoreError::Damaged(_)) => Self::salvage(path, key, stamp, false),
            Err(error) => Err(error),
        }
    }

    /// Sets aside a store that proved damaged while it was used. It must be closed.
    pub fn set_aside(path: &Path, key: &DatabaseKey, stamp: i64) -> Result<Opened, StoreError> {
        Self::salvage(path, key, stamp, false)
    }

    fn read_what_matters(&self) -> Result<(), StoreError> {
        for community in self.communities()? {
            if let Some(replica) = self.load(community)? {
                let ids: Vec<_> = replica.outbox.iter().map(|entry| entry.id).collect();
                self.writes(community, replica.member, &ids)?;
            }
        }
        Ok(())
    }

    fn salvage(path: &Path, key: &DatabaseKey, stamp: i64, other_key: bool) -> Result<Opened, StoreError> {
        let set_aside = begin(path, stamp)?;
        let remains = if other_key { Remains::default() } else { read_remains(&set_aside, key) };
        let store = Self::open(path, key)?;
        let writes = remains.outbox.len();
        let whole = remains.whole;
        store.take_over(&remains)?;
        end(path)?;
        Ok(Opened { store, salvage: Some(Salvage { set_aside, other_key, writes, whole }) })
    }

    fn take_over(&self, remains: &Remains) -> Result<(), StoreError> {
        for (community, member) in remains.memberships() {
            let mut replica = Replica::new(member);
            let places = remains.outbox.values().map(|salvaged| salvaged.waiting.order);
            replica.next_order = places.max().map_or(replica.next_order, |last| last.saturating_add(1));
            self.commit(community, None, &Step { replica, mirror: Vec::new(), flush: true }, &[])?;
        }
        self.write(Flush::Yes, |connection| {
            for Salvaged { community, member, waiting, write } in remains.outbox.values() {
                outbox::insert(connection, (*community, *member), waiting, &write.kind, write.body.get())?;
            }
            Ok(())
        })?;
        for ((community, invitation), code) in &remains.codes {
            self.keep_invitation_code(*community, *invitation, code)?;
        }
        Ok(())
    }
}

/// What could be read of a damaged database.
#[derive(Default)]
struct Remains {
    members: BTreeMap<CommunityId, MemberId>,
    outbox: BTreeMap<uuid::Uuid, Salvaged>,
    codes: BTreeMap<(CommunityId, InvitationId), String>,
    whole: bool,
}

struct Salvaged {
    community: CommunityId,
    member: MemberId,
    waiting: Waiting,
    write: StoredWrite,
}

impl Remains {
    /// Who the member is in each community; where that row was lost, who wrote last there.
    fn memberships(&self) -> BTreeMap<CommunityId, MemberId> {
        let mut newest: Vec<_> = self.outbox.values().collect();
        newest.sort_by_key(|salvaged| salvaged.waiting.order);
        let mut members: BTreeMap<_, _> =
            newest.into_iter().map(|salvaged| (salvaged.community, salvaged.member)).collect();
        members.extend(&self.members);
        members
    }
}

/// The file that says that the store must be salvaged: that damage showed while it was used, or,
/// where it holds the name of the database set aside, that salvaging has begun and not ended.
pub(super) fn mark(path: &Path) -> PathBuf {
    with_suffix(path, ".damaged")
}

/// The files of a database; itself last, so that it has moved once all have.
const FILES: [&str; 5] = ["-wal", "-shm", fingerprint::SUFFIX, tip::SUFFIX, ""];

/// Sets the database aside, or goes on where a crash interrupted that. Until [`end`] the outbox is in
/// the database set aside alone, and the mark says so.
pub(super) fn begin(path: &Path, stamp: i64) -> Result<PathBuf, StoreError> {
    let begun = std::fs::read_to_string(mark(path)).unwrap_or_default();
    let set_aside = if begun.is_empty() { free_name(path, stamp) } else { path.with_file_name(begun) };
    if set_aside.exists() {
        // What is in its place was never handed out: it is the new store, half made.
        for suffix in FILES {
            remove(&with_suffix(path, suffix))?;
        }
        return Ok(set_aside);
    }
    let mut mark = std::fs::File::create(mark(path))?;
    mark.write_all(set_aside.file_name().unwrap_or_default().as_encoded_bytes())?;
    mark.sync_all()?;
    for suffix in FILES {
        match std::fs::rename(with_suffix(path, suffix), with_suffix(&set_aside, suffix)) {
            // A connection that is only now being closed takes the log along.
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(set_aside)
}

/// The new store has all that could be salvaged.
fn end(path: &Path) -> Result<(), StoreError> {
    remove(&mark(path))
}

fn remove(file: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn free_name(path: &Path, stamp: i64) -> PathBuf {
    let mut aside = with_suffix(path, &format!(".aside-{stamp}"));
    for number in 2.. {
        if !aside.exists() {
            break;
        }
        aside = with_suffix(path, &format!(".aside-{stamp}-{number}"));
    }
    aside
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn read_remains(path: &Path, key: &DatabaseKey) -> Remains {
    let mut remains = Remains::default();
    let Ok(connection) = connection::reader(path, key) else { return remains };
    let outbox = format!("SELECT {WAITING}, mutation, kind, body, community, member FROM outbox");
    remains.whole = each_readable(&connection, &outbox, |row| {
        let waiting = outbox::waiting(row)?;
        let write = outbox::stored_write(row, 10)?;
        let salvaged = Salvaged { community: id(row, 13)?, member: id(row, 14)?, waiting, write };
        remains.outbox.insert(salvaged.waiting.id.0, salvaged);
        Ok(())
    });
    remains.whole &= tip::is_whole(path, &connection);
    each_readable(&connection, "SELECT id, member FROM community", |row| {
        remains.members.insert(id(row, 0)?, id(row, 1)?);
        Ok(())
    });
    each_readable(&connection, "SELECT community, invitation, code FROM invitation_code", |row| {
        remains.codes.insert((id(row, 0)?, id(row, 1)?), row.get(2)?);
        Ok(())
    });
    remains
}

/// Takes every row that can be read, from both ends towards the damage. True where there was none.
fn each_readable(connection: &Connection, sql: &str, mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>) -> bool {
    let mut whole = false;
    for order in ["", " ORDER BY rowid DESC"] {
        whole = take_rows(connection, &format!("{sql}{order}"), &mut take).unwrap_or(false);
        if whole || sql.contains("invitation_code") {
            break;
        }
    }
    whole
}

fn take_rows(
    connection: &Connection,
    sql: &str,
    take: &mut impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut whole = true;
    while let Some(row) = rows.next()? {
        whole &= take(row).is_ok();
    }
    Ok(whole)
}
