//! Members, groups and invitations through the handle.

use super::Community;
use crate::{
    consents::{self, ConsentView},
    error::Error,
    feed::commands::check_length,
    groups::{self, GroupMemberView, GroupView, JoinRequestView},
    invitations::{self, InvitationView, NewInvitation, vouching::VouchingView},
    membership::{self, MemberView, OwnProfileView, RecoveryView, Viewer},
    store::{NewWrite, Wish},
    welcome::{self, WelcomeView},
};
use enishi_protocol::{
    GroupId, InvitationId, Language, MemberId, MutationId, Operation, RecoveryId, RequestId,
    consents::Purpose,
    groups::Joining,
    invitations::{CODE_BITS, OwnReferral},
    limits,
    membership::{Audience, ProfileField},
    welcome::WelcomeSetting,
};
use std::collections::BTreeMap;

/// An invitation that was just made.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MadeInvitation {
    /// Which one.
    pub id: InvitationId,
    /// The code of its link. It works once the invitation has been sent.
    pub code: String,
    /// The link on the community's own server.
    pub link: String,
}

impl std::fmt::Debug for MadeInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeInvitation").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Community {
    /// Active members whose name or visible fields contain every word of `search`; all where it is
    /// empty; at most `limit`.
    pub fn directory(&self, search: &str, limit: usize) -> Result<Vec<MemberView>, Error> {
        Ok(membership::directory(self.store(), self.id(), search, limit)?)
    }

    /// Active members who joined since a time, in microseconds since 1970 UTC, the newest first; at most `limit`.
    pub fn newcomers(&self, since_us: i64, limit: usize) -> Result<Vec<MemberView>, Error> {
        Ok(membership::newcomers(self.store(), self.id(), since_us, limit)?)
    }

    /// One member, whatever their standing.
    pub fn find_member(&self, id: MemberId) -> Result<Option<MemberView>, Error> {
        Ok(membership::member(self.store(), self.id(), id)?)
    }

    /// One's own profile with its audiences.
    pub fn own_profile(&self) -> Result<OwnProfileView, Error> {
        Ok(membership::own_profile(self.store(), self.id())?)
    }

    /// Sets one profile field and who may see it. No value empties the field.
    pub fn set_profile(
        &self,
        field: ProfileField,
        value: Option<&str>,
        audience: Audience,
    ) -> Result<MutationId, Error> {
        self.wish(membership::commands::set_profile(field, value, audience)?)
    }

    /// One's own profile as others see it once everything has arrived.
    pub fn profile_as(&self, viewer: Viewer) -> Result<BTreeMap<ProfileField, String>, Error> {
        Ok(membership::profile_as(self.store(), self.id(), viewer)?)
    }

    /// The first screen after joining, from what is here: people whom one may know, who runs this and
    /// why, and one thing to do. Waits for nothing.
    pub fn welcome(&self) -> Result<WelcomeView, Error> {
        Ok(welcome::welcome(self.store(), self.id())?)
    }

    /// Sets the words that welcome whoever joins; none takes them away. For those who run the community.
    pub fn set_welcome(&self, text: Option<&str>) -> Result<MutationId, Error> {
        check_length(text.unwrap_or_default(), limits::WELCOME_CHARS)?;
        let setting = WelcomeSetting { text: text.map(str::to_owned) };
        self.wish(Wish::free(Operation::SetWelcome(setting)))
    }

    /// Every purpose that one can consent to, with its words and what was agreed to when.
    pub fn consents(&self, language: Language) -> Result<Vec<ConsentView>, Error> {
        Ok(consents::consents(self.store(), self.id(), language)?)
    }

    /// Consents to the present words of a purpose, which the member has read in that language.
    pub fn give_consent(&self, purpose: Purpose, language: Language) -> Result<MutationId, Error> {
        self.wish(consents::give(purpose, language))
    }

    /// Takes a consent back.
    pub fn withdraw_consent(&self, purpose: Purpose) -> Result<MutationId, Error> {
        self.wish(consents::withdraw(purpose))
    }

    /// The groups that this member may know of: own ones first, then by name.
    pub fn groups(&self) -> Result<Vec<GroupView>, Error> {
        Ok(groups::groups(self.store(), self.id())?)
    }

    /// The members of a group that this member is in.
    pub fn group_members(&self, group: GroupId) -> Result<Vec<GroupMemberView>, Error> {
        Ok(groups::group_members(self.store(), self.id(), group)?)
    }

    /// Creates a group. Only one by invitation can be secret.
    pub fn create_group(
        &self,
        name: &str,
        description: &str,
        joining: Joining,
        secret: bool,
    ) -> Result<GroupId, Error> {
        self.wish(groups::commands::create(name, description, joining, secret)?).map(GroupId::from)
    }

    /// Creates a group that nobody who runs the community can ever be in.
    pub fn create_group_closed_to_staff(
        &self,
        name: &str,
        description: &str,
        joining: Joining,
        secret: bool,
    ) -> Result<GroupId, Error> {
        self.wish(groups::commands::create_closed_to_staff(name, description, joining, secret)?).map(GroupId::from)
    }

    /// Joins a group, or asks to.
    pub fn join_group(&self, group: GroupId, note: &str) -> Result<MutationId, Error> {
        self.wish(groups::commands::join(self.store(), self.id(), group, note)?)
    }

    /// Leaves a group.
    pub fn leave_group(&self, group: GroupId) -> Result<MutationId, Error> {
        self.wish(groups::commands::leave(self.store(), self.id(), group)?)
    }

    /// Invites a member to a group that this member is in.
    pub fn invite_to_group(&self, group: GroupId, member: MemberId) -> Result<MutationId, Error> {
        self.wish(groups::commands::invite(self.store(), self.id(), group, member)?)
    }

    /// Requests to join at the desks that this member sees, oldest first.
    pub fn join_requests(&self) -> Result<Vec<JoinRequestView>, Error> {
        Ok(groups::join_requests(self.store(), self.id())?)
    }

    /// Decides a request to join the community, or a group where the request is about one.
    pub fn decide(&self, request: RequestId, group: Option<GroupId>, accept: bool) -> Result<MutationId, Error> {
        self.wish(match group {
            Some(group) => groups::commands::decide(group, request, accept),
            None => membership::commands::decide_join(request, accept),
        })
    }

    /// Wishes to have a membership back, on the community's desk, oldest first; those that are over too.
    pub fn recoveries(&self) -> Result<Vec<RecoveryView>, Error> {
        Ok(membership::recoveries(self.store(), self.id())?)
    }

    /// Says that somebody who asks for a membership is this member: on duty that is enough, else several
    /// members vouch. From then on it waits for an objection.
    pub fn support_recovery(&self, recovery: RecoveryId, member: MemberId) -> Result<MutationId, Error> {
        self.wish(membership::commands::support_recovery(recovery, member))
    }

    /// Turns somebody down who asks for a membership.
    pub fn decline_recovery(&self, recovery: RecoveryId) -> Result<MutationId, Error> {
        self.wish(membership::commands::decline_recovery(recovery))
    }

    /// Makes an invitation. Its code is made here; the server learns only its hash.
    pub fn invite(&self, new: &NewInvitation) -> Result<MadeInvitation, Error> {
        let id = MutationId(self.0.surroundings.new_id());
        let mut random = [0; CODE_BITS / 8];
        self.0.surroundings.random(&mut random);
        let (wish, code) = invitations::create(self.store(), self.id(), id.into(), random, new)?;
        self.write_one(NewWrite { id, operation: wish.operation }, wish.parent)?;
        Ok(MadeInvitation { id: id.into(), link: self.link_to(&code), code })
    }

    /// The link to an invitation on the community's own server.
    pub fn link_to(&self, code: &str) -> String {
        self.0.api.server().at(&format!("/i/{code}"))
    }

    /// Takes an invitation back.
    pub fn revoke_invitation(&self, invitation: InvitationId) -> Result<MutationId, Error> {
        self.wish(invitations::revoke(self.store(), self.id(), invitation)?)
    }

    /// The invitations that this member has made, the newest first.
    pub fn own_invitations(&self) -> Result<Vec<InvitationView>, Error> {
        Ok(invitations::own_invitations(self.store(), self.id())?)
    }

    /// Says whether the company may be told whom an invitation of this member brought.
    pub fn tell_invitation(&self, invitation: InvitationId, to_company: bool) -> Result<MutationId, Error> {
        self.wish(invitations::tell(self.store(), self.id(), invitation, to_company)?)
    }

    /// Who invited this member, and who is told; none for one whom nobody invited.
    pub fn referral(&self) -> Result<Option<OwnReferral>, Error> {
        Ok(invitations::referrals::own(self.store(), self.id())?)
    }

    /// Says who may be told who brought this member. What is not named stays.
    pub fn set_referral(&self, to_inviter: Option<bool>, to_company: Option<bool>) -> Result<MutationId, Error> {
        self.wish(invitations::referrals::set(to_inviter, to_company))
    }

    /// On duty: members with who brought them, where both agreed.
    pub fn referrals(&self) -> Result<Vec<(MemberId, MemberId)>, Error> {
        Ok(invitations::referrals::of_all(self.store(), self.id())?)
    }

    /// Those who wish to join and whom members may vouch for, the one who has waited longest first.
    pub fn vouchings(&self) -> Result<Vec<VouchingView>, Error> {
        Ok(invitations::vouching::waiting(self.store(), self.id())?)
    }

    /// Vouches for somebody who wishes to join.
    pub fn vouch(&self, request: RequestId) -> Result<MutationId, Error> {
        self.wish(invitations::vouching::vouch(request))
    }
}
