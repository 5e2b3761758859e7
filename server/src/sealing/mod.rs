//! Sealing what members write to each other, so that a database or a backup alone tells nobody.
//!
//! Each conversation has a key of its own, and the message key wraps those: it lies outside the
//! database. Everything is sealed with AES-256-GCM under a random nonce and bound to its place, so
//! that it opens nowhere else. No I/O here but in `file`, and no rule of who may read.

mod body;
pub mod file;

pub use body::{Place, SealedBody};

use crate::{
    secrets::{self, Hash, sha256_of},
    surroundings::Surroundings,
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;
use zeroize::Zeroizing;

/// Why something cannot be sealed or opened. Says nothing about what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed with another key, for another place, or is damaged.
    #[error("sealed data does not open with this key at this place")]
    Opening,
    /// The algorithm refused: a defect.
    #[error("data could not be sealed")]
    Sealing,
}

/// A key of 32 random bytes.
struct Key(Zeroizing<[u8; 32]>);

impl Key {
    fn random(surroundings: &dyn Surroundings) -> Self {
        Self(Zeroizing::new(secrets::random(surroundings)))
    }

    fn aead(&self) -> Result<LessSafeKey, SealError> {
        let key = UnboundKey::new(&AES_256_GCM, &self.0[..]).map_err(|_| SealError::Sealing)?;
        Ok(LessSafeKey::new(key))
    }

    /// Nonce, sealed bytes and tag.
    fn seal(&self, surroundings: &dyn Surroundings, about: &[&[u8]], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = secrets::random(surroundings);
        let mut bytes = plain.to_vec();
        self.aead()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(sha256_of(about)), &mut bytes)
            .map_err(|_| SealError::Sealing)?;
        Ok([nonce.as_slice(), &bytes].concat())
    }

    fn open(&self, about: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, bytes) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError::Opening)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Opening)?;
        let mut bytes = bytes.to_vec();
        let aad = Aad::from(sha256_of(about));
        let plain = self.aead()?.open_in_place(nonce, aad, &mut bytes).map_err(|_| SealError::Opening)?;
        Ok(plain.to_vec())
    }
}

/// The key that wraps the keys of conversations: one for a whole database, kept outside of it.
pub struct MessageKey(Key);

impl MessageKey {
    /// A new one.
    pub fn new(surroundings: &dyn Surroundings) -> Self {
        Self(Key::random(surroundings))
    }

    /// The one of these bytes, which must be random.
    pub fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(Key(Zeroizing::new(bytes)))
    }

    /// What tells this key from another and gives nothing of it away.
    pub fn proof(&self) -> Hash {
        secrets::hmac(&self.0.0[..], &[b"enishi message key"])
    }

    /// A new key of a conversation, and how it is to be stored.
    ///
    /// # Errors
    /// [`SealError::Sealing`].
    pub fn new_key(
        &self,
        surroundings: &dyn Surroundings,
        about: &[&[u8]],
    ) -> Result<(ConversationKey, Vec<u8>), SealError> {
        let key = Key::random(surroundings);
        let wrapped = self.0.seal(surroundings, about, &key.0[..])?;
        Ok((ConversationKey(key), wrapped))
    }

    /// The key that was stored.
    ///
    /// # Errors
    /// [`SealError::Opening`] where another message key wrapped it, or for something else.
    pub fn unwrap(&self, about: &[&[u8]], wrapped: &[u8]) -> Result<ConversationKey, SealError> {
        let bytes = Zeroizing::new(self.0.open(about, wrapped)?);
        let bytes = bytes.as_slice().try_into().map_err(|_| SealError::Opening)?;
        Ok(ConversationKey(Key(Zeroizing::new(bytes))))
    }
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageKey")
    }
}

/// The key of one conversation.
pub struct ConversationKey(Key);

impl ConversationKey {
    /// Seals something for one place.
    ///
    /// # Errors
    /// [`SealError::Sealing`].
    pub fn seal(&self, surroundings: &dyn Surroundings, about: &[&[u8]], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.seal(surroundings, about, plain)
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// [`SealError::Opening`].
    pub fn open(&self, about: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.open(about, sealed)
    }
}

impl fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConversationKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::RealSurroundings;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_at_its_place() {
        let message_key = MessageKey::new(&RealSurroundings);
        let (key, wrapped) = message_key.new_key(&RealSurroundings, &[b"here"]).unwrap();
        let sealed = key.seal(&RealSurroundings, &[b"a", b"b"], "内緒".as_bytes()).unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == "内緒".as_bytes()));
        let again = message_key.unwrap(&[b"here"], &wrapped).unwrap();
        assert_eq!(again.open(&[b"a", b"b"], &sealed).unwrap(), "内緒".as_bytes());
        assert_eq!(again.open(&[b"ab"], &sealed), Err(SealError::Opening));
        let (other, _) = message_key.new_key(&RealSurroundings, &[b"here"]).unwrap();
        assert_eq!(other.open(&[b"a", b"b"], &sealed), Err(SealError::Opening));
        assert!(message_key.unwrap(&[b"there"], &wrapped).is_err());
        assert!(MessageKey::new(&RealSurroundings).unwrap(&[b"here"], &wrapped).is_err());
    }

    #[test]
    fn what_was_changed_or_cut_does_not_open() {
        let (key, _) = MessageKey::new(&RealSurroundings).new_key(&RealSurroundings, &[]).unwrap();
        let sealed = key.seal(&RealSurroundings, &[], b"text").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(&[], &changed).is_err(), "byte {at}");
            assert!(key.open(&[], &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let (key, _) = MessageKey::new(&RealSurroundings).new_key(&RealSurroundings, &[]).unwrap();
        let seal = || key.seal(&RealSurroundings, &[], b"text").unwrap();
        assert_ne!(seal(), seal());
    }
}
