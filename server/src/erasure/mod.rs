//! Erasing for good: a post, a comment, a message, or a member with all that is theirs.
//!
//! An erasure is written into the database with what it removes, and into a list that is kept apart from the
//! database and its backups ([`list`]), so that a restore erases again what an older backup brings back.
//! Whoever asked is told that it is done only once both have it ([`settle`]). Neither says who or what it
//! was: only ids that mean nothing any more.

mod kind;
pub mod list;
mod member;
mod settling;

pub use kind::{Erasure, What};
pub use settling::{ListError, begin_anew, belongs, name, settle};

use crate::{
    db::{Connection, DbError},
    directory, feed,
    media::attaching,
    membership, messages, moderation,
    policy::Permit,
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{CommentId, CommunityId, ErrorCode, PostId};

/// Microseconds in a day.
const DAY_US: i64 = 24 * 3_600_000_000;

/// Erases a post with all that hangs on it and what they show, a comment with its replies, a message, or a member with
/// all that is theirs.
///
/// What is more than one write has room for is left to [`sweep`]; a member has no rights and no name from here
/// on. Doing it again changes nothing. It is done once [`settle`] has been called after the commit.
///
/// # Errors
/// [`ErrorCode::NotFound`] where there is no such thing, nor has there been one that was erased.
pub fn erase(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    what: What,
) -> Result<(), Failure> {
    if !is_there(conn, community, what)? && !directory::is_erased(conn, community, what.id())? {
        return Err(ErrorCode::NotFound.into());
    }
    again(conn, surroundings, community, &Erasure { what, day: surroundings.now_us().div_euclid(DAY_US) })
}

/// Erases again what the list says was erased, also what this database does not know: its id is refused then.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no such community; that the database failed.
pub fn again(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    erasure: &Erasure,
) -> Result<(), Failure> {
    let work = |writing: &mut Writing<'_>| {
        note(writing.conn, community, erasure)?;
        let permit = Permit::of_the_server();
        match erasure.what {
            What::Member(member) => member::begin(writing, member),
            // An id that was erased in a history that a backup does not know may be an upload in this one.
            What::Attachment(id) => attaching::erase_upload(writing, id),
            // Before erasures had a kind, a comment was noted like a post.
            What::Post(PostId(id)) | What::Comment(CommentId(id)) => {
                moderation::erase_reports_about(writing, id)?;
                for attachment in attaching::shown_by(writing, id)? {
                    let what = What::Attachment(attachment);
                    note(writing.conn, community, &Erasure { what, ..*erasure })?;
                }
                if !feed::erase_post(writing, &permit, PostId(id))? {
                    feed::erase_comment(writing, &permit, CommentId(id))?;
                }
                membership::take_out(writing, &permit).map(drop)
            }
            What::Message(message) => {
                moderation::erase_reports_about(writing, message.0)?;
                moderation::erase_beside(writing, &permit, message)?;
                messages::erase_message(writing, &permit, message)?;
                membership::take_out(writing, &permit).map(drop)
            }
        }
    };
    Writing::by_server(conn, surroundings, community, work).map(drop)
}

fn note(conn: &mut dyn Connection, community: CommunityId, erasure: &Erasure) -> Result<(), DbError> {
    conn.execute(
        "INSERT INTO erased (community, id, kind, day, listed) VALUES ($1, $2, $3, $4, 0)
         ON CONFLICT (community, id) DO NOTHING",
        values![community, erasure.what.id(), erasure.what.kind(), erasure.day],
    )?;
    Ok(())
}

fn is_there(conn: &mut dyn Connection, community: CommunityId, what: What) -> Result<bool, DbError> {
    let table = match what {
        What::Post(_) => "post",
        What::Comment(_) => "comment",
        What::Message(_) => "message",
        What::Member(_) => "member",
        What::Attachment(_) => "attachment",
    };
    let sql = format!("SELECT 1 FROM {table} WHERE community = $1 AND id = $2");
    Ok(conn.first(&sql, values![community, what.id()])?.is_some())
}

/// Does some of what deletions, ended memberships, left conversations and erasures have left to be done in a
/// community. Whether there may be more that it can do: members are taken out of conversations only with the message
/// key.
///
/// # Errors
/// That the database failed.
pub fn sweep(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
) -> Result<bool, Failure> {
    Ok(feed::sweep(conn, surroundings, community)?
        || membership::sweep(conn, surroundings, community)?
        || messages::sweep(conn, surroundings, community)?
        || member::sweep(conn, surroundings, community)?)
}

#[cfg(test)]
mod tests;
