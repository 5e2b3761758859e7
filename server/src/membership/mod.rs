//! Membership: how somebody comes into a community, what role they get, and how they leave.

mod admission;
mod decisions;
mod erasing;
mod leaving;
mod leftovers;
mod standing;
pub mod vouching;

pub use crate::directory::{CommunityRow, MemberRow, community, find, of_account};
pub use admission::{Admission, admit, ask_to_join, decide_join};
pub use decisions::{change_role, remove, restore, restore_due, set_supporter, suspend, was_removed};
pub(crate) use erasing::{begin_to_erase, finish_erasing};
pub use leaving::{is_last_owner, leave};
pub use leftovers::sweep;
pub(crate) use leftovers::{leave as leave_in_stream, take_out};
pub use standing::{end, rename, set_role};
pub use vouching::vouch;

use crate::{
    db::Connection,
    policy::Permit,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, Stream,
    limits::NAME_CHARS,
    membership::{Community, PersonName},
};

/// Creates a community, empty: nobody is in it yet.
///
/// # Errors
/// That the database failed.
pub fn create_community(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    id: CommunityId,
    community: &Community,
) -> Result<(), Failure> {
    let (era, now_us) = (surroundings.new_id(), surroundings.now_us());
    conn.execute(
        "INSERT INTO community (id, name, kind, era, version, horizon, grants, created_us)
         VALUES ($1, $2, $3, $4, 0, 0, 0, $5)",
        values![id, community.name.as_str(), community.kind.as_str(), era, now_us],
    )?;
    Writing::by_server(conn, surroundings, id, |writing| {
        let entity = Entity::Community(community.clone());
        writing.put(&Permit::of_the_server(), Stream::Community, id.0, None, &entity)
    })?;
    Ok(())
}

/// Whether a name may be borne.
pub fn name_is_valid(name: &PersonName) -> bool {
    let fits = |part: &str| part.chars().count() <= NAME_CHARS && !part.chars().any(char::is_control);
    !name.family.trim().is_empty() && fits(&name.family) && fits(&name.given)
}
