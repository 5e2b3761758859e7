//! Members, groups, invitations and consents.

use super::Community;
use crate::EnishiError;
use crate::values::Brought;
use crate::work::count;
use enishi_core::Community as Core;
use enishi_core::community::MadeInvitation;
use enishi_core::consents::ConsentView;
use enishi_core::groups::{GroupMemberView, GroupView, JoinRequestView};
use enishi_core::invitations::vouching::VouchingView;
use enishi_core::invitations::{InvitationView, NewInvitation};
use enishi_core::membership::{MemberView, OwnProfileView, RecoveryView, Viewer};
use enishi_core::welcome::WelcomeView;
use enishi_protocol::consents::Purpose;
use enishi_protocol::foreign::ProfileTexts;
use enishi_protocol::groups::Joining;
use enishi_protocol::invitations::OwnReferral;
use enishi_protocol::membership::{Audience, ProfileField};
use enishi_protocol::{GroupId, InvitationId, Language, MemberId, MutationId, RecoveryId, RequestId};

#[uniffi::export]
impl Community {
    /// Active members whose name or visible fields contain every word of `search`; all where it is
    /// empty; at most `limit`.
    pub async fn directory(&self, search: String, limit: u32) -> Result<Vec<MemberView>, EnishiError> {
        self.look(move |community| community.directory(&search, count(limit))).await
    }

    /// Active members who joined since a time, in microseconds since 1970 UTC, the newest first; at most `limit`.
    pub async fn newcomers(&self, since_us: i64, limit: u32) -> Result<Vec<MemberView>, EnishiError> {
        self.look(move |community| community.newcomers(since_us, count(limit))).await
    }

    /// One member, whatever their standing.
    pub async fn find_member(&self, id: MemberId) -> Result<Option<MemberView>, EnishiError> {
        self.look(move |community| community.find_member(id)).await
    }

    /// One's own profile with its audiences.
    pub async fn own_profile(&self) -> Result<OwnProfileView, EnishiError> {
        self.look(Core::own_profile).await
    }

