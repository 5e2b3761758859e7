//! The outbox in rows: how each mutation stands, and what it does.

use super::{
    Store, overlay,
    values::{id, id_or_none, json, named},
};
use crate::{
    error::StoreError,
    sync::replica::{State, Waiting},
};
use enishi_protocol::{CommunityId, Era, ErrorCode, MemberId, MutationId, Operation, Version};
use rusqlite::{Connection, Row, named_params, params};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What a member wishes, checked and ready for the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What to do.
    pub operation: Operation,
    /// The mutation of this outbox without which it cannot be applied.
    pub parent: Option<MutationId>,
}

impl Wish {
    /// A wish that hangs on nothing else in the outbox.
    pub(crate) fn free(operation: Operation) -> Self {
        Self { operation, parent: None }
    }
}

/// What a mutation that enters the outbox does.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWrite {
    /// Which mutation.
    pub id: MutationId,
    /// What it does.
    pub operation: Operation,
}

impl NewWrite {
    /// Bytes of the operation on the wire: the `size` of [`crate::sync::replica::Replica::write`].
    pub fn size(&self) -> Result<usize, StoreError> {
        Ok(self.operation.encode()?.get().len())
    }
}

/// What a mutation in the outbox does, as it goes onto the wire.
#[derive(Clone, Debug)]
pub struct StoredWrite {
    /// Which mutation.
    pub id: MutationId,
    /// The operation's name.
    pub kind: String,
    /// The operation's body.
    pub body: Box<RawValue>,
}

impl StoredWrite {
    /// The operation, where this build knows it. A newer build may have written another before it
    /// was replaced by this one.
    pub fn operation(&self) -> Option<Operation> {
        Operation::decode(&self.kind, &self.body).ok()
    }
}

impl Store {
    /// What these mutations do, in the order asked for. One that is not in the outbox is left out.
    pub fn writes(
        &self,
        community: CommunityId,
        member: MemberId,
        ids: &[MutationId],
    ) -> Result<Vec<StoredWrite>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT mutation, kind, body FROM outbox WHERE community = ?1 AND member = ?2 AND mutation = ?3",
            )?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let mut rows =
                    statement.query(params![community.0.as_bytes(), member.0.as_bytes(), id.0.as_bytes()])?;
                if let Some(row) = rows.next()? {
                    found.push(stored_write(row, 0)?);
                }
            }
            Ok(found)
        })
    }
}

/// Reads id, kind and body from `first` column on.
pub(crate) fn stored_write(row: &Row<'_>, first: usize) -> Result<StoredWrite, StoreError> {
    Ok(StoredWrite {
        id: id(row, first)?,
        kind: row.get(first + 1)?,
        body: RawValue::from_string(row.get(first + 2)?)?,
    })
}

/// The columns that [`waiting`] reads.
pub(crate) const WAITING: &str = "mutation, place, parent, held, since, state, era, streams, code, size";

/// Reads the columns of [`WAITING`].
pub(crate) fn waiting(row: &Row<'_>) -> Result<Waiting, StoreError> {
    let state = match row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)? {
        "accepted" => State::Accepted {
            era: Era(id(row, 6)?),
            streams: json(row.get_ref(7)?.as_str_or_null().map_err(rusqlite::Error::from)?)?.unwrap_or_default(),
        },
        "attention" => State::Attention(named(row, 8, |code| Some(ErrorCode::named(code)))?),
        _ => State::Waiting,
    };
    Ok(Waiting {
        id: id(row, 0)?,
        order: row.get(1)?,
        parent: id_or_none(row, 2)?,
        held: row.get(3)?,
        size: usize::try_from(row.get::<_, i64>(9)?).unwrap_or_default(),
        since: row.get::<_, Option<i64>>(4)?.map(Version),
        state,
    })
}

/// Reads the outbox, oldest first.
pub(super) fn load(
    connection: &Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {WAITING} FROM outbox WHERE community = ?1 AND member = ?2 ORDER BY place"))?;
    let mut rows = statement.query(params![community.0.as_bytes(), member.0.as_bytes()])?;
    let mut outbox = Vec::new();
    while let Some(row) = rows.next()? {
        outbox.push(waiting(row)?);
    }
    Ok(outbox)
}

