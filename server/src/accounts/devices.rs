//! The devices that an account has signed in on.

use super::{notices, sessions, sessions::SignedInAs};
use crate::{db::Connection, error::Result, mail::Message, surroundings::Surroundings, values};
use enishi_protocol::{AccountId, DeviceId, ErrorCode, account::NoticeEvent, limits, session::Device};

/// A device with the name that its owner gives it.
#[derive(Clone, Debug)]
pub struct Naming {
    /// Which device.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
}

impl Naming {
    /// Checks what came from outside: control characters fall away.
    ///
    /// # Errors
    /// [`ErrorCode::Malformed`] where the name is longer than a device's name may be.
    pub fn read(id: DeviceId, name: &str) -> std::result::Result<Self, ErrorCode> {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
        if name.chars().count() > limits::DEVICE_NAME_CHARS {
            return Err(ErrorCode::Malformed);
        }
        Ok(Self { id, name })
    }
}

/// The hour that a time is in, to which a device's last visit is kept.
pub(super) fn hour(now_us: i64) -> i64 {
    now_us - now_us.rem_euclid(3_600_000_000)
}

/// A device has signed in. The account hears of one that it does not know, unless it is the first.
pub(super) fn signed_in(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    device: &Naming,
) -> Result<()> {
    let now_us = surroundings.now_us();
    let known = conn.query("SELECT id FROM device WHERE account = $1", values![account])?;
    let known = known.iter().map(|row| row.get(0)).collect::<std::result::Result<Vec<DeviceId>, _>>()?;
    if !known.is_empty() && !known.contains(&device.id) {
        let event = NoticeEvent::NewDevice { device: device.name.clone() };
        let message = Message::NewDevice { device: device.name.clone() };
        notices::to_all_sparingly(conn, surroundings, account, (&event, &message), device.id)?;
    }
    conn.execute(
        "INSERT INTO device (account, id, name, since_us, seen_us) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (account, id) DO UPDATE SET name = excluded.name, since_us = excluded.since_us, seen_us = excluded.seen_us",
        values![account, device.id, device.name.as_str(), now_us, hour(now_us)],
    )?;
    Ok(())
}

/// The devices that are signed in, the one that asks first, then the latest.
pub fn list(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs) -> Result<Vec<Device>> {
    let sql = "SELECT device.id, device.name, device.since_us, device.seen_us FROM device WHERE account = $1 \
               AND EXISTS (SELECT session.device FROM session WHERE session.account = device.account \
               AND session.device = device.id AND session.ended_us IS NULL AND session.expires_us > $2) \
               ORDER BY device.since_us DESC";
    let mut devices = Vec::new();
    for row in conn.query(sql, values![asking.account, now_us])? {
        let id = row.get(0)?;
        let this = id == asking.device;
        devices.push(Device { id, name: row.get(1)?, since_us: row.get(2)?, seen_us: row.get(3)?, this });
    }
    devices.sort_by_key(|device| !device.this);
    Ok(devices)
}

/// Revokes a device of the account. Doing it again changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a device that is not the account's.
pub fn revoke(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs, device: DeviceId) -> Result<()> {
    let known = conn.first("SELECT id FROM device WHERE account = $1 AND id = $2", values![asking.account, device])?;
    known.ok_or(ErrorCode::NotFound)?;
    sessions::end_of_device(conn, now_us, asking.account, device)?;
    Ok(())
}

/// Revokes all devices of the account but the one that asks. Doing it again changes nothing.
pub fn revoke_others(conn: &mut dyn Connection, now_us: i64, asking: &SignedInAs) -> Result<()> {
    conn.execute(
        "UPDATE session SET ended_us = $1 WHERE account = $2 AND device <> $3 AND ended_us IS NULL",
        values![now_us, asking.account, asking.device],
    )?;
    Ok(())
}
