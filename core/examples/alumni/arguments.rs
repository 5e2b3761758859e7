//! What can be said on the command line.

use crate::moderation::ModerationCommand;
use clap::{Args, Parser, Subcommand, ValueEnum};
use enishi_core::{
    account::link::{ApprovalLink, InvitationLink},
    client::Joining,
    transport::Server,
};
use enishi_protocol::{AttemptId, DeviceId, RecoveryId, membership::PersonName};
use std::path::PathBuf;

/// Enishi (縁) from a terminal.
#[derive(Parser)]
#[command(name = "alumni", version)]
pub(crate) struct Arguments {
    /// The folder with everything: accounts, secrets, what was read and written.
    #[arg(long, env = "ALUMNI_DATA", default_value = "alumni-data")]
    pub(crate) data: PathBuf,
    /// The language to speak.
    #[arg(long, env = "ALUMNI_LANG", default_value = "ja")]
    pub(crate) lang: Lang,
    /// Which community, by its id or a part of its name, where there are several.
    #[arg(long, short)]
    pub(crate) community: Option<String>,
    /// A certificate authority to trust besides the bundled ones (PEM file).
    #[arg(long)]
    pub(crate) root: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    Ja,
    En,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sign in: a code comes by mail.
    SignIn {
        /// The server, such as alumni.example.jp or `http://127.0.0.1:8080`.
        server: Server,
        /// Your e-mail address.
        address: String,
        /// The code, where it is known before it is asked for (a repeated attempt).
        #[arg(long)]
        code: Option<String>,
    },
    /// Spend a code that an earlier sign-in asked for.
    Code {
        /// The attempt that sign-in named.
        attempt: AttemptId,
        /// The six digits.
        code: String,
    },
    /// List accounts and communities.
    Accounts,
    #[command(flatten)]
    Account(AccountCommand),
    /// Sign out. What is here stays, unless it is to be removed.
    SignOut {
        /// Remove everything of the account from this folder.
        #[arg(long)]
        remove: bool,
    },
    /// Show what an invitation is, without using it.
    Preview {
        /// The link or the code.
        link: InvitationLink,
    },
    /// Accept an invitation.
    Join(Join),
    /// Send what waits, fetch what is new.
    Sync,
    /// Show the feed whenever it changes.
    Watch,
    /// Show how everything stands.
    Status,
    /// From now on behave as without a network.
    Offline,
    /// From now on use the network.
    Online,
    #[command(flatten)]
    Feed(FeedCommand),
    #[command(flatten)]
    People(PeopleCommand),
    #[command(flatten)]
    Moderation(ModerationCommand),
    #[command(flatten)]
    Messages(MessagesCommand),
}

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// List the devices of the account.
    Devices,
    /// Sign another device of the account out, or all others.
    RevokeDevice {
        /// Its id, as shown; all others without one.
        device: Option<DeviceId>,
    },
    /// List the addresses of the account.
    Addresses,
    /// Add an address: a code comes there by mail.
    AddAddress {
        address: String,
        /// An address that it takes the place of.
        #[arg(long)]
        replaces: Option<String>,
    },
    /// Confirm an address with the code that came there.
    ConfirmAddress {
        /// The attempt that add-address named.
        attempt: AttemptId,
        /// The six digits.
        code: String,
    },
    /// Remove an address; never the last.
    RemoveAddress { address: String },
    /// On a new device: show a link that a device which is signed in approves, and wait for it.
    AskApproval {
        /// The server, such as alumni.example.jp or `http://127.0.0.1:8080`.
        server: Server,
    },
    /// Let the device behind a link into this account. Only one of your own.
    Approve {
        /// The link that the new device shows.
        link: ApprovalLink,
        /// Do it; without, the device is only shown.
        #[arg(long)]
        yes: bool,
    },
    /// Make a recovery code, in the place of an earlier one. Print it; it is shown once.
    RecoveryCode,
    /// Sign in with the recovery code.
    UseRecoveryCode { server: Server, code: String },
    /// Show what the account is told about itself, once.
    Notices,
    /// Say that a membership is yours that you have lost, from a new account.
    Recover(Join),
    /// Show how far your recoveries have come.
    Recoveries,
    /// Stop a recovery of a membership that you have, as a notice names it.
    StopRecovery { recovery: RecoveryId },
    /// Leave the community. What you wrote there stays under your name.
    Leave,
    /// Delete the account on its server, for good.
    DeleteAccount {
        /// Do it; without, nothing happens.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct Join {
    /// The link or the code.
    pub(crate) link: InvitationLink,
    /// Your family name here.
    #[arg(long)]
    family: String,
    /// Your given name here.
    #[arg(long, default_value = "")]
    given: String,
    /// The fact that the preview asks for.
    #[arg(long)]
    fact: Option<String>,
    /// A word to those who decide.
    #[arg(long, default_value = "")]
    note: String,
    /// The one who invited you may be told that you came.
    #[arg(long)]
    to_inviter: bool,
    /// The company may be told who brought you.
    #[arg(long)]
    to_company: bool,
}