    /// Sets one profile field and who may see it. No value empties the field.
    pub async fn set_profile(
        &self,
        field: ProfileField,
        value: Option<String>,
        audience: Audience,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_profile(field, value.as_deref(), audience)).await
    }

    /// One's own profile as others see it once everything has arrived.
    pub async fn profile_as(&self, viewer: Viewer) -> Result<ProfileTexts, EnishiError> {
        self.look(move |community| community.profile_as(viewer)).await
    }

    /// The first screen after joining, from what is here: people whom one may know, who runs this and
    /// why, and one thing to do. Waits for nothing.
    pub async fn welcome(&self) -> Result<WelcomeView, EnishiError> {
        self.look(Core::welcome).await
    }

    /// Sets the words that welcome whoever joins; none takes them away. For those who run the community.
    pub async fn set_welcome(&self, text: Option<String>) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_welcome(text.as_deref())).await
    }

    /// Every purpose that one can consent to, with its words and what was agreed to when.
    pub async fn consents(&self, language: Language) -> Result<Vec<ConsentView>, EnishiError> {
        self.look(move |community| community.consents(language)).await
    }

    /// Consents to the present words of a purpose, which the member has read in that language.
    pub async fn give_consent(&self, purpose: Purpose, language: Language) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.give_consent(purpose, language)).await
    }

    /// Takes a consent back.
    pub async fn withdraw_consent(&self, purpose: Purpose) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.withdraw_consent(purpose)).await
    }

    /// The groups that this member may know of: own ones first, then by name.
    pub async fn groups(&self) -> Result<Vec<GroupView>, EnishiError> {
        self.look(Core::groups).await
    }

    /// The members of a group that this member is in.
    pub async fn group_members(&self, group: GroupId) -> Result<Vec<GroupMemberView>, EnishiError> {
        self.look(move |community| community.group_members(group)).await
    }

    /// Creates a group. Only one by invitation can be secret.
    pub async fn create_group(
        &self,
        name: String,
        description: String,
        joining: Joining,
        secret: bool,
    ) -> Result<GroupId, EnishiError> {
        self.look(move |community| community.create_group(&name, &description, joining, secret)).await
    }

    /// Creates a group that nobody who runs the community can ever be in.
    pub async fn create_group_closed_to_staff(
        &self,
        name: String,
        description: String,
        joining: Joining,
        secret: bool,
    ) -> Result<GroupId, EnishiError> {
        self.look(move |community| community.create_group_closed_to_staff(&name, &description, joining, secret)).await
    }

    /// Joins a group, or asks to.
    pub async fn join_group(&self, group: GroupId, note: String) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.join_group(group, &note)).await
    }

    /// Leaves a group.
    pub async fn leave_group(&self, group: GroupId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.leave_group(group)).await
    }

    /// Invites a member to a group that this member is in.
    pub async fn invite_to_group(&self, group: GroupId, member: MemberId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.invite_to_group(group, member)).await
    }

    /// Requests to join at the desks that this member sees, oldest first.
    pub async fn join_requests(&self) -> Result<Vec<JoinRequestView>, EnishiError> {
        self.look(Core::join_requests).await
    }

    /// Decides a request to join the community, or a group where the request is about one.
    pub async fn decide(
        &self,
        request: RequestId,
        group: Option<GroupId>,
        accept: bool,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.decide(request, group, accept)).await
    }

    /// Wishes to have a membership back, on the community's desk, oldest first; those that are over too.
    pub async fn recoveries(&self) -> Result<Vec<RecoveryView>, EnishiError> {
        self.look(Core::recoveries).await
    }

    /// Says that somebody who asks for a membership is this member: on duty that is enough, else several
    /// members vouch. From then on it waits for an objection.
    pub async fn support_recovery(&self, recovery: RecoveryId, member: MemberId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.support_recovery(recovery, member)).await
    }

    /// Turns somebody down who asks for a membership.
    pub async fn decline_recovery(&self, recovery: RecoveryId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.decline_recovery(recovery)).await
    }

    /// Makes an invitation. Its code is made here; the server learns only its hash.
    pub async fn invite(&self, new: NewInvitation) -> Result<MadeInvitation, EnishiError> {
        self.look(move |community| community.invite(&new)).await
    }

    /// Takes an invitation back.
    pub async fn revoke_invitation(&self, invitation: InvitationId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.revoke_invitation(invitation)).await
    }

    /// The invitations that this member has made, the newest first.
    pub async fn own_invitations(&self) -> Result<Vec<InvitationView>, EnishiError> {
        self.look(Core::own_invitations).await
    }

    /// Says whether the company may be told whom an invitation of this member brought.
    pub async fn tell_invitation(&self, invitation: InvitationId, to_company: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.tell_invitation(invitation, to_company)).await
    }

    /// Who invited this member, and who is told; none for one whom nobody invited.
    pub async fn referral(&self) -> Result<Option<OwnReferral>, EnishiError> {
        self.look(Core::referral).await
    }

    /// Says who may be told who brought this member. What is not named stays.
    pub async fn set_referral(
        &self,
        to_inviter: Option<bool>,
        to_company: Option<bool>,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_referral(to_inviter, to_company)).await
    }

    /// Those who wish to join and whom members may vouch for, the one who has waited longest first.
    pub async fn vouchings(&self) -> Result<Vec<VouchingView>, EnishiError> {
        self.look(Core::vouchings).await
    }

    /// Vouches for somebody who wishes to join.
    pub async fn vouch(&self, request: RequestId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.vouch(request)).await
    }

    /// On duty: members with who brought them, where both agreed.
    pub async fn referrals(&self) -> Result<Vec<Brought>, EnishiError> {
        let brought = |(member, inviter)| Brought { member, inviter };
        self.look(move |community| Ok(community.referrals()?.into_iter().map(brought).collect())).await
    }
}
