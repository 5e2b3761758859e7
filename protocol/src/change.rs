//! What a stream carries: the latest state of each thing in it, or that it is gone.

use crate::{
    account::Recovery,
    blocks::{Block, Mute, Unseen},
    consents::Receipt,
    feed::{Bookmark, Comment, Counts, MyReactions, Post, ReadMark},
    groups::{Group, GroupInvitation, GroupMember},
    ids::MutationId,
    invitations::{JoinRequest, JoinVouching, OwnInvitation, OwnReferral, Referral},
    membership::{Community, Member, OwnProfile, Profile},
    messages::{Conversation, ConversationMark, Message, Messaging},
    moderation::{CommunityRules, HiddenText, OwnReport, Report},
    mutation::Mention,
    notifications::{Decision, NotificationMark, NotificationSettings},
    polls::MyVote,
    stream::{Grant, Stream, Version},
    welcome::Welcome,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use uuid::Uuid;

/// One entity's latest state in one stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Change {
    /// The community's version that this change made.
    pub version: Version,
    /// What kind of entity; unknown kinds are kept as they came.
    pub kind: EntityKind,
    /// Which one, unique for its kind within the stream.
    pub id: Uuid,
    /// The mutation that made this change, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutation: Option<MutationId>,
    /// The entity as [`Entity`] of that kind, or none: it was deleted, or left this stream.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>))]
    pub body: Option<Box<RawValue>>,
}

impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        let body = |change: &Self| change.body.as_ref().map(|body| body.get().to_owned());
        (self.version, &self.kind, self.id, self.mutation) == (other.version, &other.kind, other.id, other.mutation)
            && body(self) == body(other)
    }
}

