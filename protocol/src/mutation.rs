//! What a person did, on its way to the server.

use crate::{
    account::{RecoveryDeclining, RecoverySupport},
    blocks::{Blocking, Muting},
    consents::{ConsentGiving, ConsentWithdrawal},
    error::ErrorCode,
    feed::{
        Bookmarking, CommentDeletion, CommentEdit, CommentWriting, PostDeletion, PostEdit, PostMove, PostPinning,
        PostWriting, Reacting, Reading,
    },
    groups::{GroupCreation, GroupDecision, GroupInviting, GroupJoining, GroupLeaving},
    ids::{CommentId, MemberId, MutationId, PostId},
    invitations::{
        InvitationCreation, InvitationRevoking, InvitationTelling, JoinDecision, JoinVouch, ReferralSetting,
    },
    media::Attaching,
    membership::ProfileSetting,
    messages::{
        ConversationAdding, ConversationDecision, ConversationLeaving, ConversationMuting, ConversationReading,
        ConversationStart, ConversationTitling, MessageDeletion, MessageEdit, MessageWriting, MessagingSetting,
    },
    moderation::{
        AppealDecision, Appealing, Hiding, Removing, ReportClosing, Reporting, Restoring, RoleSetting, RulesSetting,
        SupporterSetting, Suspending, Unhiding,
    },
    notifications::{NotificationReading, NotificationSetting},
    polls::Voting,
    stream::Version,
    welcome::WelcomeSetting,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A mutation in its envelope. Decided once, by its id within the membership.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mutation {
    /// Made on the phone; what it creates bears the same UUID.
    pub id: MutationId,
    /// The one before it in the outbox whose result the phone does not know. Where the server
    /// has not decided that one, it decides nothing from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<MutationId>,
    /// The community's version that the phone had seen when it first sent this. Where results from
    /// then on may have been forgotten, it is refused as [`ErrorCode::Expired`].
    pub since: Version,
    /// The operation's name; see [`Operation`].
    pub kind: String,
    /// The operation, of the form its kind says.
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub body: Box<RawValue>,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $text:literal),* $(,)?) => {
        /// Everything that a member can do through the outbox.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Operation {
            $($(#[$doc])* #[serde(rename = $text)] $name($type),)*
        }

        impl Operation {
            /// The names of all operations.
            pub const KINDS: &[&str] = &[$($text),*];

            /// The operation's name on the wire.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $text,)*
                }
            }

            /// Reads an operation.
            ///
            /// # Errors
            /// [`ErrorCode::UnknownMutation`] for a name that this build does not know,
            /// [`ErrorCode::Malformed`] where the body is not what its name says.
            pub fn decode(kind: &str, body: &RawValue) -> Result<Self, ErrorCode> {
                match kind {
                    $($text => serde_json::from_str(body.get()).map(Self::$name).map_err(|_| ErrorCode::Malformed),)*
                    _ => Err(ErrorCode::UnknownMutation),
                }
            }

            /// Writes the operation's body.
            ///
            /// # Errors
            /// Never for the types of this crate.
            pub fn encode(&self) -> serde_json::Result<Box<RawValue>> {
                match self {
                    $(Self::$name(operation) => serde_json::value::to_raw_value(operation),)*
                }
            }
        }
    };
}