impl Join {
    pub(crate) fn into_parts(self) -> (InvitationLink, Joining) {
        let name = PersonName { family: self.family, given: self.given };
        let (to_inviter, to_company) = (self.to_inviter, self.to_company);
        (self.link, Joining { name, fact: self.fact, note: self.note, to_inviter, to_company, ..Joining::default() })
    }
}

#[derive(Subcommand)]
pub(crate) enum FeedCommand {
    /// Read the feed.
    Read {
        /// Only this group, by id or a part of its name.
        #[arg(long)]
        group: Option<String>,
        /// Around this position.
        #[arg(long)]
        at: Option<i64>,
        /// How many posts.
        #[arg(short, default_value_t = 20)]
        n: usize,
    },
    /// Show a post with its comments. POST is the end of its id, as shown.
    Show { post: String },
    /// Write a post.
    Post {
        text: String,
        /// Into this group, by id or a part of its name.
        #[arg(long)]
        group: Option<String>,
        /// It is a question.
        #[arg(long)]
        question: bool,
        /// It is an announcement.
        #[arg(long)]
        announcement: bool,
        /// An image or PDF to show; may be given several times.
        #[arg(long, value_name = "FILE")]
        file: Vec<PathBuf>,
        /// What a file shows, in words; one for each, in their order.
        #[arg(long, value_name = "WORDS")]
        alt: Vec<String>,
    },
    /// Ask a question with answers to choose from.
    Poll {
        question: String,
        /// The answers, two to ten.
        #[arg(required = true)]
        options: Vec<String>,
        /// Into this group, by id or a part of its name.
        #[arg(long)]
        group: Option<String>,
        /// One may choose several.
        #[arg(long)]
        several: bool,
        /// It closes in so many hours.
        #[arg(long)]
        hours: Option<i64>,
    },
    /// Vote by the numbers of the answers, from 1, in place of a former vote; without numbers take it back.
    Vote { post: String, choices: Vec<u8> },
    /// Write a comment on a post.
    Comment {
        post: String,
        text: String,
        /// An image or PDF to show; may be given several times.
        #[arg(long, value_name = "FILE")]
        file: Vec<PathBuf>,
    },
    /// Save a file that a post or a comment on it shows.
    Save {
        post: String,
        /// The end of the file's id, as shown.
        file: String,
        /// Where to.
        to: PathBuf,
        /// Its thumbnail instead.
        #[arg(long)]
        thumb: bool,
    },
    /// Show how far files have come.
    Uploads,
    /// Stop the upload of what a post or comment shows; the text is kept.
    CancelUpload { shown_by: String },
    /// Leave a reaction on a post, or take it back.
    React {
        post: String,
        reaction: String,
        /// Take it back.
        #[arg(long)]
        off: bool,
    },
    /// Bookmark a post, or take the bookmark off.
    Bookmark {
        post: String,
        /// Take it off.
        #[arg(long)]
        off: bool,
    },
    /// Search the posts that are here; every word must be in the post.
    Search { words: Vec<String> },
    /// Change the text of a post.
    Edit { post: String, text: String },
    /// Delete a post.
    Delete { post: String },
    /// Show the earlier texts of a post, the newest first.
    History { post: String },
    /// Change the text of a comment on a post. COMMENT is the end of its id, as shown under the post.
    EditComment { post: String, comment: String, text: String },
    /// Delete a comment with the replies to it.
    DeleteComment { post: String, comment: String },
    /// Move a post into a group, or out of its group to everybody.
    Move {
        post: String,
        /// The group, by id or a part of its name; to everybody without one.
        group: Option<String>,
    },
    /// Pin a post to the top of its feed, or take the pin off.
    Pin {
        post: String,
        /// Take it off.
        #[arg(long)]
        off: bool,
    },
    /// Show how many posts of each feed are unread.
    Unread,
    /// Mark a feed as read up to its newest post.
    MarkRead {
        /// Only this group, by id or a part of its name; what everybody reads without one.
        group: Option<String>,
    },
    /// Show what was refused.
    Attention,
    /// Try again what was refused, with another text where one is given.
    Retry {
        mutation: String,
        text: Option<String>,
        /// Without the files that it showed.
        #[arg(long)]
        without_files: bool,
    },
    /// Give up what was refused.
    Discard { mutation: String },
    /// Show what waits to be sent.
    Outbox,
}

