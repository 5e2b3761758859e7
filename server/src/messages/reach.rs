//! How one member reaches another with words: the only place that decides it.
//!
//! Asked when a conversation begins, when somebody is added to one, and for each recipient of each
//! message and edit. What is said across a block is taken
//! and reaches nobody; beginning a conversation is written as always, and phones leave it out.

use super::rows::{ParticipantRow, Stands};
use crate::{
    blocks,
    db::{Connection, DbError},
    directory::word,
    values,
};
use enishi_protocol::{CommunityId, MemberId, limits::REQUEST_MESSAGES, membership::Standing, messages::MessagesFrom};

/// How words of one member reach another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// At once.
    Open,
    /// As a request, which they answer or not.
    ByRequest,
    /// Not at all.
    Closed,
}

/// Whom somebody wants to reach.
#[derive(Clone, Copy, Debug)]
pub(super) struct To {
    pub(super) member: MemberId,
    pub(super) standing: Standing,
    /// They are in the same conversation already, and what is asked about is a message there.
    pub(super) met: bool,
}

/// How `from` reaches somebody.
pub(super) fn reach(
    conn: &mut dyn Connection,
    community: CommunityId,
    from: MemberId,
    to: To,
) -> Result<Reach, DbError> {
    if to.standing != Standing::Active {
        return Ok(Reach::Closed);
    }
    if to.met || talk_already(conn, community, from, to.member)? {
        return Ok(Reach::Open);
    }
    let accepts = accepts(conn, community, to.member)?;
    Ok(match accepts {
        MessagesFrom::Nobody => Reach::Closed,
        _ if share_a_group(conn, community, from, to.member)? => Reach::Open,
        MessagesFrom::Everyone => Reach::ByRequest,
        MessagesFrom::Groups => Reach::Closed,
    })
}

/// What becomes of a message at one who is or was in its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It goes into their inbox.
    Delivered,
    /// It is taken as if it did, so that whoever wrote it cannot tell.
    Withheld,
    /// They have not answered, and have as many as may come before that.
    Full,
    /// They cannot receive anything here.
    Away,
}

/// What becomes of a message by `from` at somebody in its conversation.
pub(super) fn arrival(
    conn: &mut dyn Connection,
    community: CommunityId,
    from: MemberId,
    to: &ParticipantRow,
) -> Result<Arrival, DbError> {
    let way = reach(conn, community, from, To { member: to.member, standing: to.standing, met: true })?;
    Ok(match (way, to.stands) {
        (Reach::Closed, _) | (_, Stands::Left) => Arrival::Away,
        (_, Stands::In) => delivered(conn, community, from, to)?,
        _ if to.received >= REQUEST_MESSAGES => Arrival::Full,
        (_, Stands::Asked) => delivered(conn, community, from, to)?,
        (_, Stands::Declined) => Arrival::Withheld,
    })
}

/// Behind a block, on whichever side, nothing arrives, and whoever wrote it cannot tell.
fn delivered(
    conn: &mut dyn Connection,
    community: CommunityId,
    from: MemberId,
    to: &ParticipantRow,
) -> Result<Arrival, DbError> {
    let blocked = blocks::between(conn, community, from, to.member)?;
    Ok(if blocked { Arrival::Withheld } else { Arrival::Delivered })
}

/// Who may begin a conversation with a member; everybody until they say otherwise.
pub(super) fn accepts(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<MessagesFrom, DbError> {
    let sql = "SELECT accepts FROM messaging WHERE community = $1 AND member = $2";
    let row = conn.first(sql, values![community, member])?;
    row.map_or(Ok(MessagesFrom::Everyone), |row| word(&row, 0, MessagesFrom::named))
}

fn talk_already(conn: &mut dyn Connection, community: CommunityId, a: MemberId, b: MemberId) -> Result<bool, DbError> {
    let row = conn.first(
        "SELECT 1 FROM participant x JOIN participant y ON y.community = x.community
            AND y.conversation = x.conversation AND y.member = $3 AND y.standing = 'in'
         WHERE x.community = $1 AND x.member = $2 AND x.standing = 'in' LIMIT 1",
        values![community, a, b],
    )?;
    Ok(row.is_some())
}

fn share_a_group(conn: &mut dyn Connection, community: CommunityId, a: MemberId, b: MemberId) -> Result<bool, DbError> {
    let row = conn.first(
        "SELECT 1 FROM group_member x JOIN group_member y ON y.community = x.community
            AND y.group_id = x.group_id AND y.member = $3
         WHERE x.community = $1 AND x.member = $2 LIMIT 1",
        values![community, a, b],
    )?;
    Ok(row.is_some())
}
