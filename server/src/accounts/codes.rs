//! The six digits of a sign-in code, and their slow hash.

use crate::{
    error::{Error, Result},
    secrets::{self, Hash},
    surroundings::Surroundings,
};
use argon2::{Argon2, Block};
use std::sync::{Mutex, PoisonError};

/// A new code with what is stored of it.
pub struct Code {
    /// Six digits, for the mail alone.
    pub digits: String,
    /// Salt of the hash.
    pub salt: [u8; 16],
    /// Argon2id of the digits.
    pub hash: Hash,
}

impl Code {
    /// Makes a code. Takes some 20 ms of one core and 19 MiB: never inside a transaction.
    pub fn new(surroundings: &dyn Surroundings) -> Result<Self> {
        let number = u64::from_be_bytes(secrets::random(surroundings)) % 1_000_000;
        let digits = format!("{number:06}");
        let salt = secrets::random(surroundings);
        let hash = hash(&digits, &salt)?;
        Ok(Self { digits, salt, hash })
    }
}

/// Argon2id with the parameters that its authors recommend as a default.
pub fn hash(digits: &str, salt: &[u8; 16]) -> Result<Hash> {
    let (argon2, mut hash) = (Argon2::default(), Hash::default());
    let kept = || MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let used = kept().pop();
    let mut memory = used.unwrap_or_else(|| vec![Block::default(); argon2.params().block_count()]);
    let hashed = argon2.hash_password_into_with_memory(digits.as_bytes(), salt, &mut hash, &mut memory);
    kept().push(memory);
    hashed.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(hash)
}

/// What earlier hashes were computed in, for those to come: as much as was ever in use at once. Given back to the
/// allocator each time, 19 MiB stayed behind for every thread that had computed one.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_was_used_before_changes_no_hash() {
        let mut fresh = Hash::default();
        Argon2::default().hash_password_into(b"123456", &[7; 16], &mut fresh).unwrap();
        for digits in ["123456", "654321", "123456"] {
            let hash = hash(digits, &[7; 16]).unwrap();
            assert_eq!(hash == fresh, digits == "123456");
        }
    }
}