#[derive(Subcommand)]
pub(crate) enum MessagesCommand {
    /// List conversations and requests.
    Conversations,
    /// Read a conversation, by a name in it, its title, or the end of its id.
    Messages {
        conversation: String,
        /// Around this position.
        #[arg(long)]
        at: Option<i64>,
        /// How many messages.
        #[arg(short, default_value_t = 20)]
        n: usize,
    },
    /// Write to one member or several. WITH is the end of an id, as shown in the directory.
    Talk {
        text: String,
        #[arg(required = true)]
        with: Vec<String>,
        /// What the conversation is called, with more than one.
        #[arg(long)]
        title: Option<String>,
    },
    /// Write a message in a conversation. In a request that is a yes.
    Say { conversation: String, text: String },
    /// Change the text of a message of yours.
    EditMessage { message: String, text: String },
    /// Delete a message of yours, for everybody.
    DeleteMessage { message: String },
    /// Say yes to a request.
    Accept { conversation: String },
    /// Say no to a request. Nobody is told.
    Decline { conversation: String },
    /// Add members to a conversation of more than two.
    AddMember {
        conversation: String,
        #[arg(required = true)]
        members: Vec<String>,
    },
    /// Give a conversation of more than two a title; without one take it off.
    Title { conversation: String, title: Option<String> },
    /// Leave a conversation.
    LeaveConversation { conversation: String },
    /// Make a conversation still.
    MuteConversation {
        conversation: String,
        /// Let it call again.
        #[arg(long)]
        off: bool,
    },
    /// Set who may begin a conversation with you: everyone, groups or nobody; without it show it.
    MessagesFrom { from: Option<String> },
    /// Search the messages that are here; every word must be in the message.
    SearchMessages { words: Vec<String> },
}

#[derive(Subcommand)]
pub(crate) enum PeopleCommand {
    /// Find members by name or profile; all without words.
    Directory { words: Option<String> },
    /// List who joined lately, for whoever welcomes them.
    Newcomers {
        /// In the last so many days.
        #[arg(long, default_value_t = 14)]
        days: u16,
    },
    /// Set a field of your profile; without a value empty it.
    Profile {
        /// Such as employer, location, about, `former_name`.
        field: String,
        value: Option<String>,
        /// Who may see it: everyone, groups, hr or nobody.
        #[arg(long, default_value = "everyone")]
        audience: String,
    },
    /// Show who is here, who runs it, and one thing to do.
    Welcome,
    /// Set the words that welcome whoever joins; none takes them away.
    WelcomeText { text: Option<String> },
    /// Show your profile as others see it: everyone, hr, or a group.
    ProfileAs { viewer: String },
    /// List what you can consent to, and what you have.
    Consents,
    /// Consent to a purpose, or take it back.
    Consent {
        purpose: String,
        /// Take it back.
        #[arg(long)]
        withdraw: bool,
    },
    /// List notifications, the newest last.
    Notifications {
        /// Mark them as looked at.
        #[arg(long)]
        read: bool,
    },
    /// Show what you said to hear of, and when it is quiet.
    NotifySettings,
    /// Say how much to hear of a kind of notification, or from a group: alert, list or off.
    Notify { what: String, level: String },
    /// Say when the phone keeps quiet, such as 22:00 07:00; without times, never.
    Quiet {
        #[arg(requires = "to")]
        from: Option<String>,
        to: Option<String>,
    },
    /// List groups.
    Groups,
    /// List the members of a group of yours.
    GroupMembers { group: String },
    /// Create a group.
    GroupCreate {
        name: String,
        #[arg(long, default_value = "")]
        description: String,
        /// How one comes in: open, request or invitation.
        #[arg(long, default_value = "open")]
        joining: String,
        /// Only members and those invited know of it (with --joining invitation).
        #[arg(long)]
        secret: bool,
        /// Nobody who runs the community can ever be in it.
        #[arg(long)]
        closed_to_staff: bool,
    },
    /// Join a group, or ask to.
    GroupJoin {
        group: String,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Leave a group.
    GroupLeave { group: String },
    /// Invite a member to a group. MEMBER is the end of the id, as shown in the directory.
    GroupInvite { group: String, member: String },
    /// Make an invitation and print its link.
    Invite {
        /// For whom, to recognise it by.
        #[arg(long, default_value = "")]
        note: String,
        /// How many it may bring in.
        #[arg(long, default_value_t = 1)]
        uses: i64,
        /// How many days it is good.
        #[arg(long, default_value_t = enishi_protocol::limits::INVITATION_DAYS)]
        days: i64,
        /// The company may be told whom it brings.
        #[arg(long)]
        to_company: bool,
    },
    /// Say whether the company may be told whom an invitation of yours brought.
    Tell {
        invitation: String,
        #[arg(long)]
        no: bool,
    },
    /// Show who invited you and who is told, or say who may be: `yes` or `no`.
    Referral {
        #[arg(long)]
        to_inviter: Option<String>,
        #[arg(long)]
        to_company: Option<String>,
    },
    /// List who brought whom, on duty.
    Referrals,
    /// List who wishes to join and whom you may vouch for.
    Vouchings,
    /// Vouch for somebody who wishes to join.
    Vouch { request: String },
    /// List the invitations that you have made.
    Invitations,
    /// Take an invitation back.
    Revoke { invitation: String },
    /// List requests to join that you may decide.
    Requests,
    /// List wishes to have a membership back that you may support.
    RecoveryRequests,
    /// Say that somebody who wants a membership back is this member, or turn them down.
    Support {
        /// The id, as the request or the person themselves named it.
        recovery: RecoveryId,
        /// The member who they are: the end of the id, as shown in the directory.
        #[arg(long, required_unless_present = "decline")]
        member: Option<String>,
        /// They are not.
        #[arg(long)]
        decline: bool,
    },
    /// Let somebody in, or not.
    Decide {
        request: String,
        /// Do not let them in.
        #[arg(long)]
        refuse: bool,
    },
}
