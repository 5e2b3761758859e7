//! Commands about people: directory, profile, groups, invitations, requests.

use crate::{
    App,
    arguments::PeopleCommand,
    posts::{group_named, one},
    show,
    words::Failure,
};
use enishi_core::{
    Community,
    invitations::NewInvitation,
    membership::Viewer,
    surroundings::{RealSurroundings, Surroundings},
};
use enishi_protocol::{
    ErrorCode, InvitationId, MemberId, RequestId,
    consents::Purpose,
    groups::Joining,
    membership::{Audience, ProfileField},
    notifications::{Level, NotificationKind, QuietHours},
};

/// Notifications shown at once.
const NOTIFICATIONS: usize = 30;
/// Members shown at once.
const MEMBERS: usize = 100;
const DAY_US: i64 = 24 * 3_600 * 1_000_000;

impl App {
    pub(crate) async fn people(&self, command: PeopleCommand) -> Result<(), Failure> {
        let community = self.chosen()?;
        match command {
            PeopleCommand::Directory { words } => {
                for member in community.directory(words.as_deref().unwrap_or_default(), MEMBERS)? {
                    show::member(&member);
                }
            }
            PeopleCommand::Newcomers { days } => {
                let since_us = RealSurroundings.now_us() - i64::from(days) * DAY_US;
                for member in community.newcomers(since_us, MEMBERS)? {
                    show::member(&member);
                }
            }
            PeopleCommand::Welcome => show::welcome(self.words, &community.welcome()?),
            PeopleCommand::ProfileAs { viewer } => {
                let viewer = match viewer.as_str() {
                    "everyone" => Viewer::Everyone,
                    "hr" => Viewer::Hr,
                    group => Viewer::Group(group_named(&community, group)?),
                };
                for (field, value) in community.profile_as(viewer)? {
                    println!("{}: {value}", field.as_str());
                }
            }
            PeopleCommand::Consents => {
                for consent in community.consents(self.words.0)? {
                    show::consent(self.words, &consent);
                }
            }
            PeopleCommand::Notifications { read } => self.notifications(&community, read).await?,
            PeopleCommand::NotifySettings => {
                show::notification_settings(self.words, &community, &community.notification_settings()?)?;
            }
            PeopleCommand::Groups => {
                for group in community.groups()? {
                    show::group(self.words, &group);
                }
            }
            PeopleCommand::GroupMembers { group } => {
                for member in community.group_members(group_named(&community, &group)?)? {
                    let keeper = if member.keeper { self.words.of("（世話役）", " (keeper)") } else { "" };
                    println!("{}{keeper}  [{}]", member.name, show::short(member.id.0));
                }
            }
            PeopleCommand::Invitations => {
                for invitation in community.own_invitations()? {
                    show::invitation(self.words, &community, &invitation);
                }
            }
            PeopleCommand::Referrals => {
                for (member, inviter) in community.referrals()? {
                    println!("{} <- {}", named(&community, member)?, named(&community, inviter)?);
                }
            }
            PeopleCommand::Referral { to_inviter: None, to_company: None } => {
                if let Some(own) = community.referral()? {
                    let (inviter, agreed) = (named(&community, own.inviter)?, (own.to_inviter, own.to_company));
                    println!("{inviter}  to the inviter: {}, to the company: {}", agreed.0, agreed.1);
                }
            }
            PeopleCommand::Vouchings => {
                for wish in community.vouchings()? {
                    let (id, said) = (show::short(wish.id.0), &wish.vouching);
                    println!("[{id}] {} {}/{}  {}", said.name.full(), said.vouches, said.needed, said.note);
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
            PeopleCommand::GroupCreate { name, description, joining, secret, closed_to_staff } => {
                let joining = Joining::named(&joining).ok_or_else(|| Failure::NotFound(joining.clone()))?;
                let group = if closed_to_staff {
                    community.create_group_closed_to_staff(&name, &description, joining, secret)?
                } else {
                    community.create_group(&name, &description, joining, secret)?
                };
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
            PeopleCommand::Invite { note, uses, days, to_company } => {
                let invitation = NewInvitation { note, uses, days, entry: None, to_company };
                println!("{}", community.invite(&invitation)?.link);
            }
            PeopleCommand::Revoke { invitation } => {
                let own = community.own_invitations()?;
                let invitation = one(own.iter().map(|held| held.id.0), &invitation).map(InvitationId)?;
                community.revoke_invitation(invitation)?;
            }
            PeopleCommand::Tell { invitation, no } => {
                let own = community.own_invitations()?;
                let invitation = one(own.iter().map(|held| held.id.0), &invitation).map(InvitationId)?;
                community.tell_invitation(invitation, !no)?;
            }
            PeopleCommand::Referral { to_inviter, to_company } => {
                let yes = |said: Option<String>| said.map(|said| said == "yes");
                community.set_referral(yes(to_inviter), yes(to_company))?;
            }
            PeopleCommand::Vouch { request } => {
                let waiting = community.vouchings()?;
                let request = one(waiting.iter().map(|wish| wish.id.0), &request).map(RequestId)?;
                community.vouch(request)?;
            }
            PeopleCommand::Support { recovery, decline: true, .. } => drop(community.decline_recovery(recovery)?),
            PeopleCommand::Support { recovery, member, .. } => {
                let members = community.directory("", usize::MAX)?;
                let member = one(members.iter().map(|member| member.id.0), member.as_deref().unwrap_or_default())?;
                community.support_recovery(recovery, MemberId(member))?;
            }
            PeopleCommand::Decide { request, refuse } => self.decide(community, &request, !refuse)?,
            PeopleCommand::Notify { what, level } => notify(community, &what, &level)?,
            PeopleCommand::Quiet { from, to } => {
                let hours = from.zip(to).map(|(from, to)| quiet_hours(&from, &to)).transpose()?;
                community.set_quiet_hours(hours)?;
            }
            PeopleCommand::WelcomeText { text } => {
                community.set_welcome(text.as_deref())?;
            }
            PeopleCommand::Consent { purpose, withdraw } => {
                let purpose = Purpose::named(&purpose).ok_or_else(|| Failure::NotFound(purpose.clone()))?;
                if withdraw {
                    community.withdraw_consent(purpose)?;
                } else {
                    community.give_consent(purpose, self.words.0)?;
                }
            }
            PeopleCommand::Directory { .. }
            | PeopleCommand::Newcomers { .. }
            | PeopleCommand::NotifySettings
            | PeopleCommand::Welcome
            | PeopleCommand::ProfileAs { .. }
            | PeopleCommand::Consents
            | PeopleCommand::Notifications { .. }
            | PeopleCommand::Groups
            | PeopleCommand::GroupMembers { .. }
            | PeopleCommand::Invitations
            | PeopleCommand::Referrals
            | PeopleCommand::Vouchings
            | PeopleCommand::Requests
            | PeopleCommand::RecoveryRequests => {}
        }
        Ok(())
    }

    async fn notifications(&self, community: &Community, read: bool) -> Result<(), Failure> {
        self.freshen(community).await;
        let held = community.notifications(NOTIFICATIONS)?;
        for item in held.items.iter().rev() {
            show::notification(self.words, item);
        }
        println!("{} {}", self.words.of("未読", "Unread"), held.unread);
        if let Some(newest) = held.items.first().filter(|_| read) {
            community.read_notifications(newest.place)?;
            self.catch_up(community).await;
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

/// A member's name, as far as it is here.
fn named(community: &Community, member: MemberId) -> Result<String, Failure> {
    Ok(community.find_member(member)?.map_or_else(|| show::short(member.0), |member| member.name))
}

/// `what` is a kind of notification, or a group.
fn notify(community: &Community, what: &str, level: &str) -> Result<(), Failure> {
    let level = Level::named(level).ok_or_else(|| Failure::NotFound(level.to_owned()))?;
    match NotificationKind::named(what) {
        Some(kind) => community.set_notifications(kind, level)?,
        None => community.set_group_notifications(group_named(community, what)?, level)?,
    };
    Ok(())
}

/// Hours by this computer's clock.
fn quiet_hours(from: &str, to: &str) -> Result<QuietHours, Failure> {
    let minute = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let read = |text: &str| minute(text).ok_or_else(|| Failure::NotFound(text.to_owned()));
    let utc_offset = chrono::Local::now().offset().local_minus_utc() / 60;
    Ok(QuietHours { from: read(from)?, to: read(to)?, utc_offset: i16::try_from(utc_offset).unwrap_or_default() })
}
