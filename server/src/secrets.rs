//! Secrets: hashed before they are stored, compared in constant time, never in a `Debug` text.

use crate::surroundings::Surroundings;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A SHA-256.
pub type Hash = [u8; 32];

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// SHA-256 over parts that cannot run into each other: each goes in with its length.
pub fn sha256_of(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// HMAC-SHA256 over parts, each with its length.
pub fn hmac(key: &[u8], parts: &[&[u8]]) -> Hash {
    // A key of any length is fit for HMAC; the error exists for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return sha256_of(parts) };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether two secrets are the same, in a time that tells nothing about them.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// 32 bytes from lower-case hexadecimal.
pub fn from_hex(text: &str) -> Option<Hash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Random bytes.
pub fn random<const N: usize>(surroundings: &dyn Surroundings) -> [u8; N] {
    let mut bytes = [0; N];
    surroundings.random(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(sha256_of(&[b"ab", b"c"]), sha256_of(&[b"a", b"bc"]));
        assert_ne!(hmac(b"key", &[b"ab", b"c"]), hmac(b"key", &[b"a", b"bc"]));
        assert_ne!(hmac(b"key", &[b"ab"]), hmac(b"yek", &[b"ab"]));
    }

    #[test]
    fn only_whole_hashes_are_read_from_hexadecimal() {
        let hash = sha256(b"x");
        assert_eq!(from_hex(&to_hex(&hash)), Some(hash));
        assert_eq!(from_hex("00"), None);
        assert_eq!(from_hex(&to_hex(&hash).to_uppercase()), None);
    }
}
