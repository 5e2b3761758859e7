//! Everything that one member has put into feeds, erased: as much at a time as one write has room for.

use super::{comments, marks, posts, reactions, votes};
use crate::{
    db::{DbError, FromValue},
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::MemberId;

/// Room that erasing one thing needs at least: it is taken away, and its post is counted anew.
const ROOM: usize = super::ROOM + 1;

/// Erases posts, comments, reactions, votes and marks of a member, as many as there is room for. Whether none are
/// left; what hangs on the posts is swept up like that of any that was deleted.
pub(crate) fn erase_all_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    Ok(posts_by(writing, permit, member)?
        && comments_by(writing, permit, member)?
        && reactions_by(writing, permit, member)?
        && votes_by(writing, permit, member)?
        && marks::forget_all_of(writing, member).map(|()| true)?)
}

/// The ids in the first column of a query for what is a member's, and whether those are all there are.
fn ids<T: FromValue>(writing: &mut Writing<'_>, sql: &str, member: MemberId) -> Result<(Vec<T>, bool), Failure> {
    let limit = writing.room();
    let values = values![writing.community, member, i64::try_from(limit).unwrap_or(i64::MAX)];
    let ids = writing.conn.query(sql, values)?.iter().map(|row| row.get(0)).collect::<Result<Vec<T>, DbError>>()?;
    let all = ids.len() < limit;
    Ok((ids, all))
}

fn posts_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let (posts, all) = ids(writing, "SELECT id FROM post WHERE community = $1 AND author = $2 LIMIT $3", member)?;
    for post in posts {
        if writing.room() < ROOM {
            return Ok(false);
        }
        posts::erase(writing, permit, post)?;
    }
    Ok(all)
}

fn comments_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let (comments, all) = ids(writing, "SELECT id FROM comment WHERE community = $1 AND author = $2 LIMIT $3", member)?;
    for comment in comments {
        if writing.room() < ROOM {
            return Ok(false);
        }
        comments::erase(writing, permit, comment)?;
    }
    Ok(all)
}

fn reactions_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let sql = "SELECT DISTINCT post FROM reaction WHERE community = $1 AND member = $2 LIMIT $3";
    let (posts, all) = ids(writing, sql, member)?;
    for post in posts {
        if writing.room() == 0 {
            return Ok(false);
        }
        reactions::forget_of(writing, permit, post, member)?;
    }
    Ok(all)
}

fn votes_by(writing: &mut Writing<'_>, permit: &Permit, member: MemberId) -> Result<bool, Failure> {
    let (posts, all) =
        ids(writing, "SELECT post FROM poll_vote WHERE community = $1 AND member = $2 LIMIT $3", member)?;
    for post in posts {
        if writing.room() == 0 {
            return Ok(false);
        }
        votes::forget_of(writing, permit, post, member)?;
    }
    Ok(all)
}
