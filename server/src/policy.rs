//! Who may do what: one table.
//!
//! A feature loads the facts, asks, and gets a [`Permit`]; only this module can make one, and no
//! change can be written without one. What a person may *read* is not decided here: that is which
//! streams they are granted.

use enishi_protocol::{
    ErrorCode, MemberId,
    membership::{Affiliation, PersonName, Role, Standing},
};

/// A member who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub id: MemberId,
    /// Their name here.
    pub name: PersonName,
    /// Their role.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// Whether they take part.
    pub standing: Standing,
    /// Whether they are a supporter, who welcomes newcomers.
    pub supporter: bool,
}

/// What a member is to the thing they act on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for in the table")]
pub struct Relation {
    /// They may read the stream that it is in, or that it goes to; they are in the conversation.
    pub reads: bool,
    /// They made it.
    pub author: bool,
    /// They are keeper of the group whose stream it is in.
    pub keeper: bool,
    /// They are part of the case: it is about them, or they decided what is to be looked at again.
    pub party: bool,
    /// The role of the member whom it is about, the higher one where it changes.
    pub about: Option<Role>,
}

impl Relation {
    /// Somebody to whom it is nothing in particular.
    pub const NONE: Self = Self { reads: false, author: false, keeper: false, party: false, about: None };
}

/// Something that a member may wish to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Write a post or question in a feed.
    WritePost,
    /// Write an announcement in a feed.
    Announce,
    /// Edit a post.
    EditPost,
    /// Delete a post.
    DeletePost,
    /// Move a post to another feed.
    MovePost,
    /// Pin a post, or take the pin off.
    PinPost,
    /// Comment on a post.
    WriteComment,
    /// Edit a comment.
    EditComment,
    /// Delete a comment.
    DeleteComment,
    /// React to a post.
    React,
    /// Vote in a post's poll.
    Vote,
    /// Bookmark a post.
    Bookmark,
    /// Move one's own read mark.
    MarkRead,
    /// Say what one wishes to hear of.
    SetNotifications,
    /// Move one's own mark of notifications.
    ReadNotifications,
    /// Upload a file, to show it in something one writes.
    Upload,
    /// Set a field of one's own profile.
    SetProfile,
    /// Consent to something.
    GiveConsent,
    /// Take one's own consent back.
    WithdrawConsent,
    /// Set the words that welcome whoever joins.
    SetWelcome,
    /// Create a group.
    CreateGroup,
    /// Join a group that one knows of, or ask to.
    JoinGroup,
    /// Leave a group.
    LeaveGroup,
    /// Invite a member to a group.
    InviteToGroup,
    /// Decide who comes into a group.
    DecideGroup,
    /// Decide who comes into the community.
    DecideJoin,
    /// Make an invitation for one person.
    Invite,
    /// Make an invitation for several people, or one bound to a registry entry.
    InviteMany,
    /// Take an invitation back.
    RevokeInvitation,
    /// Say whether the company may be told whom an invitation brought.
    TellInvitation,
    /// Say who may be told who brought oneself.
    SetReferral,
    /// Vouch for somebody who wishes to join.
    VouchJoin,
    /// Say that somebody is the member who they say they are.
    SupportRecovery,
    /// Turn somebody down who says that a membership is theirs.
    DeclineRecovery,
    /// Leave the community.
    LeaveCommunity,
    /// Set the rules of the community.
    SetRules,
    /// Report a post, a comment or a member.
    Report,
    /// Close a report.
    CloseReport,
    /// Hide a post or comment, or show it again.
    Hide,
    /// Appeal against a hiding.
    Appeal,
    /// Decide an appeal.
    DecideAppeal,
    /// Pin one's own post in the community's feed, or take the pin off.
    PinOwnPost,
    /// Shut a member out for a time, or let them take part again.
    Suspend,
    /// End a membership against the member's will.
    Remove,
    /// Give a member another role.
    SetRole,
    /// Mark a member as a supporter.
    SetSupporter,
    /// Block or mute a member.
    Block,
    /// Begin a conversation with members whom one may reach.
    StartConversation,
    /// Add members to a conversation.
    AddToConversation,
    /// Give a conversation a title.
    TitleConversation,
    /// Leave a conversation.
    LeaveConversation,
    /// Answer a request to take part in a conversation.
    DecideConversation,
    /// Mark for oneself how far one has read a conversation, or that it is to be still.
    MarkConversation,
    /// Set who may begin a conversation with one.
    SetMessaging,
    /// Write a message.
    WriteMessage,
    /// Edit a message.
    EditMessage,
    /// Delete a message for everybody.
    DeleteMessage,
}

