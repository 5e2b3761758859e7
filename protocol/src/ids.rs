//! Ids: one type for each thing that has one, so that none is taken for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::{Builder, Uuid, Variant, Version};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A tenant: a company's, a university's or a circle's community.
    CommunityId,
    /// One person on one server, over all communities.
    AccountId,
    /// A person in one community.
    MemberId,
    /// One phone or tool that an account has signed in on.
    DeviceId,
    /// One attempt to sign in, made by a device.
    AttemptId,
    /// Something that a member did; made on the phone (UUIDv7). What the mutation creates
    /// (a post, a comment, a group, an invitation) bears the same UUID for good.
    MutationId,
    /// A post; equal to the id of the mutation that wrote it.
    PostId,
    /// A comment; equal to the id of the mutation that wrote it.
    CommentId,
    /// A group; equal to the id of the mutation that created it.
    GroupId,
    /// An invitation; equal to the id of the mutation that created it.
    InvitationId,
    /// A wish to join a community or a group that somebody on duty decides.
    RequestId,
    /// A report; equal to the id of the mutation that made it.
    ReportId,
    /// A leaver's record in the registry.
    EntryId,
    /// Something about an account that its devices are told.
    NoticeId,
    /// Somebody's wish to have a membership back; made on the phone that asks.
    RecoveryId,
    /// A file that a post or comment shows; made on the phone (UUIDv7) when the file is picked.
    AttachmentId,
    /// A conversation: equal to the id of the mutation that began it, or to
    /// [`ConversationId::of_two`] where it is that of two members.
    ConversationId,
    /// A message; equal to the id of the mutation that wrote it.
    MessageId,
}

macro_rules! created_by {
    ($($name:ident),*) => {$(
        impl From<MutationId> for $name {
            fn from(id: MutationId) -> Self {
                Self(id.0)
            }
        }
    )*};
}
created_by!(PostId, CommentId, GroupId, InvitationId, RequestId, ReportId, ConversationId, MessageId);

impl ConversationId {
    /// The one conversation of two members, the same for both: made of their ids, so that each phone
    /// knows it without asking.
    pub fn of_two(one: MemberId, other: MemberId) -> Self {
        let both = one.0.as_u128() ^ other.0.as_u128();
        Self(Builder::from_u128(both).with_version(Version::Custom).with_variant(Variant::RFC4122).into_uuid())
    }

    /// Whether it has the form of [`ConversationId::of_two`], which no other may have.
    pub fn is_of_two(self) -> bool {
        self.0.get_version() == Some(Version::Custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_members_have_one_conversation_whoever_begins_it() {
        let [one, other, third] = [7, 8, 9].map(|number| MemberId(Uuid::from_u128(number << 70 | number)));
        let theirs = ConversationId::of_two(one, other);
        assert_eq!(theirs, ConversationId::of_two(other, one));
        assert_ne!(theirs, ConversationId::of_two(one, third));
        assert!(theirs.is_of_two());
        assert!(!ConversationId(Uuid::now_v7()).is_of_two());
    }
}
