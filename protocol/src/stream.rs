//! Streams and the numbers that order them: who may read is which streams one is granted.

use crate::ids::{CommunityId, GroupId, MemberId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

numbers! {
    /// Counts the changes of one community within one [`Era`]: 1 for the first, one more for each.
    Version,
    /// Where a post stands in its feed: the version at which it was first accepted. Never changes.
    Position,
    /// The version at which a member got the right to read a stream.
    Grant,
}

/// How far a phone has applied a stream: every change with a version up to this one.
pub type Cursor = Version;

/// A community's present history, random; a restore or an import begins a new one.
///
/// Versions compare only within an era, and eras have no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Era(pub Uuid);

/// The unit of reading rights: every change belongs to exactly one stream (rule R3).
///
/// Written `community`, `group:<id>`, `member:<id>` or `desk:<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Stream {
    /// What every member may read.
    Community,
    /// What a group's members may read.
    Group(GroupId),
    /// A member's own inbox: what singles them out, their grants, their settings.
    Member(MemberId),
    /// What those on duty for a community or a group must see. The id is the community's or the group's.
    Desk(Uuid),
}

impl Stream {
    /// The desk of a community.
    pub fn community_desk(community: CommunityId) -> Self {
        Self::Desk(community.0)
    }

    /// The desk of a group.
    pub fn group_desk(group: GroupId) -> Self {
        Self::Desk(group.0)
    }

    /// Whether posts can stand in this stream.
    pub fn has_feed(self) -> bool {
        matches!(self, Self::Community | Self::Group(_))
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Community => f.write_str("community"),
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Desk(id) => write!(f, "desk:{id}"),
        }
    }
}

/// The text names no stream.
#[derive(Debug, thiserror::Error)]
#[error("not a stream: expected community, group:<id>, member:<id> or desk:<id>")]
pub struct NotAStream;

impl FromStr for Stream {
    type Err = NotAStream;

    fn from_str(text: &str) -> Result<Self, NotAStream> {
        if text == "community" {
            return Ok(Self::Community);
        }
        let (kind, id) = text.split_once(':').ok_or(NotAStream)?;
        let id = id.parse::<Uuid>().map_err(|_| NotAStream)?;
        match kind {
            "group" => Ok(Self::Group(id.into())),
            "member" => Ok(Self::Member(id.into())),
            "desk" => Ok(Self::Desk(id)),
            _ => Err(NotAStream),
        }
    }
}

impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::Stream;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, RefOr, Type, schema::Schema},
    };

    impl PartialSchema for Stream {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("`community`, `group:<id>`, `member:<id>` or `desk:<id>`"))
                .examples(["community"])
                .into()
        }
    }
    impl ToSchema for Stream {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_back_as_written() {
        let id = Uuid::from_u128(7);
        for stream in [Stream::Community, Stream::Group(id.into()), Stream::Member(id.into()), Stream::Desk(id)] {
            assert_eq!(stream.to_string().parse::<Stream>().ok(), Some(stream));
        }
        for bad in ["", "community:", "group:", "group:7", "team:00000000-0000-0000-0000-000000000007"] {
            assert!(bad.parse::<Stream>().is_err(), "{bad}");
        }
    }
}
