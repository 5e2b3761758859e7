//! Saving a [`Replica`]: each step is one transaction that writes the difference to the one before.

use super::{
    Flush, NewWrite, Store,
    mirror::{Mirror, carried::carried, rows::FIELDS},
    outbox, overlay,
    values::{first, id, id_or_none, named},
};
use crate::{
    error::StoreError,
    sync::replica::{Copy, Held, Replica, Step, StreamNumber},
};
use enishi_protocol::{CommunityId, EntityKind, Era, Grant, Stream, Version, change::GrantOf, sync::Place};
use rusqlite::{Connection, OptionalExtension, named_params, params};
use std::collections::BTreeMap;

impl Store {
    /// The communities of which this store holds anything.
    pub fn communities(&self) -> Result<Vec<CommunityId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM community ORDER BY local")?;
            let rows = statement.query_map([], |row| id(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What is known of a community; none where nothing is.
    pub fn load(&self, community: CommunityId) -> Result<Option<Replica>, StoreError> {
        self.read(|connection| load(connection, community))
    }

    /// Performs a step in one transaction: saves its replica and does to the mirror what it says.
    ///
    /// `old` is the replica that the step was made from, none for a community's first. `written`
    /// says what each entry does that is new in the outbox; an entry that left it takes that along.
    ///
    /// # Errors
    /// [`StoreError::Full`] and all others leave everything as it was.
    pub fn commit(
        &self,
        community: CommunityId,
        old: Option<&Replica>,
        step: &Step,
        written: &[NewWrite],
    ) -> Result<(), StoreError> {
        let flush = if step.flush { Flush::Yes } else { Flush::No };
        self.write(flush, |connection| {
            let held = if old.is_none() { load(connection, community)? } else { None };
            let old = old.or(held.as_ref());
            let local = save_community(connection, community, old, &step.replica)?;
            let of_member = old.filter(|old| old.member == step.replica.member);
            if of_member.is_none() {
                // Nothing of a former membership may be read by a later one.
                drop_copies(connection, local)?;
            }
            let copies = save_copies(connection, local, of_member, &step.replica)?;
            let mut mirror = Mirror::new(connection, local, copies.by_number);
            for op in &step.mirror {
                mirror.perform(op)?;
            }
            let dropped = !copies.gone.is_empty();
            for copy in copies.gone {
                mirror.remove_copy(copy)?;
            }
            mirror.finish()?;
            let before = of_member.map_or(&[][..], |old| &old.outbox);
            outbox::save(connection, (community, step.replica.member), before, &step.replica.outbox, written)?;
            Mirror::set_down(connection, local, dropped)
        })
    }

    /// Whether a community was fetched by a build that knew as many fields as this one.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) fn has_all_fields(&self, community: CommunityId) -> Result<bool, StoreError> {
        self.read(|connection| {
            let sql = "SELECT fields FROM community WHERE id = ?1";
            Ok(first::<i64>(connection, sql, [community.0.as_bytes()])?.is_none_or(|fields| fields >= FIELDS))
        })
    }

    /// Notes that a community has, or is being fetched with, all fields that this build knows.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) fn note_fields(&self, community: CommunityId) -> Result<(), StoreError> {
        self.write(Flush::No, |connection| {
            connection
                .prepare_cached("UPDATE community SET fields = ?2 WHERE id = ?1")?
                .execute(params![community.0.as_bytes(), FIELDS])?;
            Ok(())
        })
    }

    /// Removes everything of a community, what was written and not yet sent included.
    pub fn forget(&self, community: CommunityId) -> Result<(), StoreError> {
        self.write(Flush::Yes, |connection| {
            let Some(local) = local_of(connection, community)? else { return Ok(()) };
            drop_copies(connection, local)?;
            connection.execute("DELETE FROM outbox WHERE community = ?1", [community.0.as_bytes()])?;
            overlay::note(connection, true)?;
            connection.execute("DELETE FROM invitation_code WHERE community = ?1", [community.0.as_bytes()])?;
            connection.execute("DELETE FROM draft WHERE community = ?1", [community.0.as_bytes()])?;
            connection.execute("DELETE FROM community WHERE local = ?1", [local])?;
            Ok(())
        })
    }
}

