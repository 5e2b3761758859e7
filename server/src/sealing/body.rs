//! A sealed change as it lies in the database: which conversation's key opens it, then sealed bytes.
//!
//! An open change is JSON and begins with `{`; a sealed one begins with [`SEALED`].

use super::{ConversationKey, SealError};
use crate::surroundings::Surroundings;
use enishi_protocol::{CommunityId, ConversationId, Stream, Version};
use uuid::Uuid;

/// The first byte of a sealed change, which no JSON begins with.
const SEALED: u8 = 1;
const HEAD: usize = 17;

/// The one place at which a sealed change opens.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The community.
    pub community: CommunityId,
    /// The inbox.
    pub stream: Stream,
    /// The entity's kind on the wire.
    pub kind: &'a str,
    /// The entity.
    pub id: Uuid,
    /// The version of the change.
    pub version: Version,
}

impl Place<'_> {
    fn about<T>(&self, with: impl FnOnce(&[&[u8]]) -> T) -> T {
        let (stream, version) = (self.stream.to_string(), self.version.0.to_be_bytes());
        with(&[
            b"change",
            self.community.0.as_bytes(),
            stream.as_bytes(),
            self.kind.as_bytes(),
            self.id.as_bytes(),
            &version,
        ])
    }
}

/// A sealed change.
#[derive(Clone, Copy, Debug)]
pub struct SealedBody<'a> {
    /// Whose key opens it.
    pub conversation: ConversationId,
    bytes: &'a [u8],
}

impl<'a> SealedBody<'a> {
    /// Reads a stored change; none where it is not sealed.
    pub fn read(stored: &'a [u8]) -> Option<Self> {
        let (head, bytes) = stored.split_at_checked(HEAD)?;
        let (SEALED, id) = (*head.first()?, head.get(1..)?) else { return None };
        Some(Self { conversation: ConversationId(Uuid::from_slice(id).ok()?), bytes })
    }

    /// Seals a change for its place.
    ///
    /// # Errors
    /// [`SealError::Sealing`].
    pub fn seal(
        surroundings: &dyn Surroundings,
        (conversation, key): (ConversationId, &ConversationKey),
        place: &Place<'_>,
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let sealed = place.about(|about| key.seal(surroundings, about, plain))?;
        Ok([&[SEALED], conversation.0.as_bytes().as_slice(), &sealed].concat())
    }

    /// Opens it at its place.
    ///
    /// # Errors
    /// [`SealError::Opening`].
    pub fn open(&self, key: &ConversationKey, place: &Place<'_>) -> Result<Vec<u8>, SealError> {
        place.about(|about| key.open(about, self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sealing::MessageKey, surroundings::RealSurroundings};
    use enishi_protocol::MemberId;

    #[test]
    fn a_sealed_change_moved_to_another_inbox_or_version_does_not_open() {
        let (key, _) = MessageKey::new(&RealSurroundings).new_key(&RealSurroundings, &[]).unwrap();
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let place = Place {
            community: CommunityId(one),
            stream: Stream::Member(MemberId(one)),
            kind: "message",
            id: one,
            version: Version(7),
        };
        let conversation = ConversationId(other);
        let stored = SealedBody::seal(&RealSurroundings, (conversation, &key), &place, b"{}").unwrap();
        let sealed = SealedBody::read(&stored).unwrap();
        assert_eq!(sealed.conversation, conversation);
        assert_eq!(sealed.open(&key, &place).unwrap(), b"{}");
        let elsewhere = [
            Place { community: CommunityId(other), ..place },
            Place { stream: Stream::Member(MemberId(other)), ..place },
            Place { kind: "conversation", ..place },
            Place { id: other, ..place },
            Place { version: Version(8), ..place },
        ];
        for place in elsewhere {
            assert!(sealed.open(&key, &place).is_err(), "{place:?}");
        }
    }

    #[test]
    fn an_open_change_is_not_taken_for_a_sealed_one() {
        assert!(SealedBody::read(br#"{"version":1,"kind":"post"}"#).is_none());
        assert!(SealedBody::read(b"").is_none());
    }
}
