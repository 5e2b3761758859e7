//! Profiles in parts, one per stream: what everyone may see in the community's, what "my groups"
//! may see in each group's, all of it in the member's own inbox; what only HR may see in none.

use crate::{
    db::{Connection, DbError},
    directory::{groups_of, word},
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, EntityKind, ErrorCode, GroupId, MemberId, Stream,
    limits::PROFILE_FIELD_CHARS,
    membership::{Audience, OwnField, OwnProfile, Profile, ProfileField, ProfileSetting},
};
use std::collections::BTreeMap;

/// Sets one field, and publishes it to its audience; whoever may no longer see it is told it is gone.
///
/// # Errors
/// [`ErrorCode::TextTooLong`].
pub fn set_profile(writing: &mut Writing<'_>, actor: &Actor, setting: &ProfileSetting) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetProfile, Relation::NONE)?;
    let value = setting.value.as_deref().map(str::trim).filter(|value| !value.is_empty());
    if value.is_some_and(|value| value.chars().count() > PROFILE_FIELD_CHARS) {
        return Err(ErrorCode::TextTooLong.into());
    }
    if value.is_some_and(|value| value.contains('\0')) {
        return Err(ErrorCode::Malformed.into());
    }
    let before = own(writing, actor.id)?;
    match value {
        Some(value) => writing.conn.execute(
            "INSERT INTO profile_field (community, member, field, value, audience) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community, member, field) DO UPDATE SET value = excluded.value, audience = excluded.audience",
            values![writing.community, actor.id, setting.field.as_str(), value, setting.audience.as_str()],
        )?,
        None => writing.conn.execute(
            "DELETE FROM profile_field WHERE community = $1 AND member = $2 AND field = $3",
            values![writing.community, actor.id, setting.field.as_str()],
        )?,
    };
    let after = own(writing, actor.id)?;
    for audience in [Audience::Everyone, Audience::Groups] {
        let part = part(&after, audience);
        if part != self::part(&before, audience) {
            for stream in streams(writing, actor.id, audience)? {
                publish(writing, &permit, stream, actor.id, &part)?;
            }
        }
    }
    if after != before {
        writing.put(&permit, Stream::Member(actor.id), actor.id.0, None, &Entity::OwnProfile(after))?;
    }
    Ok(())
}

/// Checks the fields that somebody begins with.
///
/// # Errors
/// [`ErrorCode::TextTooLong`], [`ErrorCode::Malformed`].
pub fn check(fields: &BTreeMap<ProfileField, String>) -> Result<(), ErrorCode> {
    if fields.values().any(|value| value.chars().count() > PROFILE_FIELD_CHARS) {
        return Err(ErrorCode::TextTooLong);
    }
    if fields.values().any(|value| value.contains('\0')) {
        return Err(ErrorCode::Malformed);
    }
    Ok(())
}

/// Sets the fields that somebody begins with, for everyone here to see once they are in. Nothing is
/// published before that.
///
/// # Errors
/// That the database failed.
pub fn begin(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
    fields: &BTreeMap<ProfileField, String>,
) -> Result<(), DbError> {
    for (field, value) in fields {
        let value = value.trim();
        if !value.is_empty() {
            conn.execute(
                "INSERT INTO profile_field (community, member, field, value, audience) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (community, member, field) DO UPDATE SET value = excluded.value",
                values![community, member, field.as_str(), value, Audience::Everyone.as_str()],
            )?;
        }
    }
    Ok(())
}

/// Begins a profile with what the company's record says, seen by nobody; what the member has said stays.
///
/// # Errors
/// That the database failed.
pub fn begin_from_record(
    writing: &mut Writing<'_>,
    member: MemberId,
    record: &[(ProfileField, String)],
) -> Result<(), Failure> {
    for (field, value) in record.iter().filter(|(_, value)| !value.trim().is_empty()) {
        writing.conn.execute(
            "INSERT INTO profile_field (community, member, field, value, audience) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community, member, field) DO NOTHING",
            values![writing.community, member, field.as_str(), value.trim(), Audience::Nobody.as_str()],
        )?;
    }
    Ok(())
}