/// The local number of a community.
pub(crate) fn local_of(connection: &Connection, community: CommunityId) -> Result<Option<i64>, StoreError> {
    first(connection, "SELECT local FROM community WHERE id = ?1", [community.0.as_bytes()])
}

/// Removes every copy of a community, with what is in it.
fn drop_copies(connection: &Connection, local: i64) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("SELECT local FROM copy WHERE community = ?1")?;
    let copies: Vec<i64> = statement.query_map([local], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut mirror = Mirror::new(connection, local, BTreeMap::new());
    copies.into_iter().chain([carried(local)]).try_for_each(|copy| mirror.remove_copy(copy))
}

/// Reads a replica whole.
pub(crate) fn load(connection: &Connection, community: CommunityId) -> Result<Option<Replica>, StoreError> {
    let sql = "SELECT local, member, session, era, seen, next_number, next_order FROM community WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([community.0.as_bytes()], |row| {
            let replica = Replica {
                member: id(row, 1)?,
                session: row.get::<_, i64>(2)?.cast_unsigned(),
                era: id_or_none(row, 3)?.map(Era),
                seen: Version(row.get(4)?),
                streams: BTreeMap::new(),
                outbox: Vec::new(),
                next_number: StreamNumber(row.get(5)?),
                next_order: row.get(6)?,
            };
            Ok((row.get::<_, i64>(0)?, replica))
        })
        .optional()?;
    let Some((local, mut replica)) = found else { return Ok(None) };
    replica.streams = load_streams(connection, local)?;
    replica.outbox = outbox::load(connection, community, replica.member)?;
    Ok(Some(replica))
}

fn load_streams(connection: &Connection, local: i64) -> Result<BTreeMap<Stream, Held>, StoreError> {
    let mut grants = load_grants(connection, local)?;
    let mut statement = connection.prepare_cached(
        "SELECT local, stream, number, era, grant_version, cursor, place, now FROM copy
         WHERE community = ?1 ORDER BY shown DESC",
    )?;
    let mut rows = statement.query([local])?;
    let mut streams: BTreeMap<Stream, Held> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let stream = named(row, 1, |stream| stream.parse().ok())?;
        let copy = Copy {
            number: StreamNumber(row.get(2)?),
            era: id_or_none(row, 3)?.map(Era),
            grant: row.get::<_, Option<i64>>(4)?.map(Grant),
            cursor: row.get::<_, Option<i64>>(5)?.map(Version),
            place: row.get::<_, Option<String>>(6)?.map(Place),
            now: Version(row.get(7)?),
            grants: grants.remove(&row.get(0)?).unwrap_or_default(),
        };
        match streams.get_mut(&stream) {
            Some(held) => held.next = Some(copy),
            None => drop(streams.insert(stream, Held { shown: copy, next: None })),
        }
    }
    Ok(streams)
}

type Grants = BTreeMap<(EntityKind, uuid::Uuid), (Version, Option<GrantOf>)>;

fn load_grants(connection: &Connection, local: i64) -> Result<BTreeMap<i64, Grants>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT copy, kind, id, version, stream, grant_version FROM granted
         WHERE copy IN (SELECT local FROM copy WHERE community = ?1)",
    )?;
    let mut rows = statement.query([local])?;
    let mut grants: BTreeMap<i64, Grants> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let key = (named(row, 1, |kind| Some(EntityKind::named(kind)))?, id(row, 2)?);
        let grant = match row.get::<_, Option<i64>>(5)? {
            Some(grant) => Some(GrantOf { stream: named(row, 4, |stream| stream.parse().ok())?, grant: Grant(grant) }),
            None => None,
        };
        grants.entry(row.get(0)?).or_default().insert(key, (Version(row.get(3)?), grant));
    }
    Ok(grants)
}