impl Action {
    /// All actions.
    pub const ALL: &[Self] = &[
        Self::WritePost,
        Self::Announce,
        Self::EditPost,
        Self::DeletePost,
        Self::MovePost,
        Self::PinPost,
        Self::WriteComment,
        Self::EditComment,
        Self::DeleteComment,
        Self::React,
        Self::Vote,
        Self::Bookmark,
        Self::MarkRead,
        Self::SetNotifications,
        Self::ReadNotifications,
        Self::Upload,
        Self::SetProfile,
        Self::GiveConsent,
        Self::WithdrawConsent,
        Self::SetWelcome,
        Self::CreateGroup,
        Self::JoinGroup,
        Self::LeaveGroup,
        Self::InviteToGroup,
        Self::DecideGroup,
        Self::DecideJoin,
        Self::Invite,
        Self::InviteMany,
        Self::RevokeInvitation,
        Self::TellInvitation,
        Self::SetReferral,
        Self::VouchJoin,
        Self::SupportRecovery,
        Self::DeclineRecovery,
        Self::LeaveCommunity,
        Self::SetRules,
        Self::Report,
        Self::CloseReport,
        Self::Hide,
        Self::Appeal,
        Self::DecideAppeal,
        Self::PinOwnPost,
        Self::Suspend,
        Self::Remove,
        Self::SetRole,
        Self::SetSupporter,
        Self::Block,
        Self::StartConversation,
        Self::AddToConversation,
        Self::TitleConversation,
        Self::LeaveConversation,
        Self::DecideConversation,
        Self::MarkConversation,
        Self::SetMessaging,
        Self::WriteMessage,
        Self::EditMessage,
        Self::DeleteMessage,
    ];
}

/// Somebody whom a row of the table lets do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Every active member.
    Anyone,
    /// Whoever made it.
    Author,
    /// The keepers of the group it is in.
    Keeper,
    /// Owner, admin and moderator.
    Staff,
    /// Owner and admin.
    Runs,
    /// Whoever is above the member whom it is about.
    Above,
    /// Owner and admin who are above the member whom it is about.
    RunsAbove,
    /// Owner.
    Owner,
    /// A supporter who made it.
    Supporter,
}

/// Whether the stream must be readable, and what one is told who cannot read it.
type Reading = Option<ErrorCode>;

/// What cannot be read is answered like what does not exist.
const UNSEEN: Reading = Some(ErrorCode::NotFound);
/// A place that one names oneself: whether it exists is not told.
const CLOSED: Reading = Some(ErrorCode::NotAllowed);
const ANYWHERE: Reading = None;

