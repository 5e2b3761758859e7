//! The outbox as it is laid over the mirror: read and decoded once, not for every window.
//!
//! What was read counts for the stamp that it was read at. An outbox that has only grown since is read from there on;
//! one in which anything changed is read anew.

use super::{
    NewWrite, StoredWrite,
    outbox::{WAITING, stored_write, waiting},
};
use crate::{error::StoreError, sync::replica::Waiting};
use enishi_protocol::{CommunityId, MemberId, Operation};
use rusqlite::{Connection, params};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A mutation in the outbox with what it does.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) waiting: Waiting,
    pub(crate) kind: String,
    /// None where this build does not know the operation.
    pub(crate) operation: Option<Operation>,
}

impl Entry {
    fn new(waiting: Waiting, write: StoredWrite) -> Self {
        Self { operation: write.operation(), kind: write.kind, waiting }
    }

    /// The write that it is.
    pub(crate) fn write(&self) -> Option<NewWrite> {
        Some(NewWrite { id: self.waiting.id, operation: self.operation.clone()? })
    }
}

/// An outbox, oldest first.
pub(crate) type Overlay = Arc<Vec<Arc<Entry>>>;

/// What was read of the outboxes of one store.
#[derive(Debug, Default)]
pub(super) struct Overlays(Mutex<BTreeMap<CommunityId, Known>>);

#[derive(Clone, Debug)]
struct Known {
    member: MemberId,
    stamp: i64,
    overlay: Overlay,
}

impl Overlays {
    /// The outbox of a member in a snapshot of what is committed.
    pub(super) fn of(
        &self,
        connection: &Connection,
        community: CommunityId,
        member: MemberId,
    ) -> Result<Overlay, StoreError> {
        let (stamp, altered) = state(connection)?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = known.get(&community).filter(|held| held.member == member && held.stamp >= altered);
        let overlay = match held {
            Some(held) if held.stamp == stamp => return Ok(Arc::clone(&held.overlay)),
            // A snapshot from before what is known: it is read for itself.
            Some(held) if held.stamp > stamp => return read(connection, (community, member)).map(Arc::new),
            Some(held) => {
                let mut entries = Vec::clone(&held.overlay);
                let last = entries.last().map_or(i64::MIN, |entry| entry.waiting.order);
                entries.append(&mut read_after(connection, (community, member), last)?);
                Arc::new(entries)
            }
            None => Arc::new(read(connection, (community, member))?),
        };
        known.insert(community, Known { member, stamp, overlay: Arc::clone(&overlay) });
        Ok(overlay)
    }

    /// Forgets what was read: the store holds another past now.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Reads an outbox whole.
pub(super) fn read(connection: &Connection, of: (CommunityId, MemberId)) -> Result<Vec<Arc<Entry>>, StoreError> {
    read_after(connection, of, i64::MIN)
}

fn read_after(
    connection: &Connection,
    (community, member): (CommunityId, MemberId),
    after: i64,
) -> Result<Vec<Arc<Entry>>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {WAITING}, mutation, kind, body FROM outbox WHERE community = ?1 AND member = ?2 AND place > ?3
         ORDER BY place"
    ))?;
    let mut rows = statement.query(params![community.0.as_bytes(), member.0.as_bytes(), after])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(Arc::new(Entry::new(waiting(row)?, stored_write(row, 10)?)));
    }
    Ok(entries)
}

fn state(connection: &Connection) -> Result<(i64, i64), StoreError> {
    let mut statement = connection.prepare_cached("SELECT stamp, altered FROM outbox_state")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Notes that something entered the outbox in this transaction, or that it was `altered` otherwise.
pub(super) fn note(connection: &Connection, altered: bool) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "UPDATE outbox_state SET stamp = stamp + 1, altered = CASE WHEN ?1 THEN stamp + 1 ELSE altered END",
    )?;
    statement.execute([altered])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        feed,
        store::{Wish, overlay},
        testing::Phone,
    };
    use enishi_protocol::{ErrorCode, Stream, feed::PostKind};

    fn wish(phone: &Phone, text: &str) -> Wish {
        feed::commands::write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, text, &[])
            .expect("a sound post")
    }

    /// What is known of the outbox is what is in it; how much that is.
    fn known(phone: &Phone) -> usize {
        phone
            .store
            .view(phone.community, |view| {
                let held = overlay::read(view.connection, (view.community, view.member))?;
                assert_eq!(format!("{:?}", view.overlay), format!("{held:?}"));
                Ok(view.overlay.len())
            })
            .expect("reads")
    }

    #[test]
    fn what_is_known_of_the_outbox_is_what_is_in_it() {
        let mut phone = Phone::new();
        assert_eq!(known(&phone), 0);
        let wishes = ["first", "second", "third"].map(|text| wish(&phone, text));
        let ids = wishes.map(|wish| {
            let id = phone.write(wish);
            known(&phone);
            id
        });
        assert_eq!(known(&phone), 3, "it grew");
        phone.refuse(ids[1], ErrorCode::NotAllowed);
        known(&phone);
        phone.accept(ids[0], &[(Stream::Community, 9)]);
        known(&phone);
        phone.forget(ids[0]);
        assert_eq!(known(&phone), 2, "and shrank");
        let before = phone.store.snapshot().expect("taken");
        let wish = wish(&phone, "fourth");
        phone.write(wish);
        assert_eq!(known(&phone), 3);
        phone.store.restore(&before).expect("restored");
        assert_eq!(known(&phone), 2, "another past");
        let wish = self::wish(&phone, "fifth");
        phone.write(wish);
        assert_eq!(known(&phone), 3, "in which as much was written since");
        phone.store.forget(phone.community).expect("forgotten");
        assert!(phone.store.view(phone.community, |_| Ok(())).is_err());
    }

    #[test]
    fn an_outbox_that_only_grew_is_not_read_again() {
        let mut phone = Phone::new();
        let first = wish(&phone, "first");
        phone.write(first);
        let entry =
            |phone: &Phone| phone.store.view(phone.community, |view| Ok(view.overlay[0].clone())).expect("reads");
        let before = entry(&phone);
        let second = wish(&phone, "second");
        let id = phone.write(second);
        assert!(std::sync::Arc::ptr_eq(&before, &entry(&phone)));
        phone.refuse(id, ErrorCode::NotAllowed);
        assert!(!std::sync::Arc::ptr_eq(&before, &entry(&phone)), "so that the test can fail");
    }
}