operations! {
    /// Writes a post.
    WritePost(PostWriting) = "post.write",
    /// Changes a post's text.
    EditPost(PostEdit) = "post.edit",
    /// Deletes a post with all that hangs on it.
    DeletePost(PostDeletion) = "post.delete",
    /// Moves a post to another feed, with all that hangs on it.
    MovePost(PostMove) = "post.move",
    /// Pins a post to the top of its feed, or takes it off.
    PinPost(PostPinning) = "post.pin",
    /// Writes a comment, or a reply to one.
    WriteComment(CommentWriting) = "comment.write",
    /// Changes a comment's text.
    EditComment(CommentEdit) = "comment.edit",
    /// Deletes a comment with its replies.
    DeleteComment(CommentDeletion) = "comment.delete",
    /// Adds or takes back a reaction.
    React(Reacting) = "reaction.set",
    /// Votes in a post's poll, votes anew, or takes the vote back.
    Vote(Voting) = "poll.vote",
    /// Adds or removes a bookmark.
    Bookmark(Bookmarking) = "bookmark.set",
    /// Moves a read mark forward.
    Read(Reading) = "read.mark",
    /// Says what one wishes to hear of, or when not.
    SetNotifications(NotificationSetting) = "notifications.set",
    /// Marks notifications as looked at.
    ReadNotifications(NotificationReading) = "notifications.read",
    /// Sets one profile field, or its audience.
    SetProfile(ProfileSetting) = "profile.set",
    /// Consents.
    GiveConsent(ConsentGiving) = "consent.give",
    /// Takes a consent back.
    WithdrawConsent(ConsentWithdrawal) = "consent.withdraw",
    /// Sets the words that welcome whoever joins.
    SetWelcome(WelcomeSetting) = "welcome.set",
    /// Creates a group.
    CreateGroup(GroupCreation) = "group.create",
    /// Joins an open group, accepts an invitation to one, or asks to join.
    JoinGroup(GroupJoining) = "group.join",
    /// Leaves a group.
    LeaveGroup(GroupLeaving) = "group.leave",
    /// Invites a member to a group.
    InviteToGroup(GroupInviting) = "group.invite",
    /// Decides a request to join a group.
    DecideGroup(GroupDecision) = "group.decide",
    /// Creates an invitation to the community.
    CreateInvitation(InvitationCreation) = "invitation.create",
    /// Revokes an invitation.
    RevokeInvitation(InvitationRevoking) = "invitation.revoke",
    /// Says whether the company may be told whom an invitation brought.
    TellInvitation(InvitationTelling) = "invitation.tell",
    /// Says who may be told who brought this member.
    SetReferral(ReferralSetting) = "referral.set",
    /// Vouches for somebody who wishes to join the community.
    VouchJoin(JoinVouch) = "join.vouch",
    /// Decides a request to join the community.
    DecideJoin(JoinDecision) = "join.decide",
    /// Supports somebody's wish to have a membership back.
    SupportRecovery(RecoverySupport) = "recovery.support",
    /// Does not support it, from the desk.
    DeclineRecovery(RecoveryDeclining) = "recovery.decline",
    /// Sets the rules of the community.
    SetRules(RulesSetting) = "rules.set",
    /// Reports a post, a comment or a member.
    Report(Reporting) = "report.make",
    /// Closes a report.
    CloseReport(ReportClosing) = "report.close",
    /// Hides a post or comment.
    Hide(Hiding) = "content.hide",
    /// Shows what was hidden again.
    Unhide(Unhiding) = "content.unhide",
    /// Appeals against a hiding.
    Appeal(Appealing) = "appeal.make",
    /// Decides an appeal.
    DecideAppeal(AppealDecision) = "appeal.decide",
    /// Shuts a member out for a time.
    Suspend(Suspending) = "member.suspend",
    /// Lets a suspended member take part again.
    Restore(Restoring) = "member.restore",
    /// Ends a membership.
    Remove(Removing) = "member.remove",
    /// Gives a member another role.
    SetRole(RoleSetting) = "role.set",
    /// Marks a member as a supporter, or takes the mark off.
    SetSupporter(SupporterSetting) = "supporter.set",
    /// Blocks a member, or ends the block.
    Block(Blocking) = "block.set",
    /// Mutes a member, or ends the mute.
    Mute(Muting) = "mute.set",
    /// Begins a conversation.
    StartConversation(ConversationStart) = "conversation.start",
    /// Adds members to a conversation.
    AddToConversation(ConversationAdding) = "conversation.add",
    /// Leaves a conversation.
    LeaveConversation(ConversationLeaving) = "conversation.leave",
    /// Gives a conversation a title.
    TitleConversation(ConversationTitling) = "conversation.title",
    /// Answers a request to take part in a conversation.
    DecideConversation(ConversationDecision) = "conversation.decide",
    /// Moves the read mark of a conversation forward.
    ReadConversation(ConversationReading) = "conversation.read",
    /// Makes a conversation still, or not.
    MuteConversation(ConversationMuting) = "conversation.mute",
    /// Sets who may begin a conversation with one.
    SetMessaging(MessagingSetting) = "messaging.set",
    /// Writes a message.
    WriteMessage(MessageWriting) = "message.write",
    /// Changes the text of one's own message.
    EditMessage(MessageEdit) = "message.edit",
    /// Deletes one's own message for everybody.
    DeleteMessage(MessageDeletion) = "message.delete",
}

impl Operation {
    /// The files that it shows, which must have been uploaded before.
    pub fn attachments(&self) -> &[Attaching] {
        match self {
            Self::WritePost(writing) => &writing.attachments,
            Self::WriteComment(writing) => &writing.attachments,
            _ => &[],
        }
    }

    /// Shows no file any more.
    pub fn drop_attachments(&mut self) {
        match self {
            Self::WritePost(writing) => writing.attachments.clear(),
            Self::WriteComment(writing) => writing.attachments.clear(),
            _ => {}
        }
    }
}

/// In an inbox: who mentioned this member, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mention {
    /// Who wrote it.
    pub by: MemberId,
    /// The post it was in, or whose comment it was in.
    pub post: PostId,
    /// The comment, where it was in one.
    pub comment: Option<CommentId>,
    /// When the server accepted it, in microseconds since 1970 UTC.
    pub at_us: i64,
}
