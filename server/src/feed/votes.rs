//! Voting in a post's poll: counted for everyone, known one by one only to whoever voted.

use super::{hiding, post_row, relation};
use crate::{
    policy::{self, Action, Actor, Permit},
    polls,
    writing::{Failure, Writing},
};
use enishi_protocol::{ErrorCode, MemberId, PostId, polls::Voting};

/// Votes, votes anew, or takes the vote back. The same choices once more change nothing.
///
/// # Errors
/// [`ErrorCode::Hidden`] where it is; [`ErrorCode::PollClosed`] after its closing time; or why not, as the member is told.
pub fn vote(writing: &mut Writing<'_>, actor: &Actor, voting: &Voting) -> Result<(), Failure> {
    let post = post_row::find(writing.conn, writing.community, voting.post)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation(writing, actor, post.stream, Some(post.post.author))?;
    let permit = policy::ask(actor, Action::Vote, relation)?;
    hiding::check_shown(post.post.hidden.as_ref())?;
    let poll = post.post.poll.as_ref().ok_or(ErrorCode::ChoiceInvalid)?;
    if poll.closes_us.is_some_and(|closes| closes <= writing.now_us) {
        return Err(ErrorCode::PollClosed.into());
    }
    let shows = polls::record(writing, &permit, post.id, poll, (actor.id, &voting.choices))?;
    if shows {
        // The id of a mutation tells the moment at which a phone made it: nobody else needs to know.
        let by = writing.mutation.take();
        post_row::put_counts(writing, &permit, &post)?;
        writing.mutation = by;
    }
    Ok(())
}

/// Takes back one member's vote on a post.
pub(super) fn forget_of(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    member: MemberId,
) -> Result<(), Failure> {
    polls::forget_of(writing, post, member)?;
    match post_row::find(writing.conn, writing.community, post)? {
        Some(post) => post_row::put_counts(writing, permit, &post),
        None => Ok(()),
    }
}