fn save_community(
    connection: &Connection,
    community: CommunityId,
    old: Option<&Replica>,
    new: &Replica,
) -> Result<i64, StoreError> {
    let small = |replica: &Replica| {
        let Replica { member, session, era, seen, next_number, next_order, .. } = replica;
        (*member, *session, *era, *seen, *next_number, *next_order)
    };
    if old.map(small) != Some(small(new)) {
        connection
            .prepare_cached(
                "INSERT INTO community (id, member, session, era, seen, next_number, next_order)
                 VALUES (:id, :member, :session, :era, :seen, :next_number, :next_order)
                 ON CONFLICT (id) DO UPDATE SET member = excluded.member, session = excluded.session,
                    era = excluded.era, seen = excluded.seen, next_number = excluded.next_number,
                    next_order = excluded.next_order",
            )?
            .execute(named_params! {
                ":id": community.0.as_bytes(),
                ":member": new.member.0.as_bytes(),
                ":session": new.session.cast_signed(),
                ":era": new.era.as_ref().map(|era| era.0.as_bytes()),
                ":seen": new.seen.0,
                ":next_number": new.next_number.0,
                ":next_order": new.next_order,
            })?;
    }
    local_of(connection, community)?.ok_or(StoreError::Inconsistent("a community that was never saved"))
}

/// The copies of a community after a step: those it may write to, and those that it no longer holds.
struct Copies {
    by_number: BTreeMap<StreamNumber, i64>,
    gone: Vec<i64>,
}

type Placed<'r> = BTreeMap<StreamNumber, (Stream, bool, &'r Copy)>;

fn placed(replica: &Replica) -> Placed<'_> {
    let mut copies = BTreeMap::new();
    for (stream, held) in &replica.streams {
        copies.insert(held.shown.number, (*stream, true, &held.shown));
        if let Some(next) = &held.next {
            copies.insert(next.number, (*stream, false, next));
        }
    }
    copies
}

fn save_copies(
    connection: &Connection,
    local: i64,
    old: Option<&Replica>,
    new: &Replica,
) -> Result<Copies, StoreError> {
    let before = old.map(placed).unwrap_or_default();
    let after = placed(new);
    for (number, copy) in &after {
        if before.get(number) != Some(copy) {
            save_copy(connection, local, before.get(number).map(|(_, _, copy)| &copy.grants), *copy)?;
        }
    }
    let mut copies = Copies { by_number: BTreeMap::new(), gone: Vec::new() };
    let mut statement = connection.prepare_cached("SELECT number, local FROM copy WHERE community = ?1")?;
    let mut rows = statement.query([local])?;
    while let Some(row) = rows.next()? {
        let number = StreamNumber(row.get(0)?);
        copies.by_number.insert(number, row.get(1)?);
        if !after.contains_key(&number) {
            copies.gone.push(row.get(1)?);
        }
    }
    Ok(copies)
}

fn save_copy(
    connection: &Connection,
    local: i64,
    before: Option<&Grants>,
    (stream, shown, copy): (Stream, bool, &Copy),
) -> Result<(), StoreError> {
    let saved: i64 = connection
        .prepare_cached(
            "INSERT INTO copy (community, number, stream, shown, era, grant_version, cursor, place, now)
             VALUES (:community, :number, :stream, :shown, :era, :grant, :cursor, :place, :now)
             ON CONFLICT (community, number) DO UPDATE SET stream = excluded.stream, shown = excluded.shown,
                era = excluded.era, grant_version = excluded.grant_version, cursor = excluded.cursor,
                place = excluded.place, now = excluded.now
             RETURNING local",
        )?
        .query_row(
            named_params! {
                ":community": local,
                ":number": copy.number.0,
                ":stream": stream.to_string(),
                ":shown": shown,
                ":era": copy.era.as_ref().map(|era| era.0.as_bytes()),
                ":grant": copy.grant.map(|grant| grant.0),
                ":cursor": copy.cursor.map(|cursor| cursor.0),
                ":place": copy.place.as_ref().map(|place| &place.0),
                ":now": copy.now.0,
            },
            |row| row.get(0),
        )?;
    save_grants(connection, saved, before, &copy.grants)
}

fn save_grants(connection: &Connection, copy: i64, before: Option<&Grants>, after: &Grants) -> Result<(), StoreError> {
    if before.is_none_or(|before| before == after) && after.is_empty() || before == Some(after) {
        return Ok(());
    }
    connection.prepare_cached("DELETE FROM granted WHERE copy = ?1")?.execute([copy])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO granted (copy, kind, id, version, stream, grant_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for ((kind, id), (version, grant)) in after {
        insert.execute(params![
            copy,
            kind.as_str(),
            id.as_bytes(),
            version.0,
            grant.map(|grant| grant.stream.to_string()),
            grant.map(|grant| grant.grant.0)
        ])?;
    }
    Ok(())
}