/// The table.
const fn row(action: Action) -> (Reading, &'static [Who]) {
    use Who::{Above, Anyone, Author, Keeper, Owner, Runs, RunsAbove, Staff, Supporter};
    match action {
        Action::WritePost | Action::MarkRead => (CLOSED, &[Anyone]),
        Action::Announce => (CLOSED, &[Keeper, Staff]),
        // Nobody's role reaches into a conversation.
        Action::EditPost | Action::EditComment | Action::Appeal | Action::EditMessage | Action::DeleteMessage => {
            (UNSEEN, &[Author])
        }
        Action::DeletePost | Action::DeleteComment => (UNSEEN, &[Author, Keeper, Staff]),
        Action::MovePost => (UNSEEN, &[Author, Staff]),
        Action::PinPost | Action::CloseReport | Action::Hide | Action::DecideAppeal => (UNSEEN, &[Keeper, Staff]),
        Action::WriteComment
        | Action::React
        | Action::Vote
        | Action::Bookmark
        | Action::InviteToGroup
        | Action::LeaveGroup
        | Action::Report
        | Action::AddToConversation
        | Action::TitleConversation
        | Action::LeaveConversation
        | Action::DecideConversation
        | Action::MarkConversation
        | Action::WriteMessage => (UNSEEN, &[Anyone]),
        Action::SetNotifications
        | Action::ReadNotifications
        | Action::SetProfile
        | Action::GiveConsent
        | Action::WithdrawConsent
        | Action::Upload
        | Action::CreateGroup
        | Action::JoinGroup
        | Action::Invite
        | Action::SetReferral
        | Action::VouchJoin
        | Action::SupportRecovery
        | Action::LeaveCommunity
        | Action::Block
        | Action::StartConversation
        | Action::SetMessaging => (ANYWHERE, &[Anyone]),
        Action::DecideGroup => (UNSEEN, &[Keeper]),
        Action::DecideJoin | Action::DeclineRecovery => (ANYWHERE, &[Staff]),
        Action::InviteMany | Action::SetWelcome | Action::SetRules | Action::SetSupporter => (ANYWHERE, &[Runs]),
        Action::RevokeInvitation => (ANYWHERE, &[Author, Runs]),
        Action::TellInvitation => (ANYWHERE, &[Author]),
        Action::PinOwnPost => (UNSEEN, &[Keeper, Staff, Supporter]),
        Action::Suspend => (ANYWHERE, &[Above]),
        Action::Remove => (ANYWHERE, &[RunsAbove]),
        Action::SetRole => (ANYWHERE, &[Owner, RunsAbove]),
    }
}

/// Whether nobody may do it who is part of the case.
const fn impartial(action: Action) -> bool {
    matches!(action, Action::CloseReport | Action::Hide | Action::DecideAppeal)
}

impl Who {
    fn is(self, actor: &Actor, relation: Relation) -> bool {
        match self {
            Self::Anyone => true,
            Self::Author => relation.author,
            Self::Keeper => relation.keeper,
            Self::Staff => on_duty(actor.role),
            Self::Runs => matches!(actor.role, Role::Owner | Role::Admin),
            Self::Above => relation.about.is_some_and(|about| on_duty(actor.role) && actor.role < about),
            Self::RunsAbove => Self::Runs.is(actor, relation) && Self::Above.is(actor, relation),
            Self::Owner => actor.role == Role::Owner,
            Self::Supporter => actor.supporter && relation.author,
        }
    }
}

/// Whether a role reads the community's desk.
pub fn on_duty(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin | Role::Moderator)
}

/// The right to do one thing, once. Made only here.
#[derive(Debug)]
pub struct Permit {
    member: Option<MemberId>,
}

impl Permit {
    /// What the server does by itself: chores, the command line of whoever runs it, an invitation kept.
    pub(crate) fn of_the_server() -> Self {
        Self { member: None }
    }

    /// Who was allowed it; nobody for what the server does by itself.
    pub fn member(&self) -> Option<MemberId> {
        self.member
    }
}

/// Asks whether a member may do something.
///
/// # Errors
/// Why not, as the member is told.
pub fn ask(actor: &Actor, action: Action, relation: Relation) -> Result<Permit, ErrorCode> {
    match actor.standing {
        Standing::Active => {}
        Standing::Waiting => return Err(ErrorCode::MembershipWaiting),
        Standing::Suspended => return Err(ErrorCode::MembershipSuspended),
        Standing::Ended => return Err(ErrorCode::MembershipEnded),
    }
    let (reading, who) = row(action);
    if let Some(code) = reading
        && !relation.reads
    {
        return Err(code);
    }
    if !who.iter().any(|who| who.is(actor, relation)) {
        return Err(ErrorCode::NotAllowed);
    }
    if impartial(action) && relation.party {
        return Err(ErrorCode::OwnCase);
    }
    Ok(Permit { member: Some(actor.id) })
}

#[cfg(test)]
mod tests;
