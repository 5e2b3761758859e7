//! Signing a device in once, by whatever way: the token is made of the attempt's secret, so that a
//! repeat by the same device gets the same one, though only its hash is stored.

use super::{devices, sessions};
use crate::{
    db::Connection,
    error::Result,
    secrets::{self, Hash},
    surroundings::Surroundings,
};
use enishi_protocol::{AccountId, AttemptId};

/// A session's token with its hash.
pub(super) struct Token {
    /// 256 bits in hexadecimal.
    pub(super) text: String,
    /// Under which it is known.
    pub(super) hash: Hash,
}

/// The token that an attempt's secret makes.
pub(super) fn token(secret: &Hash, attempt: AttemptId, nonce: &[u8]) -> Token {
    let text = secrets::to_hex(&secrets::hmac(secret, &[b"session", attempt.0.as_bytes(), nonce]));
    Token { hash: secrets::sha256(text.as_bytes()), text }
}

/// Signs a device in; the account hears of it.
pub(super) fn enter(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    account: AccountId,
    device: &devices::Naming,
    token: &Token,
) -> Result<()> {
    devices::signed_in(conn, surroundings, account, device)?;
    sessions::begin(conn, surroundings.now_us(), &token.hash, account, device.id)
}
