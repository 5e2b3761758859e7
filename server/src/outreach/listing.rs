//! How far the invitation of each entry has come, as those who run the community see it.

use super::{
    log::{self, Kind, State},
    segment::Found,
    suppression::{self, Reason},
};
use crate::{
    db::{Connection, DbError},
    directory, values,
};
use enishi_protocol::{CommunityId, EntryId};

type Result<T> = std::result::Result<T, DbError>;

/// How far an entry's invitation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// They were not invited.
    Not,
    /// A mail waits to be handed over.
    Queued,
    /// A mail was being handed over when the server died: nobody knows whether it arrived.
    Unclear,
    /// They were invited: by mail, letter or link.
    Invited,
    /// They were reminded.
    Reminded,
    /// Their invitation has ended unused.
    Over,
    /// Somebody waits for a decision by their invitation.
    Asked,
    /// Somebody has joined as them.
    Joined,
    /// Nobody writes to them.
    Suppressed(Reason),
}

impl Progress {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Not => "none",
            Self::Queued => "queued",
            Self::Unclear => "unclear",
            Self::Invited => "invited",
            Self::Reminded => "reminded",
            Self::Over => "over",
            Self::Asked => "asked",
            Self::Joined => "joined",
            Self::Suppressed(reason) => reason.as_str(),
        }
    }
}

/// What is known of an entry's invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How far it has come.
    pub progress: Progress,
    /// When a mail invited them, in microseconds since 1970 UTC.
    pub mailed_us: Option<i64>,
    /// When a mail reminded them.
    pub reminded_us: Option<i64>,
    /// When a letter was made for them.
    pub letter_us: Option<i64>,
    /// How many wait for a decision by their invitation.
    pub asking: i64,
}

/// What is known of an entry's invitation at a time.
///
/// # Errors
/// That the database failed.
pub fn of(conn: &mut dyn Connection, community: CommunityId, now_us: i64, found: &Found) -> Result<Line> {
    let logged = log::of(conn, community, found.id)?;
    let of_kind = |kind| logged.iter().find(|logged| logged.kind == kind);
    let sent = |kind| of_kind(kind).filter(|logged| logged.state == State::Sent).map(|logged| logged.at_us);
    let asking = asking(conn, community, found.id)?;
    let line = Line {
        progress: Progress::Not,
        mailed_us: sent(Kind::Invitation),
        reminded_us: sent(Kind::Reminder),
        letter_us: sent(Kind::Letter),
        asking,
    };
    let suppressed = suppression::of(conn, community, found.id, &found.entry.address)?;
    let mail = |state| logged.iter().any(|logged| logged.kind != Kind::Letter && logged.state == state);
    let progress = if found.member.is_some() {
        Progress::Joined
    } else if let Some(reason) = suppressed {
        Progress::Suppressed(reason)
    } else if asking > 0 {
        Progress::Asked
    } else if mail(State::Queued) {
        Progress::Queued
    } else if mail(State::Sending) {
        Progress::Unclear
    } else {
        match until(conn, community, found.id)? {
            None => Progress::Not,
            Some(until_us) if until_us <= now_us => Progress::Over,
            Some(_) if line.reminded_us.is_some() => Progress::Reminded,
            Some(_) => Progress::Invited,
        }
    };
    Ok(Line { progress, ..line })
}

/// How many wait for a decision by an invitation of an entry.
fn asking(conn: &mut dyn Connection, community: CommunityId, entry: EntryId) -> Result<i64> {
    let sql = "SELECT count(*) FROM invitation \
               JOIN acceptance ON acceptance.community = invitation.community AND acceptance.invitation = invitation.id \
               JOIN join_request ON join_request.community = acceptance.community AND join_request.id = acceptance.id \
               WHERE invitation.community = $1 AND invitation.entry = $2";
    let row = conn.first(sql, values![community, entry])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Until when the last of an entry's invitations is good that was not taken back.
fn until(conn: &mut dyn Connection, community: CommunityId, entry: EntryId) -> Result<Option<i64>> {
    let sql = "SELECT expires_us, inviter FROM invitation WHERE community = $1 AND entry = $2 AND revoked_us IS NULL \
               ORDER BY expires_us DESC LIMIT 1";
    let Some(row) = conn.first(sql, values![community, entry])? else { return Ok(None) };
    let inviter = directory::find(conn, community, row.get(1)?)?;
    let active = inviter.is_some_and(|inviter| inviter.actor.standing == enishi_protocol::membership::Standing::Active);
    Ok(Some(if active { row.get(0)? } else { 0 }))
}
