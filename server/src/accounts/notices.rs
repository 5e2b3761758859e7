//! What an account's devices and addresses are told about it, so that nobody takes it over unseen.
//!
//! A device is told in the answer about its session until it says that it has shown the notice. Mail
//! goes to every address; of new devices only so often in an hour, all the rest is rare by itself.

use super::{sessions::SignedInAs, tell, tries};
use crate::{
    db::Connection,
    error::{Error, Result},
    mail::Message,
    surroundings::Surroundings,
    values,
};
use enishi_protocol::{
    AccountId, DeviceId, ErrorCode, NoticeId,
    account::{Notice, NoticeEvent},
    limits,
};

/// Tells all devices but the one that did it.
pub fn to_devices(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    event: &NoticeEvent,
    by: Option<DeviceId>,
) -> Result<()> {
    let text = serde_json::to_string(event).map_err(|error| Error::Internal(error.to_string()))?;
    let (id, now_us) = (surroundings.new_id(), surroundings.now_us());
    conn.execute(
        "INSERT INTO account_notice (account, id, at_us, event, by_device) VALUES ($1, $2, $3, $4, $5)",
        values![account, id, now_us, text, by],
    )?;
    Ok(())
}

/// Tells all other devices and every address.
pub fn to_all(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    (event, message): (&NoticeEvent, &Message),
    by: Option<DeviceId>,
) -> Result<()> {
    to_devices(conn, surroundings, account, event, by)?;
    tell(conn, surroundings, account, message)
}

/// As [`to_all`] for what can happen often: beyond so many mails in an hour only devices are told.
pub(super) fn to_all_sparingly(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    (event, message): (&NoticeEvent, &Message),
    by: DeviceId,
) -> Result<()> {
    to_devices(conn, surroundings, account, event, Some(by))?;
    match tries::count(conn, surroundings.now_us(), tries::Subject::Told(account.0.as_bytes())) {
        Ok(()) => tell(conn, surroundings, account, message),
        Err(Error::Wait { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a device has not yet said that it has shown, oldest first: of what happened since it signed in.
pub fn unseen(conn: &mut dyn Connection, session: &SignedInAs) -> Result<Vec<Notice>> {
    let sql = "SELECT n.id, n.at_us, n.event FROM account_notice n \
               JOIN device d ON d.account = n.account AND d.id = $2 \
               WHERE n.account = $1 AND n.at_us >= d.since_us AND (n.by_device IS NULL OR n.by_device <> $2) \
               AND NOT EXISTS (SELECT s.notice FROM notice_seen s \
               WHERE s.account = $1 AND s.device = $2 AND s.notice = n.id) ORDER BY n.at_us, n.id LIMIT 200";
    let mut notices = Vec::new();
    for row in conn.query(sql, values![session.account, session.device])? {
        let event: String = row.get(2)?;
        let event = serde_json::from_str(&event).map_err(|error| Error::Internal(error.to_string()))?;
        notices.push(Notice { id: row.get(0)?, at_us: row.get(1)?, event });
    }
    Ok(notices)
}

/// A device has shown notices. Those of others change nothing.
///
/// # Errors
/// [`ErrorCode::TooMany`].
pub fn seen(conn: &mut dyn Connection, session: &SignedInAs, notices: &[NoticeId]) -> Result<()> {
    if notices.len() > limits::NOTICES_PER_REQUEST {
        return Err(ErrorCode::TooMany.into());
    }
    for notice in notices {
        conn.execute(
            "INSERT INTO notice_seen (account, device, notice) \
             SELECT account, $2, id FROM account_notice WHERE account = $1 AND id = $3 \
             ON CONFLICT (account, device, notice) DO NOTHING",
            values![session.account, session.device, *notice],
        )?;
    }
    Ok(())
}

/// Forgets notices that are old.
pub fn forget(conn: &mut dyn Connection, now_us: i64) -> Result<()> {
    let before = now_us - limits::NOTICES_KEPT_SECONDS * 1_000_000;
    conn.execute("DELETE FROM account_notice WHERE at_us < $1", values![before])?;
    conn.execute(
        "DELETE FROM notice_seen WHERE NOT EXISTS (SELECT n.id FROM account_notice n \
         WHERE n.account = notice_seen.account AND n.id = notice_seen.notice)",
        values![],
    )?;
    Ok(())
}
