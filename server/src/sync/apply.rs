//! From a mutation to the feature that decides it.

use crate::{
    blocks, consents, feed, groups, invitations, membership, messages, moderation, notifications,
    policy::Actor,
    profiles, recovery, referrals, welcome,
    writing::{Failure, Writing},
};
use enishi_protocol::{MutationId, Operation, RequestId, invitations::JoinDecision};

/// Asks the policy and applies.
pub(super) fn apply(
    writing: &mut Writing<'_>,
    actor: &Actor,
    id: MutationId,
    operation: &Operation,
) -> Result<(), Failure> {
    match operation {
        Operation::WritePost(new) => feed::write_post(writing, actor, id, new),
        Operation::EditPost(edit) => feed::edit_post(writing, actor, id, edit),
        Operation::DeletePost(deletion) => feed::delete_post(writing, actor, deletion),
        Operation::MovePost(moving) => feed::move_post(writing, actor, moving),
        Operation::PinPost(pinning) => feed::pin_post(writing, actor, pinning),
        Operation::WriteComment(new) => feed::write_comment(writing, actor, id, new),
        Operation::EditComment(edit) => feed::edit_comment(writing, actor, id, edit),
        Operation::DeleteComment(deletion) => feed::delete_comment(writing, actor, deletion),
        Operation::React(reacting) => feed::react(writing, actor, reacting),
        Operation::Vote(voting) => feed::vote(writing, actor, voting),
        Operation::Bookmark(bookmarking) => feed::set_bookmark(writing, actor, bookmarking),
        Operation::Read(reading) => feed::mark_read(writing, actor, reading),
        Operation::SetNotifications(setting) => notifications::set(writing, actor, setting),
        Operation::ReadNotifications(reading) => notifications::read(writing, actor, *reading),
        Operation::SetProfile(setting) => profiles::set_profile(writing, actor, setting),
        Operation::GiveConsent(giving) => consents::give(writing, actor, id, giving),
        Operation::WithdrawConsent(withdrawal) => consents::withdraw(writing, actor, withdrawal),
        Operation::SetWelcome(setting) => welcome::set(writing, actor, setting),
        Operation::CreateGroup(creation) => groups::create(writing, actor, id, creation),
        Operation::JoinGroup(joining) => groups::join(writing, actor, id, joining),
        Operation::LeaveGroup(leaving) => groups::leave(writing, actor, leaving),
        Operation::InviteToGroup(inviting) => groups::invite(writing, actor, inviting),
        Operation::DecideGroup(decision) => groups::decide(writing, actor, decision),
        Operation::DecideJoin(decision) => decide_join(writing, actor, decision),
        Operation::CreateInvitation(creation) => invitations::create(writing, actor, creation),
        Operation::RevokeInvitation(revoking) => invitations::revoke(writing, actor, revoking),
        Operation::TellInvitation(telling) => referrals::tell(writing, actor, telling),
        Operation::SetReferral(setting) => referrals::set(writing, actor, setting),
        Operation::VouchJoin(vouch) => vouch_join(writing, actor, vouch.request),
        Operation::SupportRecovery(support) => recovery::support(writing, actor, support),
        Operation::DeclineRecovery(declining) => recovery::decline(writing, actor, declining.recovery),
        Operation::SetRules(setting) => moderation::set_rules(writing, actor, id, setting),
        Operation::Report(reporting) => moderation::report(writing, actor, id, reporting),
        Operation::CloseReport(closing) => moderation::close_report(writing, actor, closing),
        Operation::Hide(hiding) => moderation::hide(writing, actor, hiding),
        Operation::Unhide(unhiding) => moderation::unhide(writing, actor, unhiding),
        Operation::Appeal(appealing) => moderation::appeal(writing, actor, appealing),
        Operation::DecideAppeal(decision) => moderation::decide_appeal(writing, actor, decision),
        Operation::Suspend(suspending) => membership::suspend(writing, actor, suspending),
        Operation::Restore(restoring) => membership::restore(writing, actor, restoring),
        Operation::Remove(removing) => membership::remove(writing, actor, removing),
        Operation::SetRole(setting) => membership::change_role(writing, actor, setting),
        Operation::SetSupporter(setting) => membership::set_supporter(writing, actor, setting),
        Operation::Block(blocking) => blocks::set_block(writing, actor, blocking),
        Operation::Mute(muting) => blocks::set_mute(writing, actor, muting),
        Operation::StartConversation(start) => messages::start(writing, actor, id, start),
        Operation::AddToConversation(adding) => messages::add(writing, actor, adding),
        Operation::LeaveConversation(leaving) => messages::leave(writing, actor, leaving),
        Operation::TitleConversation(titling) => messages::set_title(writing, actor, titling),
        Operation::DecideConversation(decision) => messages::decide(writing, actor, decision),
        Operation::ReadConversation(reading) => messages::read(writing, actor, reading),
        Operation::MuteConversation(muting) => messages::mute(writing, actor, muting),
        Operation::SetMessaging(setting) => messages::set_messaging(writing, actor, setting),
        Operation::WriteMessage(new) => messages::write_message(writing, actor, id, new),
        Operation::EditMessage(edit) => messages::edit_message(writing, actor, id, edit),
        Operation::DeleteMessage(deletion) => messages::delete_message(writing, actor, deletion),
    }
}

/// Whoever is decided about is told by mail, as they have no inbox yet.
fn decide_join(writing: &mut Writing<'_>, actor: &Actor, decision: &JoinDecision) -> Result<(), Failure> {
    let Some(account) = membership::decide_join(writing, actor, decision)? else { return Ok(()) };
    Ok(invitations::decided(writing, account, decision.request, decision.accept)?)
}

/// The same, where enough members vouch.
fn vouch_join(writing: &mut Writing<'_>, actor: &Actor, request: RequestId) -> Result<(), Failure> {
    let Some(account) = membership::vouch(writing, actor, request)? else { return Ok(()) };
    Ok(invitations::decided(writing, account, request, true)?)
}
