//! What a member can do with their own profile, for somebody who wants their membership back, and, on
//! duty, with requests to join.

use crate::{
    error::StoreError,
    feed::commands::{check_length, check_text},
    store::Wish,
};
use enishi_protocol::{
    MemberId, Operation, RecoveryId, RequestId,
    account::{RecoveryDeclining, RecoverySupport},
    invitations::JoinDecision,
    limits,
    membership::{Audience, ProfileField, ProfileSetting, Role},
    moderation::{Removing, Restoring, RoleSetting, SupporterSetting, Suspending},
};

/// Sets one profile field and who may see it. No value, or one of spaces only, empties the field.
pub fn set_profile(field: ProfileField, value: Option<&str>, audience: Audience) -> Result<Wish, StoreError> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    check_length(value.unwrap_or_default(), limits::PROFILE_FIELD_CHARS)?;
    let value = value.map(str::to_owned);
    Ok(Wish::free(Operation::SetProfile(ProfileSetting { field, value, audience })))
}

/// Says that somebody who asks for a membership is this member.
pub fn support_recovery(recovery: RecoveryId, member: MemberId) -> Wish {
    Wish::free(Operation::SupportRecovery(RecoverySupport { recovery, member }))
}

/// Turns somebody down who asks for a membership.
pub fn decline_recovery(recovery: RecoveryId) -> Wish {
    Wish::free(Operation::DeclineRecovery(RecoveryDeclining { recovery }))
}

/// Decides a request to join the community.
pub fn decide_join(request: RequestId, accept: bool) -> Wish {
    Wish::free(Operation::DecideJoin(JoinDecision { request, accept }))
}

/// Shuts a member out until a time, in microseconds since 1970 UTC, or until somebody restores them.
pub fn suspend(member: MemberId, until_us: Option<i64>, reason: &str) -> Result<Wish, StoreError> {
    check_text(reason, limits::NOTE_CHARS)?;
    Ok(Wish::free(Operation::Suspend(Suspending { member, until_us, reason: reason.to_owned() })))
}

/// Lets a suspended member take part again.
pub fn restore(member: MemberId) -> Wish {
    Wish::free(Operation::Restore(Restoring { member }))
}

/// Ends a membership. What the member wrote stays under their name.
pub fn remove(member: MemberId, reason: &str) -> Result<Wish, StoreError> {
    check_text(reason, limits::NOTE_CHARS)?;
    Ok(Wish::free(Operation::Remove(Removing { member, reason: reason.to_owned() })))
}

/// Gives a member another role.
pub fn set_role(member: MemberId, role: Role) -> Wish {
    Wish::free(Operation::SetRole(RoleSetting { member, role }))
}

/// Marks a member as a supporter, who welcomes newcomers, or takes the mark off.
pub fn set_supporter(member: MemberId, on: bool) -> Wish {
    Wish::free(Operation::SetSupporter(SupporterSetting { member, on }))
}
