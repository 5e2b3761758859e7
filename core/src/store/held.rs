//! What a shown copy holds, as the changes that would make it: for export, and for tests that
//! compare two phones.

use super::{
    Store,
    mirror::{
        places,
        read::{self, Mirrored},
    },
    unseen::FROM_OTHERS,
    values::{id, id_or_none},
};
use crate::error::StoreError;
use enishi_protocol::{Change, CommunityId, Entity, EntityKind, Stream, Version};
use rusqlite::{Connection, Params, Row, params};
use serde_json::value::RawValue;

impl Store {
    /// Everything that the shown copy of a stream holds, sorted by kind and id; empty where the
    /// stream is not held.
    pub fn held(&self, community: CommunityId, stream: Stream) -> Result<Vec<Change>, StoreError> {
        self.read(|connection| {
            let copy: Option<i64> = super::values::first(
                connection,
                "SELECT copy.local FROM copy JOIN community ON community.local = copy.community
                 WHERE community.id = ?1 AND stream = ?2 AND shown",
                params![community.0.as_bytes(), stream.to_string()],
            )?;
            let mut changes = match copy {
                Some(copy) => changes_in(connection, copy)?,
                None => Vec::new(),
            };
            changes.sort_by(|a, b| (&a.kind, a.id).cmp(&(&b.kind, b.id)));
            Ok(changes)
        })
    }
}

fn changes_in(connection: &Connection, copy: i64) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    let posts = format!("SELECT {} FROM post WHERE place BETWEEN ?1 AND ?2", read::POST);
    each(connection, &posts, places(copy), |row| {
        changes.push(change(read::post(row)?, Entity::Post)?);
        Ok(())
    })?;
    let messages = format!("SELECT {} FROM message WHERE place BETWEEN ?1 AND ?2", read::MESSAGE);
    each(connection, &messages, places(copy), |row| {
        changes.push(change(read::message(row)?, Entity::Message)?);
        Ok(())
    })?;
    each(connection, &of("comment", read::COMMENT), [copy], |row| {
        changes.push(change(read::comment(row)?, Entity::Comment)?);
        Ok(())
    })?;
    each(connection, &of("counts", read::COUNTS), [copy], |row| {
        changes.push(change(read::counts(row)?, Entity::Counts)?);
        Ok(())
    })?;
    each(connection, &of("member", read::MEMBER), [copy], |row| {
        changes.push(change(read::member(row)?, Entity::Member)?);
        Ok(())
    })?;
    // Blocks from the other side are given out to nobody.
    let entities =
        format!("SELECT id, version, mutation, kind, body FROM entity WHERE copy = ?1 AND kind != '{FROM_OTHERS}'");
    each(connection, &entities, [copy], |row| {
        changes.push(Change {
            version: Version(row.get(1)?),
            kind: EntityKind::named(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?),
            id: id(row, 0)?,
            mutation: id_or_none(row, 2)?,
            body: Some(RawValue::from_string(row.get(4)?)?),
        });
        Ok(())
    })?;
    Ok(changes)
}

fn of(table: &str, columns: &str) -> String {
    format!("SELECT {columns} FROM {table} WHERE copy = ?1")
}

fn each(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

fn change<T>(row: Mirrored<T>, entity: impl Fn(T) -> Entity) -> Result<Change, StoreError> {
    let entity = entity(row.entity);
    Ok(Change {
        version: row.version,
        kind: entity.kind(),
        id: row.id,
        mutation: row.mutation,
        body: Some(entity.encode()?),
    })
}
