//! The limit against guessing printed codes, which are short enough for that.
//!
//! Only codes that do not exist are counted: asking for one that does changes nothing, however often.
//! A network that used up its count is answered alike for either, so that it learns no more.

use crate::{
    accounts::tries::{self, Subject},
    db::Connection,
    error::{Error, Result},
};
use enishi_protocol::limits;

/// Whether a network may ask for a printed code. Where all networks together have missed very often,
/// one that has missed once has no second try; one that types its letter's code right is not held up.
///
/// # Errors
/// [`Error::Wait`].
pub fn allow(conn: &mut dyn Connection, now_us: i64, network: Option<&[u8]>) -> Result<()> {
    let in_all = tries::counted(conn, now_us, Subject::PrintedInAll)?;
    let crowded = in_all >= limits::PRINTED_MISSES_IN_ALL;
    let allowed = match network {
        Some(network) => {
            let own = tries::counted(conn, now_us, Subject::PrintedOfNetwork(network))?;
            own < if crowded { 1 } else { limits::PRINTED_MISSES_PER_NETWORK }
        }
        None => !crowded,
    };
    if allowed { Ok(()) } else { Err(tries::wait(now_us)) }
}

/// A network asked for a printed code that does not exist.
///
/// # Errors
/// That the database failed.
pub fn missed(conn: &mut dyn Connection, now_us: i64, network: Option<&[u8]>) -> Result<()> {
    let network = network.map(Subject::PrintedOfNetwork);
    for subject in network.into_iter().chain([Subject::PrintedInAll]) {
        match tries::count(conn, now_us, subject) {
            Ok(()) | Err(Error::Wait { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
