//! The feed: posts, comments, reactions, bookmarks, read marks, and what was written before.
//!
//! A dependant's stream is its post's, never what a request says.

mod comment_row;
mod comments;
mod erasing;
pub mod hiding;
mod history;
mod leftovers;
mod marks;
mod mentions;
mod post_row;
mod posts;
mod reactions;
mod search;
mod seeing;
mod votes;

pub(crate) use comments::erase as erase_comment;
pub use comments::{delete_comment, edit_comment, write_comment};
pub(crate) use erasing::erase_all_by;
pub use history::{comment_history, post_history};
pub use leftovers::sweep;
pub use marks::{mark_read, set_bookmark};
pub(crate) use posts::erase as erase_post;
pub use posts::{delete_post, edit_post, move_post, pin_post, write_post};
pub use reactions::react;
pub use search::search;
pub(crate) use seeing::check_shows;
pub use votes::vote;

use crate::{
    db::DbError,
    directory::is_erased,
    grants, groups,
    policy::{Actor, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{ErrorCode, MemberId, Stream, limits, media::Attaching};
use uuid::Uuid;

/// Changes that taking one thing away may make at most: out of a stream, into another, out of inboxes,
/// and where it was hidden out of its author's inbox and two desks.
const ROOM: usize = 5 + limits::MENTIONS;

/// What a member is to a thing by `author` in `stream`.
fn relation(
    writing: &mut Writing<'_>,
    actor: &Actor,
    stream: Stream,
    author: Option<MemberId>,
) -> Result<Relation, Failure> {
    let reads = grants::of(writing.conn, writing.community, actor.id, stream)?.is_some();
    let keeper = match stream {
        Stream::Group(group) if reads => {
            groups::keeper(writing.conn, writing.community, group, actor.id)? == Some(true)
        }
        _ => false,
    };
    Ok(Relation { reads, author: author == Some(actor.id), keeper, ..Relation::NONE })
}

/// Refuses text that is empty, too long, or that no engine could store.
fn check_text(text: &str, chars: usize) -> Result<(), ErrorCode> {
    if text.trim().is_empty() {
        Err(ErrorCode::TextEmpty)
    } else if text.contains('\0') {
        Err(ErrorCode::Malformed)
    } else if text.chars().count() > chars {
        Err(ErrorCode::TextTooLong)
    } else {
        Ok(())
    }
}

/// Refuses a text as [`check_text`] does; where something else is shown it may be empty.
fn check_content(text: &str, chars: usize, shows: &[Attaching]) -> Result<(), ErrorCode> {
    match check_text(text, chars) {
        Err(ErrorCode::TextEmpty) if !shows.is_empty() && !text.contains('\0') => Ok(()),
        checked => checked,
    }
}

/// Refuses an id that was erased, or that something bears already.
fn check_id(writing: &mut Writing<'_>, id: Uuid) -> Result<(), Failure> {
    use enishi_protocol::rules::{Rule, on};
    let known = |writing: &mut Writing<'_>, sql: &str| -> Result<bool, DbError> {
        Ok(writing.conn.first(sql, values![writing.community, id])?.is_some())
    };
    if on(Rule::ErasedIds) && is_erased(writing.conn, writing.community, id)? {
        return Err(ErrorCode::Erased.into());
    }
    if known(writing, "SELECT 1 FROM post WHERE community = $1 AND id = $2")?
        || known(writing, "SELECT 1 FROM comment WHERE community = $1 AND id = $2")?
    {
        return Err(ErrorCode::AlreadyExists.into());
    }
    Ok(())
}

/// Keeps a text before it is replaced.
fn keep_earlier(writing: &mut Writing<'_>, of: Uuid, text_by: Uuid, text: &str) -> Result<(), Failure> {
    let until = writing.next_version();
    writing.conn.execute(
        "INSERT INTO earlier_text (community, of_id, until, until_us, text_by, text) VALUES ($1, $2, $3, $4, $5, $6)",
        values![writing.community, of, until, writing.now_us, text_by, text],
    )?;
    Ok(())
}

fn forget_earlier(writing: &mut Writing<'_>, of: Uuid) -> Result<(), Failure> {
    writing
        .conn
        .execute("DELETE FROM earlier_text WHERE community = $1 AND of_id = $2", values![writing.community, of])?;
    Ok(())
}

#[cfg(test)]
mod tests;