/// What a profile shows to those who run the community, in the list that they may export.
///
/// # Errors
/// That the database failed.
pub fn seen_by_hr(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
) -> Result<BTreeMap<ProfileField, String>, DbError> {
    let mut own = of(conn, community, member)?;
    own.fields.retain(|_, field| matches!(field.audience, Audience::Everyone | Audience::Hr));
    Ok(own.fields.into_iter().map(|(name, field)| (name, field.value)).collect())
}

/// What everyone in the community sees of a profile.
pub(crate) fn shown_to_everyone(
    writing: &mut Writing<'_>,
    member: MemberId,
) -> Result<BTreeMap<ProfileField, String>, Failure> {
    Ok(part(&own(writing, member)?, Audience::Everyone))
}

/// Publishes every part, for one who comes in.
pub(crate) fn publish_all(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    let own = own(writing, member)?;
    publish(writing, permit, Stream::Community, member, &part(&own, Audience::Everyone))?;
    writing.put(permit, Stream::Member(member), member.0, None, &Entity::OwnProfile(own))?;
    Ok(())
}

/// Shows a group the part for "my groups".
///
/// # Errors
/// That the database failed.
pub fn publish_to_group(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    group: GroupId,
) -> Result<(), Failure> {
    let part = part(&own(writing, member)?, Audience::Groups);
    publish(writing, permit, Stream::Group(group), member, &part)
}

/// Takes the part for "my groups" back from a group.
///
/// # Errors
/// That the database failed.
pub fn withdraw_from_group(
    writing: &mut Writing<'_>,
    permit: &Permit,
    member: MemberId,
    group: GroupId,
) -> Result<(), Failure> {
    withdraw(writing, permit, Stream::Group(group), member)
}

pub(crate) fn withdraw(
    writing: &mut Writing<'_>,
    permit: &Permit,
    stream: Stream,
    member: MemberId,
) -> Result<(), Failure> {
    writing.gone(permit, stream, &EntityKind::Profile, member.0).map(drop)
}

/// Forgets every field, for one who is erased. The community is told; each group is told when it is gone through.
pub(crate) fn erase(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<(), Failure> {
    writing.conn.execute(
        "DELETE FROM profile_field WHERE community = $1 AND member = $2",
        values![writing.community, member],
    )?;
    withdraw(writing, permit, Stream::Community, member)
}

fn publish(
    writing: &mut Writing<'_>,
    permit: &Permit,
    stream: Stream,
    member: MemberId,
    part: &BTreeMap<ProfileField, String>,
) -> Result<(), Failure> {
    if part.is_empty() {
        return withdraw(writing, permit, stream, member);
    }
    let entity = Entity::Profile(Profile { fields: part.clone() });
    writing.put(permit, stream, member.0, None, &entity).map(drop)
}

fn streams(writing: &mut Writing<'_>, member: MemberId, audience: Audience) -> Result<Vec<Stream>, Failure> {
    Ok(match audience {
        Audience::Everyone => vec![Stream::Community],
        Audience::Groups => {
            groups_of(writing.conn, writing.community, member)?.into_iter().map(Stream::Group).collect()
        }
        Audience::Hr | Audience::Nobody => vec![],
    })
}

fn part(own: &OwnProfile, audience: Audience) -> BTreeMap<ProfileField, String> {
    let shown = own.fields.iter().filter(|(_, field)| field.audience == audience);
    shown.map(|(field, own)| (*field, own.value.clone())).collect()
}

fn own(writing: &mut Writing<'_>, member: MemberId) -> Result<OwnProfile, Failure> {
    Ok(of(writing.conn, writing.community, member)?)
}

fn of(conn: &mut dyn Connection, community: CommunityId, member: MemberId) -> Result<OwnProfile, DbError> {
    let rows = conn.query(
        "SELECT field, value, audience FROM profile_field WHERE community = $1 AND member = $2",
        values![community, member],
    )?;
    let mut fields = BTreeMap::new();
    for row in &rows {
        let own = OwnField { value: row.get(1)?, audience: word(row, 2, Audience::named)? };
        fields.insert(word(row, 0, ProfileField::named)?, own);
    }
    Ok(OwnProfile { fields })
}
