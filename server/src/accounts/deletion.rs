//! Deleting an account. What lets anybody in is gone at once; its memberships end in steps, by a job
//! that any process takes up again, and then nothing but the id of the account stays.

use super::{lock, sessions::SignedInAs, tell};
use crate::{
    db::{Connection, Database, DbError, Scope},
    directory,
    error::Result,
    mail::Message,
    membership,
    secrets::Hash,
    surroundings::Surroundings,
    values,
    writing::Writing,
};
use enishi_protocol::{
    AccountId, CommunityId, ErrorCode,
    account::{AccountDeletion, Written},
    membership::Standing,
};

/// Checks that nothing keeps the account: whoever alone answers for a community must hand that on.
///
/// # Errors
/// [`ErrorCode::LastOwner`].
pub async fn check(db: &Database, account: AccountId) -> Result<()> {
    for community in db.read(Scope::Accounts, move |conn| communities(conn, account)).await? {
        let look = move |conn: &mut dyn Connection| membership::is_last_owner(conn, community, account);
        if db.read(Scope::Community(community), look).await? {
            return Err(ErrorCode::LastOwner.into());
        }
    }
    Ok(())
}

/// Begins a deletion: every address is told once more, then nobody can sign in any more.
///
/// # Errors
/// That the database failed.
pub fn begin(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    asking: &SignedInAs,
    deletion: &AccountDeletion,
) -> Result<()> {
    let (now_us, account) = (surroundings.now_us(), asking.account);
    lock(conn, account)?;
    conn.execute(
        "INSERT INTO account_deletion (account, id, session, written, asked_us) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (account) DO NOTHING",
        values![account, deletion.id, asking.session.as_slice(), deletion.written.as_str(), now_us],
    )?;
    tell(conn, surroundings, account, &Message::AccountDeleted)?;
    let sql = "UPDATE session SET ended_us = $1 WHERE account = $2 AND ended_us IS NULL";
    conn.execute(sql, values![now_us, account])?;
    for sql in [
        "UPDATE approval SET expires_us = 0 WHERE account = $1",
        "DELETE FROM address WHERE account = $1",
        "DELETE FROM address_attempt WHERE account = $1",
        "DELETE FROM recovery_code WHERE account = $1",
    ] {
        conn.execute(sql, values![account])?;
    }
    Ok(())
}

/// Whether this very session began the deletion of that id: a repeat is answered alike, though the
/// session is over.
pub fn was_begun(conn: &mut dyn Connection, session: &Hash, deletion: &AccountDeletion) -> Result<bool> {
    let sql = "SELECT account FROM account_deletion WHERE session = $1 AND id = $2";
    Ok(conn.first(sql, values![session.as_slice(), deletion.id])?.is_some())
}

/// Goes on with deletions that are not finished.
pub async fn go_on(db: &Database, surroundings: &std::sync::Arc<dyn Surroundings>) -> Result<Vec<CommunityId>> {
    let look = |conn: &mut dyn Connection| -> Result<Vec<(AccountId, Written)>> {
        let sql = "SELECT account, written FROM account_deletion WHERE done_us IS NULL ORDER BY asked_us LIMIT 20";
        let rows = conn.query(sql, &[])?;
        let begun = rows.iter().map(|row| Ok((row.get(0)?, directory::word(row, 1, Written::named)?)));
        Ok(begun.collect::<std::result::Result<_, DbError>>()?)
    };
    let mut changed = Vec::new();
    for (account, _written) in db.read(Scope::Accounts, look).await? {
        for community in db.read(Scope::Accounts, move |conn| communities(conn, account)).await? {
            let clock = surroundings.clone();
            let end = move |conn: &mut dyn Connection| end(conn, &*clock, community, account);
            db.write(Scope::Community(community), end).await?;
            changed.push(community);
        }
        let now_us = surroundings.now_us();
        db.write(Scope::Accounts, move |conn| forget(conn, now_us, account)).await?;
    }
    Ok(changed)
}

/// Ends the account's membership of one community.
fn end(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    account: AccountId,
) -> Result<()> {
    if let Some(row) = directory::of_account(conn, community, account)?
        && row.actor.standing != Standing::Ended
    {
        Writing::by_server(conn, surroundings, community, |writing| membership::end(writing, row.actor.id))?;
    }
    let sql = "DELETE FROM account_membership WHERE account = $1 AND community = $2";
    conn.execute(sql, values![account, community])?;
    Ok(())
}

fn communities(conn: &mut dyn Connection, account: AccountId) -> Result<Vec<CommunityId>> {
    let rows = conn.query("SELECT community FROM account_membership WHERE account = $1", values![account])?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<std::result::Result<_, DbError>>()?)
}

/// Forgets everything of an account that is in no community any more, but its id.
fn forget(conn: &mut dyn Connection, now_us: i64, account: AccountId) -> Result<()> {
    for sql in [
        "DELETE FROM notice_seen WHERE account = $1",
        "DELETE FROM account_notice WHERE account = $1",
        "DELETE FROM account_call WHERE account = $1",
        "DELETE FROM approval WHERE account = $1",
        "DELETE FROM recovery_lookup WHERE account = $1",
        "DELETE FROM session WHERE account = $1",
        "DELETE FROM device WHERE account = $1",
        "DELETE FROM account WHERE id = $1",
    ] {
        conn.execute(sql, values![account])?;
    }
    let sql = "UPDATE account_deletion SET done_us = $1 WHERE account = $2";
    conn.execute(sql, values![now_us, account])?;
    Ok(())
}
