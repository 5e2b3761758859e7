//! What a member wishes to hear of, and how far they have looked. Only their inbox knows.
//!
//! The notifications themselves are made on phones, from what streams bring anyway.

#[cfg(test)]
mod tests;

use crate::{
    grants,
    policy::{self, Action, Actor, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, ErrorCode, Stream, Version,
    notifications::{NotificationMark, NotificationReading, NotificationSetting, NotificationSettings},
};

/// Sets one thing; what is so already changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a group that the member is not in, [`ErrorCode::Malformed`] for hours
/// that no day has.
pub fn set(writing: &mut Writing<'_>, actor: &Actor, setting: &NotificationSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetNotifications, Relation::NONE)?;
    match setting {
        NotificationSetting::Group { group, .. } => {
            let granted = grants::of(writing.conn, writing.community, actor.id, Stream::Group(*group))?;
            granted.ok_or(ErrorCode::NotFound)?;
        }
        NotificationSetting::Quiet { hours: Some(hours) } if !hours.is_sound() => {
            return Err(ErrorCode::Malformed.into());
        }
        _ => {}
    }
    let before = settings(writing, actor)?;
    let mut after = before.clone();
    after.set(setting);
    if after == before {
        return Ok(());
    }
    writing.conn.execute(
        "INSERT INTO notification_setting (community, member, settings) VALUES ($1, $2, $3)
         ON CONFLICT (community, member) DO UPDATE SET settings = excluded.settings",
        values![writing.community, actor.id, serde_json::to_string(&after)?],
    )?;
    writing.put(&permit, Stream::Member(actor.id), actor.id.0, None, &Entity::NotificationSettings(after))?;
    Ok(())
}

fn settings(writing: &mut Writing<'_>, actor: &Actor) -> Result<NotificationSettings, Failure> {
    let row = writing.conn.first(
        "SELECT settings FROM notification_setting WHERE community = $1 AND member = $2",
        values![writing.community, actor.id],
    )?;
    let Some(row) = row else { return Ok(NotificationSettings::default()) };
    Ok(serde_json::from_str(&row.get::<String>(0)?)?)
}

/// Moves the mark forward; one behind the present mark changes nothing.
///
/// # Errors
/// Why not, as the member is told.
pub fn read(writing: &mut Writing<'_>, actor: &Actor, reading: NotificationReading) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::ReadNotifications, Relation::NONE)?;
    // Nobody has looked at what is not written yet; a mark beyond it would hide what comes.
    let up_to = Version(reading.up_to.0.min(writing.next_version().0 - 1));
    let moved = writing.conn.execute(
        "INSERT INTO notification_mark (community, member, up_to) VALUES ($1, $2, $3)
         ON CONFLICT (community, member) DO UPDATE SET up_to = excluded.up_to
         WHERE notification_mark.up_to < excluded.up_to",
        values![writing.community, actor.id, up_to],
    )?;
    if moved > 0 {
        let entity = Entity::NotificationMark(NotificationMark { up_to });
        writing.put(&permit, Stream::Member(actor.id), actor.id.0, None, &entity)?;
    }
    Ok(())
}
