//! Vouching: where nobody proves who they are, members who know them let them in together. Whoever is on duty can
//! still decide alone, either way.
//!
//! What members see of the wish is the name and the word of whoever asks, and nothing else. Who vouches is seen by
//! the desk alone.

use super::{admission, find, leave_in_stream};
use crate::{
    db::{Connection, DbError},
    directory,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, Entity, EntityKind, ErrorCode, MemberId, RequestId, Stream,
    invitations::{JoinDecision, JoinRequest, JoinVouching},
    limits,
    membership::{CommunityKind, PersonName},
};

/// How many members must vouch in a community; 0 where vouching lets nobody in.
///
/// # Errors
/// That the database failed.
pub fn needed(conn: &mut dyn Connection, community: CommunityId) -> Result<i64, DbError> {
    let row = conn.first("SELECT vouches FROM community WHERE id = $1", values![community])?;
    if let Some(chosen) = row.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten() {
        return Ok(chosen);
    }
    let kind = directory::community(conn, community)?.map(|row| row.community.kind);
    Ok(if kind == Some(CommunityKind::Circle) { limits::JOIN_VOUCHES } else { 0 })
}

/// Chooses how many members must vouch.
///
/// # Errors
/// That the database failed.
pub fn choose(conn: &mut dyn Connection, community: CommunityId, vouches: i64) -> Result<(), DbError> {
    conn.execute("UPDATE community SET vouches = $2 WHERE id = $1", values![community, vouches]).map(drop)
}

/// A wish to join, as it is kept.
struct Wish {
    member: MemberId,
    name: PersonName,
    invited_by: Option<MemberId>,
    note: String,
    at_us: i64,
}

impl Wish {
    fn load(writing: &mut Writing<'_>, request: RequestId) -> Result<Option<Self>, Failure> {
        let sql = "SELECT member, invited_by, note, at_us FROM join_request \
                   WHERE community = $1 AND id = $2 AND group_id IS NULL";
        let Some(row) = writing.conn.first(sql, values![writing.community, request])? else { return Ok(None) };
        let member = row.get(0)?;
        let name = find(writing.conn, writing.community, member)?.ok_or(ErrorCode::NotFound)?.actor.name;
        Ok(Some(Self { member, name, invited_by: row.get(1)?, note: row.get(2)?, at_us: row.get(3)? }))
    }

    /// Shows how far it has come, to members and to the desk.
    fn publish(
        self,
        writing: &mut Writing<'_>,
        permit: &Permit,
        (request, needed): (RequestId, i64),
        vouchers: Vec<MemberId>,
    ) -> Result<(), Failure> {
        let count = i64::try_from(vouchers.len()).unwrap_or(i64::MAX);
        let Self { member, name, invited_by, note, at_us } = self;
        let vouching = JoinVouching { name: name.clone(), note: note.clone(), needed, vouches: count, at_us };
        writing.put(permit, Stream::Community, request.0, None, &Entity::JoinVouching(vouching))?;
        if !vouchers.is_empty() {
            let entity =
                Entity::JoinRequest(JoinRequest { member, name, invited_by, note, at_us, vouched_by: vouchers });
            writing.put(permit, Stream::community_desk(writing.community), request.0, None, &entity)?;
        }
        Ok(())
    }
}

/// Lets members vouch for somebody who has just asked to join, where the community has it so. Not for somebody who
/// was removed: that is for the desk.
///
/// # Errors
/// That the database failed.
pub fn open(writing: &mut Writing<'_>, request: RequestId, account: AccountId) -> Result<(), Failure> {
    let needed = needed(writing.conn, writing.community)?;
    if needed == 0 || super::was_removed(writing.conn, writing.community, account)? {
        return Ok(());
    }
    let wish = Wish::load(writing, request)?.ok_or(ErrorCode::NotFound)?;
    wish.publish(writing, &Permit::of_the_server(), (request, needed), Vec::new())
}

/// Vouches for somebody who waits. Returns whom to tell where that was enough: they are in then. Doing it again
/// changes nothing.
///
/// # Errors
/// [`ErrorCode::NotFound`] where nobody waits under this id, or members do not decide about them;
/// [`ErrorCode::NotAllowed`] for the one who invited them and for members who came lately.
pub fn vouch(writing: &mut Writing<'_>, actor: &Actor, request: RequestId) -> Result<Option<AccountId>, Failure> {
    let permit = policy::ask(actor, Action::VouchJoin, Relation::NONE)?;
    let wish = Wish::load(writing, request)?.ok_or(ErrorCode::NotFound)?;
    let wanted = needed(writing.conn, writing.community)?;
    let newcomer = find(writing.conn, writing.community, wish.member)?.ok_or(ErrorCode::NotFound)?;
    if wanted == 0 || super::was_removed(writing.conn, writing.community, newcomer.account)? {
        return Err(ErrorCode::NotFound.into());
    }
    let joined_us = find(writing.conn, writing.community, actor.id)?.ok_or(ErrorCode::NotFound)?.joined_us;
    // Whoever invites has said so already, and whoever was just brought in must not bring in the next.
    let lately = writing.now_us < joined_us + limits::JOIN_VOUCHER_SECONDS * 1_000_000;
    if wish.invited_by == Some(actor.id) || lately {
        return Err(ErrorCode::NotAllowed.into());
    }
    let noted = writing.conn.execute(
        "INSERT INTO join_vouch (community, request, member, at_us) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, request, member) DO NOTHING",
        values![writing.community, request, actor.id, writing.now_us],
    )?;
    let by = vouchers(writing, request)?;
    if i64::try_from(by.len()).is_ok_and(|count| count >= wanted) {
        return admission::decided(writing, &permit, &JoinDecision { request, accept: true });
    }
    if noted > 0 {
        wish.publish(writing, &permit, (request, wanted), by)?;
    }
    Ok(None)
}

/// Who vouches and is a member now.
fn vouchers(writing: &mut Writing<'_>, request: RequestId) -> Result<Vec<MemberId>, Failure> {
    let rows = writing.conn.query(
        "SELECT v.member FROM join_vouch v JOIN member m ON m.community = v.community AND m.id = v.member \
         WHERE v.community = $1 AND v.request = $2 AND m.standing = 'active' ORDER BY v.at_us, v.member",
        values![writing.community, request],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?)
}

/// Nobody can vouch any more: it is decided.
pub(super) fn close(writing: &mut Writing<'_>, permit: &Permit, request: RequestId) -> Result<(), Failure> {
    writing.gone(permit, Stream::Community, &EntityKind::JoinVouching, request.0)?;
    forget(writing, request)
}

/// The same for somebody who is not waiting any more; members are told as far as one write has room for it.
pub(super) fn drop_wish(writing: &mut Writing<'_>, request: RequestId) -> Result<(), Failure> {
    leave_in_stream(writing, Stream::Community, &EntityKind::JoinVouching, request.0)?;
    forget(writing, request)
}

fn forget(writing: &mut Writing<'_>, request: RequestId) -> Result<(), Failure> {
    let sql = "DELETE FROM join_vouch WHERE community = $1 AND request = $2";
    writing.conn.execute(sql, values![writing.community, request])?;
    Ok(())
}
