//! Reading typed rows back as the entities that they were.

use super::{position_of, rows::post_kind_named};
use crate::{
    error::StoreError,
    store::values::{id, id_or_none, json, named},
};
use enishi_protocol::{
    MutationId, Position, Version,
    feed::{Comment, Counts, Post},
    membership::{Affiliation, Member, PersonName, Role, Standing},
    messages::Message,
};
use rusqlite::Row;
use uuid::Uuid;

/// A row of the mirror: an entity with what wrote it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mirrored<T> {
    /// Which entity.
    pub(crate) id: Uuid,
    /// The version that wrote the row.
    pub(crate) version: Version,
    /// The mutation that wrote it, where one did.
    pub(crate) mutation: Option<MutationId>,
    /// The entity.
    pub(crate) entity: T,
}

/// The columns that [`post`] reads.
pub(crate) const POST: &str = "id, version, mutation, place, author, kind, text, text_by, created_us, edited_us, pinned, mentions, poll, \
     hidden, attachments";

/// Reads the columns of [`POST`].
pub(crate) fn post(row: &Row<'_>) -> Result<Mirrored<Post>, StoreError> {
    let entity = Post {
        position: Position(position_of(row.get(3)?)),
        author: id(row, 4)?,
        kind: named(row, 5, post_kind_named)?,
        text: row.get(6)?,
        text_by: id(row, 7)?,
        created_us: row.get(8)?,
        edited_us: row.get(9)?,
        pinned: row.get(10)?,
        mentions: json_column(row, 11)?.unwrap_or_default(),
        poll: json_column(row, 12)?,
        hidden: json_column(row, 13)?,
        attachments: json_column(row, 14)?.unwrap_or_default(),
    };
    mirrored(row, entity)
}

/// The columns that [`message`] reads.
pub(crate) const MESSAGE: &str =
    "id, version, mutation, place, conversation, author, text, text_by, created_us, edited_us";

/// Reads the columns of [`MESSAGE`].
pub(crate) fn message(row: &Row<'_>) -> Result<Mirrored<Message>, StoreError> {
    let entity = Message {
        position: Position(position_of(row.get(3)?)),
        conversation: id(row, 4)?,
        author: id(row, 5)?,
        text: row.get(6)?,
        text_by: id(row, 7)?,
        created_us: row.get(8)?,
        edited_us: row.get(9)?,
    };
    mirrored(row, entity)
}

/// The columns that [`comment`] reads.
pub(crate) const COMMENT: &str = "id, version, mutation, post, reply_to, position, author, text, text_by, created_us, edited_us, mentions, \
     hidden, attachments";

/// Reads the columns of [`COMMENT`].
pub(crate) fn comment(row: &Row<'_>) -> Result<Mirrored<Comment>, StoreError> {
    let entity = Comment {
        post: id(row, 3)?,
        reply_to: id_or_none(row, 4)?,
        position: Position(row.get(5)?),
        author: id(row, 6)?,
        text: row.get(7)?,
        text_by: id(row, 8)?,
        created_us: row.get(9)?,
        edited_us: row.get(10)?,
        mentions: json_column(row, 11)?.unwrap_or_default(),
        hidden: json_column(row, 12)?,
        attachments: json_column(row, 13)?.unwrap_or_default(),
    };
    mirrored(row, entity)
}

/// The columns that [`counts`] reads.
pub(crate) const COUNTS: &str = "id, version, mutation, comments, reactions, poll";

/// Reads the columns of [`COUNTS`].
pub(crate) fn counts(row: &Row<'_>) -> Result<Mirrored<Counts>, StoreError> {
    let reactions = json_column(row, 4)?.unwrap_or_default();
    let entity = Counts { comments: row.get(3)?, reactions, poll: json_column(row, 5)? };
    mirrored(row, entity)
}

/// The columns that [`member`] reads.
pub(crate) const MEMBER: &str =
    "id, version, mutation, family, given, role, affiliation, standing, joined_us, supporter";

/// Reads the columns of [`MEMBER`].
pub(crate) fn member(row: &Row<'_>) -> Result<Mirrored<Member>, StoreError> {
    let entity = Member {
        name: PersonName { family: row.get(3)?, given: row.get(4)? },
        role: named(row, 5, Role::named)?,
        affiliation: named(row, 6, Affiliation::named)?,
        standing: named(row, 7, Standing::named)?,
        joined_us: row.get(8)?,
        supporter: row.get(9)?,
    };
    mirrored(row, entity)
}

fn mirrored<T>(row: &Row<'_>, entity: T) -> Result<Mirrored<T>, StoreError> {
    Ok(Mirrored { id: id(row, 0)?, version: Version(row.get(1)?), mutation: id_or_none(row, 2)?, entity })
}

/// A column of JSON that may be empty.
pub(crate) fn json_column<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> Result<Option<T>, StoreError> {
    json(row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?)
}
