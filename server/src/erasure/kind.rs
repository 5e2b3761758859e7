//! What was erased, in the database's words and the list's.

use enishi_protocol::{AttachmentId, CommentId, MemberId, MessageId, PostId};
use uuid::Uuid;

/// What is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A post with all that hangs on it.
    Post(PostId),
    /// A comment with its replies.
    Comment(CommentId),
    /// A message, out of every inbox that has it.
    Message(MessageId),
    /// A member of a community with everything that is theirs there.
    Member(MemberId),
    /// An upload: a file that something showed which was erased.
    Attachment(AttachmentId),
}

impl What {
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Post(PostId(id))
            | Self::Comment(CommentId(id))
            | Self::Message(MessageId(id))
            | Self::Member(MemberId(id))
            | Self::Attachment(AttachmentId(id)) => id,
        }
    }

    /// The word for what it is.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Message(_) => "message",
            Self::Member(_) => "member",
            Self::Attachment(_) => "attachment",
        }
    }

    /// What that word and id mean.
    pub fn named(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "post" => Some(Self::Post(id.into())),
            "comment" => Some(Self::Comment(id.into())),
            "message" => Some(Self::Message(id.into())),
            "member" => Some(Self::Member(id.into())),
            "attachment" => Some(Self::Attachment(id.into())),
            _ => None,
        }
    }
}

/// Something that was erased in a community, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Erasure {
    /// What.
    pub what: What,
    /// Days since 1970 UTC: the day is enough.
    pub day: i64,
}
