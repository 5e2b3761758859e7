//! The words that welcome whoever joins, set by those who run the community.

#[cfg(test)]
mod tests;

use crate::{
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, Stream,
    limits::WELCOME_CHARS,
    welcome::{Welcome, WelcomeSetting},
};

/// Sets the words, as a member.
///
/// # Errors
/// Why not, as the member is told.
pub fn set(writing: &mut Writing<'_>, actor: &Actor, setting: &WelcomeSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetWelcome, Relation::NONE)?;
    write(writing, &permit, setting)
}

/// Sets the words, from the command line of whoever runs the server.
///
/// # Errors
/// [`ErrorCode::TextTooLong`], [`ErrorCode::Malformed`].
pub fn set_by_server(writing: &mut Writing<'_>, setting: &WelcomeSetting) -> Result<(), Failure> {
    write(writing, &Permit::of_the_server(), setting)
}

fn write(writing: &mut Writing<'_>, permit: &Permit, setting: &WelcomeSetting) -> Result<(), Failure> {
    let text = setting.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.contains('\0')) {
        return Err(ErrorCode::Malformed.into());
    }
    if text.is_some_and(|text| text.chars().count() > WELCOME_CHARS) {
        return Err(ErrorCode::TextTooLong.into());
    }
    let id = writing.community.0;
    let changed = writing.conn.execute(
        "UPDATE community SET welcome = $2 WHERE id = $1 AND coalesce(welcome, '') <> coalesce($2, '')",
        values![writing.community, text.map(str::to_owned)],
    )?;
    if changed == 0 {
        return Ok(());
    }
    match text {
        Some(text) => {
            let entity = Entity::Welcome(Welcome { text: text.to_owned() });
            writing.put(permit, Stream::Community, id, None, &entity)?;
        }
        None => drop(writing.gone(permit, Stream::Community, &EntityKind::Welcome, id)?),
    }
    Ok(())
}
