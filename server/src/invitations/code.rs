//! The codes that the server itself makes, and the hash under which any code is known.

use crate::{
    secrets::{self, Hash},
    surroundings::Surroundings,
};
use enishi_protocol::invitations::{link_code, normal_code, printed_code};

/// A new code for a link.
pub fn new(surroundings: &dyn Surroundings) -> String {
    link_code(u128::from_be_bytes(secrets::random(surroundings)))
}

/// A new code for a letter, short enough to be typed.
pub fn new_printed(surroundings: &dyn Surroundings) -> String {
    printed_code(u64::from_be_bytes(secrets::random(surroundings)))
}

/// The code that somebody typed or a link carries, in its one form. None where it can be none.
pub fn read(text: &str) -> Option<String> {
    normal_code(text)
}

/// The hash under which a code is known.
pub fn hash(code: &str) -> Hash {
    secrets::sha256(code.as_bytes())
}
