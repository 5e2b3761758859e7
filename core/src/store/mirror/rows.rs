//! The rows of each kind: typed where reads need it, as it came everywhere else.

use super::{POSITION_BITS, places};
use crate::{
    error::StoreError,
    store::{search, values::first},
};
use enishi_protocol::{
    Change, Entity, EntityKind,
    feed::{Comment, Counts, Post, PostKind},
    membership::Member,
    messages::Message,
};
use rusqlite::{Connection, params};

/// Grows with each field of an entity that has a table of its own: what an earlier build fetched lacks it, as its
/// rows kept only the fields that it knew.
pub(crate) const FIELDS: i64 = 4;

/// Whether entities of this kind have a table of their own.
pub(super) fn is_typed(kind: &EntityKind) -> bool {
    use EntityKind::{Comment, Counts, Member, Message, Post};
    matches!(kind, Post | Comment | Counts | Member | Message)
}

/// The version of the row that a copy holds of what a change is about.
pub(super) fn held(connection: &Connection, copy: i64, change: &Change) -> Result<Option<i64>, StoreError> {
    let id = change.id.as_bytes();
    let sql = match change.kind {
        EntityKind::Post => {
            let (from, to) = places(copy);
            let sql = "SELECT version FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3";
            return first(connection, sql, params![id, from, to]);
        }
        EntityKind::Message => {
            let (from, to) = places(copy);
            let sql = "SELECT version FROM message WHERE id = ?1 AND place BETWEEN ?2 AND ?3";
            return first(connection, sql, params![id, from, to]);
        }
        EntityKind::Comment => "SELECT version FROM comment WHERE copy = ?1 AND id = ?2",
        EntityKind::Counts => "SELECT version FROM counts WHERE copy = ?1 AND id = ?2",
        EntityKind::Member => "SELECT version FROM member WHERE copy = ?1 AND id = ?2",
        _ => {
            let sql = "SELECT version FROM entity WHERE copy = ?1 AND kind = ?2 AND id = ?3";
            return first(connection, sql, params![copy, change.kind.as_str(), id]);
        }
    };
    first(connection, sql, params![copy, id])
}

/// Removes the row of what a change is about, if there is one.
pub(super) fn remove(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    let sql = match change.kind {
        EntityKind::Post => return remove_post(connection, copy, change),
        EntityKind::Message => return remove_message(connection, copy, change),
        EntityKind::Comment => {
            forget_kept_of_comment(connection, copy, change)?;
            "DELETE FROM comment WHERE copy = ?1 AND id = ?2"
        }
        EntityKind::Counts => "DELETE FROM counts WHERE copy = ?1 AND id = ?2",
        EntityKind::Member => "DELETE FROM member WHERE copy = ?1 AND id = ?2",
        _ => return remove_entity(connection, copy, change),
    };
    connection.prepare_cached(sql)?.execute(params![copy, change.id.as_bytes()])?;
    Ok(())
}

/// Removes what is kept as it came.
pub(super) fn remove_entity(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM entity WHERE copy = ?1 AND kind = ?2 AND id = ?3")?.execute(params![
        copy,
        change.kind.as_str(),
        change.id.as_bytes()
    ])?;
    Ok(())
}

/// Keeps an entity as it came, unless it is held at its version or above.
pub(super) fn put_newer(connection: &Connection, copy: i64, change: &Change, body: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO entity (copy, kind, id, version, mutation, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (copy, kind, id) DO UPDATE SET version = excluded.version, mutation = excluded.mutation,
                body = excluded.body WHERE excluded.version > version",
        )?
        .execute(params![
            copy,
            change.kind.as_str(),
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            body
        ])?;
    Ok(())
}

/// Writes a typed entity's row. False where it fits into no row. `held` says whether the copy holds an earlier one.
pub(super) fn put(
    connection: &Connection,
    copy: i64,
    change: &Change,
    entity: &Entity,
    held: bool,
) -> Result<bool, StoreError> {
    match entity {
        Entity::Post(post) => return put_post(connection, copy, change, post, held),
        Entity::Message(message) => return put_message(connection, copy, change, message, held),
        Entity::Comment(comment) => put_comment(connection, copy, change, comment)?,
        Entity::Counts(counts) => put_counts(connection, copy, change, counts)?,
        Entity::Member(member) => put_member(connection, copy, change, member)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Files that were fetched to be seen in a comment go with it.
fn forget_kept_of_comment(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "DELETE FROM media_kept WHERE copy = ?1 AND lower(hex(id)) IN
                (SELECT replace(shown.value ->> '$.id', '-', '') FROM comment, json_each(comment.attachments) AS shown
                 WHERE comment.copy = ?1 AND comment.id = ?2)",
        )?
        .execute(params![copy, change.id.as_bytes()])?;
    Ok(())
}

fn forget_kept_of_post(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM media_kept WHERE copy = ?1 AND post = ?2")?
        .execute(params![copy, change.id.as_bytes()])?;
    Ok(())
}

fn remove_post(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    forget_kept_of_post(connection, copy, change)?;
    let (from, to) = places(copy);
    let place: Option<i64> = first(
        connection,
        "DELETE FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3 RETURNING place",
        params![change.id.as_bytes(), from, to],
    )?;
    if let Some(place) = place {
        search::forget(connection, search::POSTS, place)?;
    }
    Ok(())
}

fn put_post(connection: &Connection, copy: i64, change: &Change, post: &Post, held: bool) -> Result<bool, StoreError> {
    if !(0..1 << POSITION_BITS).contains(&post.position.0) {
        return Ok(false);
    }
    let (from, to) = places(copy);
    let place = from + post.position.0;
    if post.hidden.is_some() {
        forget_kept_of_post(connection, copy, change)?;
    }
    let elsewhere = "SELECT 1 FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3 AND place != ?4";
    if held && first::<i64>(connection, elsewhere, params![change.id.as_bytes(), from, to, place])?.is_some() {
        remove_post(connection, copy, change)?;
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO post (place, id, version, mutation, author, kind, text, text_by, created_us,
                                          edited_us, pinned, mentions, poll, hidden, attachments, own)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                     EXISTS (SELECT 1 FROM community WHERE member = ?5))",
        )?
        .execute(params![
            place,
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            post.author.0.as_bytes(),
            post_kind(post.kind),
            post.text,
            post.text_by.0.as_bytes(),
            post.created_us,
            post.edited_us,
            post.pinned,
            list(&post.mentions)?,
            in_json(post.poll.as_ref())?,
            in_json(post.hidden.as_ref())?,
            list(&post.attachments)?,
        ])?;
    search::queue(connection, search::POSTS, place)?;
    Ok(true)
}

