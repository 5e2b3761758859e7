//! Opening the one message that whoever has it in their inbox reports: nobody else's wish opens any.

use super::keys;
use crate::{
    db::{Connection, DbError},
    sealing::{Place, SealedBody},
    values,
    writing::Failure,
};
use enishi_protocol::{Change, CommunityId, MemberId, MessageId, Stream, Version, messages::Message};

/// A message as it lies in a member's own inbox; none where it does not, or opens no more.
///
/// # Errors
/// That the database failed, or was opened without the message key.
pub(crate) fn held_by(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
    message: MessageId,
) -> Result<Option<Message>, Failure> {
    const KIND: &str = "message";
    let inbox = Stream::Member(member);
    let row = conn.first(
        "SELECT version, body FROM change WHERE community = $1 AND stream = $2 AND kind = $3 AND id = $4
         AND body IS NOT NULL",
        values![community, inbox, KIND, message],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (version, body): (Version, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let Some(sealed) = SealedBody::read(&body) else {
        return Err(DbError::Failed("a message does not lie sealed".into()).into());
    };
    let Some(key) = keys::key_of(conn, community, sealed.conversation)? else { return Ok(None) };
    let place = Place { community, stream: inbox, kind: KIND, id: message.0, version };
    let Ok(opened) = sealed.open(&key, &place) else { return Ok(None) };
    let change: Change = serde_json::from_slice(&opened)?;
    Ok(change.body.map(|body| serde_json::from_str(body.get())).transpose()?)
}
