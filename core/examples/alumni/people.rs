//! Commands about people: directory, profile, groups, invitations, requests.

use crate::{
    App,
    arguments::PeopleCommand,
    posts::{group_named, one},
    show,
    words::Failure,
};
use enishi_core::{Community, invitations::NewInvitation};
use enishi_protocol::{
    ErrorCode, InvitationId, MemberId, RequestId,
    groups::Joining,
    membership::{Audience, ProfileField},
};

/// Members shown at once.
const MEMBERS: usize = 100;

impl App {
    pub(crate) async fn people(&self, command: PeopleCommand) -> Result<(), Failure> {
        let community = self.chosen()?;
        match command {
            PeopleCommand::Directory { words } => {
                for member in community.directory(words.as_deref().unwrap_or_default(), MEMBERS)? {
                    show::member(&member);
                }
            }
            PeopleCommand::Groups => {
                for group in community.groups()? {
                    show::group(self.words, &group);
                }
            }
            PeopleCommand::Invitations => {
                for invitation in community.own_invitations()? {
                    show::invitation(self.words, &community, &invitation);
                }
            }
            PeopleCommand::Requests => {
                for request in community.join_requests()? {
                    let group = request.group.map(|group| format!(" #{}", show::short(group.0))).unwrap_or_default();
                    let (name, note) = (request.request.name.full(), &request.request.note);
                    println!("[{}]{group} {name}  {note}", show::short(request.id.0));
                }
            }
            PeopleCommand::RecoveryRequests => {
                for wish in community.recoveries()? {
                    let member = wish.recovery.member.map(|member| show::short(member.0)).unwrap_or_default();
                    let (name, state) = (wish.recovery.name.full(), wish.recovery.state.as_str());
                    println!("{}  {name}  [{state}] --member {member}  {}", wish.id, wish.recovery.note);
                }
            }
            command => {
                self.change(&community, command)?;
                self.catch_up(&community).await;
            }
        }
        Ok(())
    }

    fn change(&self, community: &Community, command: PeopleCommand) -> Result<(), Failure> {
        match command {
            PeopleCommand::Profile { field, value, audience } => {
                let unknown = || Failure::NotFound(field.clone());
                let field = ProfileField::named(&field).ok_or_else(unknown)?;
                let seen_by = Audience::named(&audience).ok_or_else(|| Failure::NotFound(audience.clone()))?;
                community.set_profile(field, value.as_deref(), seen_by)?;
            }
            PeopleCommand::GroupCreate { name, description, joining, secret } => {
                let joining = Joining::named(&joining).ok_or_else(|| Failure::NotFound(joining.clone()))?;
                let group = community.create_group(&name, &description, joining, secret)?;
                println!("[{}]", show::short(group.0));
            }
            PeopleCommand::GroupJoin { group, note } => {
                community.join_group(group_named(community, &group)?, &note)?;
            }
            PeopleCommand::GroupLeave { group } => {
                community.leave_group(group_named(community, &group)?)?;
            }
            PeopleCommand::GroupInvite { group, member } => {
                let members = community.directory("", usize::MAX)?;
                let member = one(members.iter().map(|member| member.id.0), &member).map(MemberId)?;
                community.invite_to_group(group_named(community, &group)?, member)?;
            }
            PeopleCommand::Invite { note, uses, days } => {
                let invitation = NewInvitation { note, uses, days, entry: None };
                println!("{}", community.invite(&invitation)?.link);
            }
            PeopleCommand::Revoke { invitation } => {
                let own = community.own_invitations()?;
                let invitation = one(own.iter().map(|held| held.id.0), &invitation).map(InvitationId)?;
                community.revoke_invitation(invitation)?;
            }
            PeopleCommand::Support { recovery, decline: true, .. } => drop(community.decline_recovery(recovery)?),
            PeopleCommand::Support { recovery, member, .. } => {
                let members = community.directory("", usize::MAX)?;
                let member = one(members.iter().map(|member| member.id.0), member.as_deref().unwrap_or_default())?;
                community.support_recovery(recovery, MemberId(member))?;
            }
            PeopleCommand::Decide { request, refuse } => self.decide(community, &request, !refuse)?,
            PeopleCommand::Directory { .. }
            | PeopleCommand::Groups
            | PeopleCommand::Invitations
            | PeopleCommand::Requests
            | PeopleCommand::RecoveryRequests => {}
        }
        Ok(())
    }

    fn decide(&self, community: &Community, request: &str, accept: bool) -> Result<(), Failure> {
        let requests = community.join_requests()?;
        let id = one(requests.iter().map(|request| request.id.0), request).map(RequestId)?;
        let found = requests.iter().find(|request| request.id == id);
        let gone = || Failure::NotFound(ErrorCode::NotFound.message(self.words.0).to_owned());
        community.decide(id, found.ok_or_else(gone)?.group, accept)?;
        Ok(())
    }
}