macro_rules! entities {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $text:literal),* $(,)?) => {
        /// What an entity is. Written in `snake_case`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntityKind {
            $($(#[$doc])* $name,)*
            /// A kind that this build does not know.
            Other(String),
        }

        impl EntityKind {
            /// The kind's name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(name) => name,
                }
            }

            /// The kind of that name.
            pub fn named(name: &str) -> Self {
                match name {
                    $($text => Self::$name,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        /// An entity with its kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Entity {
            $($(#[$doc])* $name($type),)*
        }

        impl Entity {
            /// What kind this is.
            pub fn kind(&self) -> EntityKind {
                match self {
                    $(Self::$name(_) => EntityKind::$name,)*
                }
            }

            /// Reads a change's body. None for a kind that this build does not know.
            ///
            /// # Errors
            /// Where the body is not what its kind says.
            pub fn decode(kind: &EntityKind, body: &RawValue) -> serde_json::Result<Option<Self>> {
                Ok(match kind {
                    $(EntityKind::$name => Some(Self::$name(serde_json::from_str(body.get())?)),)*
                    EntityKind::Other(_) => None,
                })
            }

            /// Writes the body of a change.
            ///
            /// # Errors
            /// Never for the types of this crate.
            pub fn encode(&self) -> serde_json::Result<Box<RawValue>> {
                match self {
                    $(Self::$name(entity) => serde_json::value::to_raw_value(entity),)*
                }
            }
        }
    };
}

entities! {
    /// The community itself. Id: the community.
    Community(Community) = "community",
    /// The words that welcome whoever joins. Id: the community.
    Welcome(Welcome) = "welcome",
    /// A member as everyone may know them. Id: the member.
    Member(Member) = "member",
    /// The part of a member's profile that this stream may read. Id: the member.
    Profile(Profile) = "profile",
    /// A group. Id: the group.
    Group(Group) = "group",
    /// Somebody's membership of a group, in the group's stream. Id: the member.
    GroupMember(GroupMember) = "group_member",
    /// A post. Id: the post.
    Post(Post) = "post",
    /// A comment. Id: the comment.
    Comment(Comment) = "comment",
    /// Reactions and comments counted. Id: the post.
    Counts(Counts) = "counts",
    /// In an inbox: the right to read a community's or group's stream. Id: the community or group.
    Grant(GrantOf) = "grant",
    /// In an inbox: the right to read a desk. Id: the community or group.
    Duty(GrantOf) = "duty",
    /// In an inbox: one's own profile whole, with its audiences. Id: the member.
    OwnProfile(OwnProfile) = "own_profile",
    /// In an inbox: one's own reactions to a post. Id: the post.
    MyReactions(MyReactions) = "my_reactions",
    /// In an inbox: one's own vote in a poll. Id: the post.
    MyVote(MyVote) = "my_vote",
    /// In an inbox: a bookmark. Id: the post.
    Bookmark(Bookmark) = "bookmark",
    /// In an inbox: how far one has read a feed. Id: the community or group.
    ReadMark(ReadMark) = "read_mark",
    /// In an inbox: somebody mentioned this member. Id: the post or comment.
    Mention(Mention) = "mention",
    /// In an inbox: what this member wishes to hear of. Id: the member.
    NotificationSettings(NotificationSettings) = "notification_settings",
    /// In an inbox: how far this member has looked at notifications. Id: the member.
    NotificationMark(NotificationMark) = "notification_mark",
    /// In an inbox: this member's request to join a group was decided. Id: the request.
    Decision(Decision) = "decision",
    /// In an inbox: a consent that was given. Id: the mutation that gave it.
    Receipt(Receipt) = "receipt",
    /// In an inbox: an invitation that one has made. Id: the invitation.
    OwnInvitation(OwnInvitation) = "own_invitation",
    /// In an inbox: who invited this member. Id: the member.
    OwnReferral(OwnReferral) = "own_referral",
    /// At a desk: who brought a member. Id: the member who was brought.
    Referral(Referral) = "referral",
    /// A wish to join that members may vouch for. Id: the request.
    JoinVouching(JoinVouching) = "join_vouching",
    /// In an inbox: an invitation to a group. Id: the group.
    GroupInvitation(GroupInvitation) = "group_invitation",
    /// At a desk: a wish to join. Id: the request.
    JoinRequest(JoinRequest) = "join_request",
    /// At a desk: somebody's wish to have a membership back. Id: the recovery.
    Recovery(Recovery) = "recovery",
    /// The rules of the community. Id: the community.
    Rules(CommunityRules) = "rules",
    /// At a desk: a report. Id: the report.
    Report(Report) = "report",
    /// In an inbox: a report that one has made. Id: the report.
    OwnReport(OwnReport) = "own_report",
    /// In the author's inbox and at a desk: what a hidden post or comment says. Id: the post or comment.
    HiddenText(HiddenText) = "hidden_text",
    /// In an inbox: whom one has blocked. Id: that member.
    Block(Block) = "block",
    /// In an inbox: whom one has muted. Id: that member.
    Mute(Mute) = "mute",
    /// In an inbox: whose content is left out on this member's phones. Id: that member. Never shown.
    Unseen(Unseen) = "unseen",
    /// In an inbox: a conversation that one is in. Id: the conversation.
    Conversation(Conversation) = "conversation",
    /// In an inbox: what one marked in a conversation. Id: the conversation.
    ConversationMark(ConversationMark) = "conversation_mark",
    /// In an inbox: a message. Id: the message.
    Message(Message) = "message",
    /// In an inbox: who may begin a conversation with one. Id: the member.
    Messaging(Messaging) = "messaging",
}

impl EntityKind {
    /// Whether entities of this kind hang on a post and travel with it.
    pub fn is_of_feed(&self) -> bool {
        matches!(self, Self::Post | Self::Comment | Self::Counts)
    }

    /// Whether entities of this kind hold words of members to each other, which a server keeps sealed.
    pub fn is_sealed(&self) -> bool {
        matches!(self, Self::Conversation | Self::Message)
    }
}

/// The right to read a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GrantOf {
    /// Which stream.
    pub stream: Stream,
    /// Since which version.
    pub grant: Grant,
}

impl Serialize for EntityKind {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EntityKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::named(&Cow::<str>::deserialize(from)?))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::EntityKind;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, RefOr, Type, schema::Schema},
    };

    impl PartialSchema for EntityKind {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("What an entity is, in `snake_case`; more kinds may come"))
                .examples(["post"])
                .into()
        }
    }
    impl ToSchema for EntityKind {}
}
