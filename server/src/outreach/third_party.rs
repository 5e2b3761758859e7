//! Mail to the address of somebody who is no member: an entry's known address.
//!
//! It obeys the list of whom nobody writes to twice, when it is queued and right before it goes out, as days may
//! lie between. And it goes out at most once: it leaves the queue before it is handed over, so that a process
//! that dies at it, or a mail server that does not answer, never makes two of it.

use super::{
    log::{self, Kind, State},
    suppression,
};
use crate::{
    db::Connection,
    error::Result,
    mail::{
        Message,
        queue::{self, OfEntry, Queued},
    },
    surroundings::Surroundings,
    values,
};
use enishi_protocol::Language;

/// How long a mail is worth sending, in microseconds: a week.
const KEPT_US: i64 = 7 * 24 * 3_600_000_000;

/// Queues a mail to an entry's address, unless nobody is to write to them. Whether it did.
///
/// # Errors
/// That the database failed.
pub fn push(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    of: OfEntry,
    (address, language): (&str, Language),
    message: &Message,
) -> Result<bool> {
    if address.is_empty() || suppression::of(conn, of.community, of.entry, address)?.is_some() {
        return Ok(false);
    }
    let (id, now_us) = (surroundings.new_id(), surroundings.now_us());
    queue::push(conn, id, now_us, now_us + KEPT_US, address, language, message)?;
    let sql = "UPDATE mail SET of_community = $2, of_entry = $3 WHERE id = $1";
    conn.execute(sql, values![id, of.community, of.entry])?;
    Ok(true)
}

/// Takes a mail out of the queue for good, right before it is handed over. Whether it is to be: another process
/// may have it, and since it was queued they may have declined. Run in the community's scope.
///
/// # Errors
/// That the database failed: it stays in the queue then.
pub fn release(conn: &mut dyn Connection, now_us: i64, mail: &Queued, of: OfEntry) -> Result<bool> {
    if conn.execute("DELETE FROM mail WHERE id = $1", values![mail.id])? == 0 {
        return Ok(false);
    }
    let suppressed = suppression::of(conn, of.community, of.entry, &mail.recipient)?.is_some();
    let state = if suppressed { State::Withheld } else { State::Sending };
    note(conn, now_us, mail, of, state)?;
    Ok(!suppressed)
}

/// Notes what became of it. Run in the community's scope.
///
/// # Errors
/// That the database failed.
pub fn note(conn: &mut dyn Connection, now_us: i64, mail: &Queued, of: OfEntry, state: State) -> Result<()> {
    let kind = match &mail.message {
        Message::Invitation { reminder: false, .. } => Kind::Invitation,
        Message::Invitation { reminder: true, .. } => Kind::Reminder,
        _ => return Ok(()),
    };
    Ok(log::set(conn, (of.community, of.entry), kind, state, now_us)?)
}

/// Puts a mail back that the mail server has certainly not taken. Run in the community's scope.
///
/// # Errors
/// That the database failed.
pub fn put_back(conn: &mut dyn Connection, now_us: i64, mail: &Queued, of: OfEntry) -> Result<()> {
    queue::push(conn, mail.id, now_us, mail.expires_us, &mail.recipient, mail.language, &mail.message)?;
    let sql = "UPDATE mail SET of_community = $2, of_entry = $3, tries = $4 WHERE id = $1";
    conn.execute(sql, values![mail.id, of.community, of.entry, mail.tries()])?;
    queue::failed(conn, now_us, mail)?;
    note(conn, now_us, mail, of, State::Queued)
}
