//! The key of each conversation: made with it, wrapped by the message key, destroyed with its last trace.

use crate::{
    db::{Connection, DbError},
    sealing::{ConversationKey, MessageKey},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommunityId, ConversationId};
use std::sync::Arc;

fn message_key(conn: &dyn Connection) -> Result<Arc<MessageKey>, DbError> {
    conn.message_key().ok_or_else(|| DbError::Failed("the database was opened without the message key".into()))
}

fn about(community: &CommunityId, conversation: &ConversationId) -> [Vec<u8>; 3] {
    [b"conversation key".to_vec(), community.0.as_bytes().to_vec(), conversation.0.as_bytes().to_vec()]
}

/// A conversation's key; none once it is destroyed.
///
/// # Errors
/// That the database failed, or was opened without the message key.
pub(crate) fn key_of(
    conn: &mut dyn Connection,
    community: CommunityId,
    conversation: ConversationId,
) -> Result<Option<ConversationKey>, Failure> {
    let message_key = message_key(conn)?;
    let sql = "SELECT wrapped FROM conversation_key WHERE community = $1 AND conversation = $2";
    let Some(row) = conn.first(sql, values![community, conversation])? else { return Ok(None) };
    let about = about(&community, &conversation);
    let wrapped: Vec<u8> = row.get(0)?;
    Ok(Some(message_key.unwrap(&about.each_ref().map(Vec::as_slice), &wrapped)?))
}

/// A conversation's key, made where it has none.
pub(super) fn key_or_new(writing: &mut Writing<'_>, conversation: ConversationId) -> Result<ConversationKey, Failure> {
    if let Some(key) = key_of(writing.conn, writing.community, conversation)? {
        return Ok(key);
    }
    let about = about(&writing.community, &conversation);
    let about = about.each_ref().map(Vec::as_slice);
    let (key, wrapped) = message_key(writing.conn)?.new_key(writing.surroundings, &about)?;
    writing.conn.execute(
        "INSERT INTO conversation_key (community, conversation, wrapped) VALUES ($1, $2, $3)",
        values![writing.community, conversation, wrapped],
    )?;
    Ok(key)
}

/// Destroys a conversation's key. It is written over first, so that the page it lay on does not keep it.
pub(super) fn destroy(writing: &mut Writing<'_>, conversation: ConversationId) -> Result<(), Failure> {
    let of = values![writing.community, conversation];
    let sql = "SELECT wrapped FROM conversation_key WHERE community = $1 AND conversation = $2";
    let Some(row) = writing.conn.first(sql, of)? else { return Ok(()) };
    let nothing = vec![0_u8; row.get::<Vec<u8>>(0)?.len()];
    let sql = "UPDATE conversation_key SET wrapped = $3 WHERE community = $1 AND conversation = $2";
    writing.conn.execute(sql, values![writing.community, conversation, nothing])?;
    writing.conn.execute("DELETE FROM conversation_key WHERE community = $1 AND conversation = $2", of)?;
    Ok(())
}