fn remove_message(connection: &Connection, copy: i64, change: &Change) -> Result<(), StoreError> {
    let (from, to) = places(copy);
    let place: Option<i64> = first(
        connection,
        "DELETE FROM message WHERE id = ?1 AND place BETWEEN ?2 AND ?3 RETURNING place",
        params![change.id.as_bytes(), from, to],
    )?;
    if let Some(place) = place {
        search::forget(connection, search::MESSAGES, place)?;
    }
    Ok(())
}

fn put_message(
    connection: &Connection,
    copy: i64,
    change: &Change,
    message: &Message,
    held: bool,
) -> Result<bool, StoreError> {
    if !(0..1 << POSITION_BITS).contains(&message.position.0) {
        return Ok(false);
    }
    // Its place never changes within a history; in another it is first removed from where it was.
    if held {
        remove_message(connection, copy, change)?;
    }
    let place = places(copy).0 + message.position.0;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO message (place, id, version, mutation, conversation, author, text, text_by,
                                             created_us, edited_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            place,
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            message.conversation.0.as_bytes(),
            message.author.0.as_bytes(),
            message.text,
            message.text_by.0.as_bytes(),
            message.created_us,
            message.edited_us,
        ])?;
    search::queue(connection, search::MESSAGES, place)?;
    Ok(true)
}

fn put_comment(connection: &Connection, copy: i64, change: &Change, comment: &Comment) -> Result<(), StoreError> {
    if comment.hidden.is_some() {
        forget_kept_of_comment(connection, copy, change)?;
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO comment (copy, id, version, mutation, post, reply_to, position, author, text,
                                             text_by, created_us, edited_us, mentions, hidden, attachments, own)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                     EXISTS (SELECT 1 FROM community WHERE member = ?8))",
        )?
        .execute(params![
            copy,
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            comment.post.0.as_bytes(),
            comment.reply_to.as_ref().map(|id| id.0.as_bytes()),
            comment.position.0,
            comment.author.0.as_bytes(),
            comment.text,
            comment.text_by.0.as_bytes(),
            comment.created_us,
            comment.edited_us,
            list(&comment.mentions)?,
            in_json(comment.hidden.as_ref())?,
            list(&comment.attachments)?,
        ])?;
    Ok(())
}

fn put_counts(connection: &Connection, copy: i64, change: &Change, counts: &Counts) -> Result<(), StoreError> {
    let reactions = if counts.reactions.is_empty() { None } else { Some(serde_json::to_string(&counts.reactions)?) };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO counts (copy, id, version, mutation, comments, reactions, poll)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            copy,
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            counts.comments,
            reactions,
            in_json(counts.poll.as_ref())?
        ])?;
    Ok(())
}

fn put_member(connection: &Connection, copy: i64, change: &Change, member: &Member) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO member (copy, id, version, mutation, family, given, role, affiliation, standing,
                                            joined_us, supporter)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            copy,
            change.id.as_bytes(),
            change.version.0,
            change.mutation.as_ref().map(|id| id.0.as_bytes()),
            member.name.family,
            member.name.given,
            member.role.as_str(),
            member.affiliation.as_str(),
            member.standing.as_str(),
            member.joined_us,
            member.supporter,
        ])?;
    Ok(())
}

/// A post kind's name, as on the wire.
pub(crate) fn post_kind(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Text => "text",
        PostKind::Announcement => "announcement",
        PostKind::Question => "question",
    }
}

/// The post kind of that name.
pub(crate) fn post_kind_named(name: &str) -> Option<PostKind> {
    [PostKind::Text, PostKind::Announcement, PostKind::Question].into_iter().find(|kind| post_kind(*kind) == name)
}

fn list(items: &[impl serde::Serialize]) -> Result<Option<String>, StoreError> {
    if items.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(items)?)) }
}

fn in_json<T: serde::Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    Ok(value.map(serde_json::to_string).transpose()?)
}
