//! What is done to a community's changes beside mutations: forgetting what is old, a new era.

use crate::{
    db::{Connection, DbError},
    directory,
    erasure::{self, Erasure},
    surroundings::Surroundings,
    values,
    writing::Failure,
};
use enishi_protocol::{CommunityId, Era, ErrorCode, Version, limits::RESULTS_KEPT_SECONDS};

/// Rows that one step of forgetting removes, so that others need not wait for long.
const STEP: i64 = 1_000;

/// Forgets some of the tombstones and results that are older than they are kept, and raises the
/// horizon first, so that nobody relies on them. Whether there is more to forget.
///
/// # Errors
/// [`ErrorCode::NotFound`]; that the database failed.
pub fn expire(conn: &mut dyn Connection, now_us: i64, community: CommunityId) -> Result<bool, Failure> {
    let row = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    let (horizon, until) = (row.horizon, now_us.saturating_sub(RESULTS_KEPT_SECONDS * 1_000_000));
    let gone = newest(conn, "change WHERE body IS NULL AND", community, (until, row.version.0 + 1))?;
    // A mutation first sent at the very version of a forgotten result may be that one. So results at
    // the present version stay: a horizon beyond it would refuse what is written now.
    let decided = newest(conn, "mutation_result WHERE", community, (until, row.version.0))? + 1;
    let raised = Version(horizon.0.max(gone).max(decided));
    if raised > horizon {
        conn.execute("UPDATE community SET horizon = $2 WHERE id = $1", values![community, raised])?;
    }
    let forgotten = conn.execute(
        "DELETE FROM change WHERE community = $1 AND version IN
         (SELECT version FROM change WHERE community = $1 AND body IS NULL AND at_us < $2 LIMIT $3)",
        values![community, until, STEP],
    )? + conn.execute(
        "DELETE FROM mutation_result WHERE community = $1 AND mutation IN
         (SELECT mutation FROM mutation_result WHERE community = $1 AND at_us < $2 AND version < $4 LIMIT $3)
         AND at_us < $2 AND version < $4",
        values![community, until, STEP, row.version],
    )?;
    conn.execute("DELETE FROM ended_membership WHERE community = $1 AND at_us < $2", values![community, until])?;
    conn.execute(
        "DELETE FROM mutation_failure WHERE community = $1 AND EXISTS (SELECT 1 FROM mutation_result r
         WHERE r.community = $1 AND r.member = mutation_failure.member AND r.mutation = mutation_failure.mutation)",
        values![community],
    )?;
    Ok(forgotten > 0)
}

/// The newest version to be forgotten in a table: of before a time, and below a version. -1 where
/// nothing is.
fn newest(
    conn: &mut dyn Connection,
    table: &str,
    community: CommunityId,
    (until_us, below): (i64, i64),
) -> Result<i64, DbError> {
    let row = conn.first(
        &format!("SELECT max(version) FROM {table} community = $1 AND at_us < $2 AND version < $3"),
        values![community, until_us, below],
    )?;
    Ok(row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten().unwrap_or(-1))
}

/// Begins a new history, after a restore or an import: a random era, and everything erased that was
/// erased before, also ids that this copy of the database never knew.
///
/// # Errors
/// [`ErrorCode::NotFound`]; that the database failed.
pub fn new_era(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    erased: &[Erasure],
) -> Result<Era, Failure> {
    let era = Era(surroundings.new_id());
    let renewed = conn.execute("UPDATE community SET era = $2 WHERE id = $1", values![community, era])?;
    if renewed == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    for erasure in erased {
        erasure::again(conn, surroundings, community, erasure)?;
    }
    Ok(era)
}
