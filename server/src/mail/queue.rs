//! Mail on its way, kept in the database from the transaction that wrote it until it is handed over.
//!
//! Several processes may take from the queue: a mail is taken by moving its due time on, which
//! succeeds for one of them. Where that one dies, the mail comes due again.

use super::Message;
use crate::{
    db::{Connection, DbError},
    error::{Error, Result},
    values,
};
use enishi_protocol::{CommunityId, EntryId, Language};
use uuid::Uuid;

/// How long whoever took a mail has to hand it over, in microseconds.
const TAKEN_US: i64 = 60_000_000;
/// How long a mail is worth sending where it says nothing else, in microseconds: two days.
pub const KEPT_US: i64 = 2 * 24 * 3_600_000_000;
/// How many are taken at once.
const TAKEN_AT_ONCE: usize = 20;

/// The registry entry whose known address a mail goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfEntry {
    /// Of which community.
    pub community: CommunityId,
    /// Which one.
    pub entry: EntryId,
}

/// A mail that was taken from the queue.
#[derive(Clone, Debug)]
pub struct Queued {
    /// Which one.
    pub id: Uuid,
    /// Whom it goes to.
    pub recipient: String,
    /// In which language.
    pub language: Language,
    /// What it says.
    pub message: Message,
    /// Until when it is worth sending, in microseconds since 1970 UTC.
    pub expires_us: i64,
    /// Whose known address it goes to, where it goes to somebody who is no member.
    pub of: Option<OfEntry>,
    tries: i64,
}

impl Queued {
    /// How often it was taken.
    pub fn tries(&self) -> i64 {
        self.tries
    }
}

/// Queues a mail. It is dropped where it could not be handed over by `expires_us`.
pub fn push(
    conn: &mut dyn Connection,
    id: Uuid,
    now_us: i64,
    expires_us: i64,
    recipient: &str,
    language: Language,
    message: &Message,
) -> Result<()> {
    let text = serde_json::to_string(message).map_err(|error| Error::Internal(error.to_string()))?;
    conn.execute(
        "INSERT INTO mail (id, recipient, language, message, tries, due_us, expires_us) VALUES ($1, $2, $3, $4, 0, $5, $6)",
        values![id, recipient, language_name(language), text, now_us, expires_us],
    )?;
    Ok(())
}

/// Whether anything waits to be taken or dropped.
pub fn is_due(conn: &mut dyn Connection, now_us: i64) -> Result<bool> {
    let sql = "SELECT id FROM mail WHERE due_us <= $1 OR expires_us <= $1 LIMIT 1";
    Ok(conn.first(sql, values![now_us])?.is_some())
}

/// Takes what is due, for [`done`] or [`failed`]. Drops what is too old.
pub fn take(conn: &mut dyn Connection, now_us: i64) -> Result<Vec<Queued>> {
    conn.execute("DELETE FROM mail WHERE expires_us <= $1", values![now_us])?;
    let sql = format!(
        "SELECT id, recipient, language, message, tries, due_us, expires_us, of_community, of_entry FROM mail \
         WHERE due_us <= $1 ORDER BY due_us LIMIT {TAKEN_AT_ONCE}"
    );
    let mut taken = Vec::new();
    for row in conn.query(&sql, values![now_us])? {
        let (id, due_us): (Uuid, i64) = (row.get(0)?, row.get(5)?);
        let moved = conn.execute(
            "UPDATE mail SET due_us = $1, tries = tries + 1 WHERE id = $2 AND due_us = $3",
            values![now_us + TAKEN_US, id, due_us],
        )?;
        if moved == 1 {
            let message: String = row.get(3)?;
            let message = serde_json::from_str(&message).map_err(|error| Error::Internal(error.to_string()))?;
            let (recipient, language): (String, String) = (row.get(1)?, row.get(2)?);
            let of = match (row.get(7)?, row.get(8)?) {
                (Some(community), Some(entry)) => Some(OfEntry { community, entry }),
                _ => None,
            };
            taken.push(Queued {
                id,
                recipient,
                language: language_named(&language),
                message,
                expires_us: row.get(6)?,
                of,
                tries: row.get::<i64>(4)? + 1,
            });
        }
    }
    Ok(taken)
}

/// A mail was handed over.
pub fn done(conn: &mut dyn Connection, id: Uuid) -> std::result::Result<(), DbError> {
    conn.execute("DELETE FROM mail WHERE id = $1", values![id]).map(drop)
}

/// A mail could not be handed over: it comes due again, later each time (2 s, 4 s, … up to 17 minutes).
pub fn failed(conn: &mut dyn Connection, now_us: i64, mail: &Queued) -> std::result::Result<(), DbError> {
    let wait_us = 1_000_000 << mail.tries.clamp(1, 10);
    conn.execute("UPDATE mail SET due_us = $1 WHERE id = $2", values![now_us + wait_us, mail.id]).map(drop)
}

/// A language as the database keeps it.
pub fn language_name(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}

/// The language that the database keeps under this name.
pub fn language_named(name: &str) -> Language {
    Language::preferred(name)
}
