//! What was sent to the people of the registry. Of each kind there is one for an entry and one for an address,
//! ever: what is noted here is never sent a second time, whatever becomes of it.

use super::suppression;
use crate::{
    db::{Connection, DbError},
    directory::word,
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{CommunityId, EntryId, InvitationId, Language};

type Result<T> = std::result::Result<T, DbError>;

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An invitation by mail.
    Invitation,
    /// A reminder of it by mail.
    Reminder,
    /// A letter on paper.
    Letter,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
            Self::Letter => "letter",
        }
    }

    fn named(word: &str) -> Option<Self> {
        [Self::Invitation, Self::Reminder, Self::Letter].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits to be handed over.
    Queued,
    /// It is being handed over. Where this lasts, the server died at it: whether the mail arrived nobody knows.
    Sending,
    /// The mail server has it; or the letter was made.
    Sent,
    /// It was not sent: by then nobody was to write to them, or the address is none.
    Withheld,
}

impl State {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Withheld => "withheld",
        }
    }

    fn named(word: &str) -> Option<Self> {
        [Self::Queued, Self::Sending, Self::Sent, Self::Withheld].into_iter().find(|state| state.as_str() == word)
    }
}

/// What was sent to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    /// What.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// The invitation that it tells of.
    pub invitation: InvitationId,
    /// In which language.
    pub language: Language,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// Notes a mail before it is queued. Whether it may be: whether there was none of its kind to this entry, nor to
/// this address.
///
/// # Errors
/// That the database failed.
pub fn begin(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    entry: EntryId,
    address: &str,
    new: &Logged,
) -> Result<bool> {
    let mark = suppression::mark_of(conn, surroundings, community, address)?;
    let noted = conn.execute(
        "INSERT INTO entry_mail (community, entry, kind, mark, invitation, language, state, at_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        values![
            community,
            entry,
            new.kind.as_str(),
            mark.as_slice(),
            new.invitation,
            crate::mail::queue::language_name(new.language),
            new.state.as_str(),
            new.at_us
        ],
    )?;
    Ok(noted == 1)
}

/// Whether there was a mail of a kind to this entry, or to this address.
///
/// # Errors
/// That the database failed.
pub fn had(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    (entry, address): (EntryId, &str),
    kind: Kind,
) -> Result<bool> {
    let mark = suppression::mark_of(conn, surroundings, community, address)?;
    let sql = "SELECT 1 FROM entry_mail WHERE community = $1 AND kind = $2 AND (entry = $3 OR mark = $4)";
    Ok(conn.first(sql, values![community, kind.as_str(), entry, mark.as_slice()])?.is_some())
}

/// Notes that a letter was made; the last one counts.
///
/// # Errors
/// That the database failed.
pub fn letter(conn: &mut dyn Connection, community: CommunityId, entry: EntryId, new: &Logged) -> Result<()> {
    conn.execute(
        "INSERT INTO entry_mail (community, entry, kind, mark, invitation, language, state, at_us) \
         VALUES ($1, $2, $3, NULL, $4, $5, $6, $7) ON CONFLICT (community, entry, kind) \
         DO UPDATE SET invitation = excluded.invitation, language = excluded.language, at_us = excluded.at_us",
        values![
            community,
            entry,
            new.kind.as_str(),
            new.invitation,
            crate::mail::queue::language_name(new.language),
            new.state.as_str(),
            new.at_us
        ],
    )?;
    Ok(())
}

/// Notes how far a mail has come.
///
/// # Errors
/// That the database failed.
pub fn set(
    conn: &mut dyn Connection,
    (community, entry): (CommunityId, EntryId),
    kind: Kind,
    state: State,
    now_us: i64,
) -> Result<()> {
    conn.execute(
        "UPDATE entry_mail SET state = $4, at_us = $5 WHERE community = $1 AND entry = $2 AND kind = $3",
        values![community, entry, kind.as_str(), state.as_str(), now_us],
    )?;
    Ok(())
}

/// What was sent to an entry.
///
/// # Errors
/// That the database failed.
pub fn of(conn: &mut dyn Connection, community: CommunityId, entry: EntryId) -> Result<Vec<Logged>> {
    let sql = "SELECT kind, state, invitation, language, at_us FROM entry_mail WHERE community = $1 AND entry = $2 ORDER BY at_us";
    let rows = conn.query(sql, values![community, entry])?;
    let read = |row: &crate::db::Row| {
        let language: String = row.get(3)?;
        Ok(Logged {
            kind: word(row, 0, Kind::named)?,
            state: word(row, 1, State::named)?,
            invitation: row.get(2)?,
            language: crate::mail::queue::language_named(&language),
            at_us: row.get(4)?,
        })
    };
    rows.iter().map(read).collect()
}