/// Saves the difference between two states of the outbox.
pub(super) fn save(
    connection: &Connection,
    (community, member): (CommunityId, MemberId),
    old: &[Waiting],
    new: &[Waiting],
    written: &[NewWrite],
) -> Result<(), StoreError> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    if same == old.len() && same == new.len() {
        return Ok(());
    }
    let mut gone: BTreeMap<_, _> = old[same..].iter().map(|entry| (entry.id, entry)).collect();
    let mut altered = false;
    for entry in &new[same..] {
        match gone.remove(&entry.id) {
            Some(before) if before == entry => {}
            Some(_) => {
                update(connection, (community, member), entry)?;
                altered = true;
            }
            None => {
                let write = written.iter().find(|write| write.id == entry.id);
                let write = write.ok_or(StoreError::Inconsistent("an outbox entry that does nothing"))?;
                insert(
                    connection,
                    (community, member),
                    entry,
                    write.operation.kind(),
                    write.operation.encode()?.get(),
                )?;
            }
        }
    }
    let mut delete =
        connection.prepare_cached("DELETE FROM outbox WHERE community = ?1 AND member = ?2 AND mutation = ?3")?;
    for id in gone.keys() {
        delete.execute(params![community.0.as_bytes(), member.0.as_bytes(), id.0.as_bytes()])?;
        altered = true;
    }
    overlay::note(connection, altered)
}

fn update(connection: &Connection, of: (CommunityId, MemberId), entry: &Waiting) -> Result<(), StoreError> {
    let state = StateColumns::of(&entry.state)?;
    connection
        .prepare_cached(
            "UPDATE outbox SET place = :place, parent = :parent, held = :held, since = :since,
                    state = :state, era = :era, streams = :streams, code = :code
             WHERE community = :community AND member = :member AND mutation = :mutation",
        )?
        .execute(named_params! {
            ":community": of.0.0.as_bytes(),
            ":member": of.1.0.as_bytes(),
            ":mutation": entry.id.0.as_bytes(),
            ":place": entry.order,
            ":parent": entry.parent.as_ref().map(|parent| parent.0.as_bytes()),
            ":held": entry.held,
            ":since": entry.since.map(|since| since.0),
            ":state": state.name,
            ":era": state.era,
            ":streams": state.streams,
            ":code": state.code,
        })?;
    Ok(())
}

/// Adds an entry with what it does.
pub(super) fn insert(
    connection: &Connection,
    of: (CommunityId, MemberId),
    entry: &Waiting,
    kind: &str,
    body: &str,
) -> Result<(), StoreError> {
    let state = StateColumns::of(&entry.state)?;
    connection
        .prepare_cached(
            "INSERT INTO outbox (community, member, mutation, place, parent, held, since, state, era, streams, code,
                                 size, kind, body)
             VALUES (:community, :member, :mutation, :place, :parent, :held, :since, :state, :era, :streams, :code,
                     :size, :kind, :body)",
        )?
        .execute(named_params! {
            ":community": of.0.0.as_bytes(),
            ":member": of.1.0.as_bytes(),
            ":mutation": entry.id.0.as_bytes(),
            ":place": entry.order,
            ":parent": entry.parent.as_ref().map(|parent| parent.0.as_bytes()),
            ":held": entry.held,
            ":since": entry.since.map(|since| since.0),
            ":state": state.name,
            ":era": state.era,
            ":streams": state.streams,
            ":code": state.code,
            ":size": i64::try_from(entry.size).unwrap_or(i64::MAX),
            ":kind": kind,
            ":body": body,
        })?;
    Ok(())
}

/// How a [`State`] is spread over columns.
struct StateColumns {
    name: &'static str,
    era: Option<[u8; 16]>,
    streams: Option<String>,
    code: Option<&'static str>,
}

impl StateColumns {
    fn of(state: &State) -> Result<Self, StoreError> {
        let mut columns = Self { name: "waiting", era: None, streams: None, code: None };
        match state {
            State::Waiting => {}
            State::Accepted { era, streams } => {
                columns.name = "accepted";
                columns.era = Some(era.0.into_bytes());
                columns.streams = Some(serde_json::to_string(streams)?);
            }
            State::Attention(code) => {
                columns.name = "attention";
                columns.code = Some(code.as_str());
            }
        }
        Ok(columns)
    }
}
