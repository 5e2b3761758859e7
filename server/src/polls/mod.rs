//! Polls: whether one can be asked, what each member chose, and how many chose what.
//!
//! Who chose what leaves the server only towards whoever chose. Numbers per option are given from
//! [`POLL_VOTERS_SHOWN`] voters on.

#[cfg(test)]
mod tests;

use crate::{
    db::{DbError, Row},
    policy::Permit,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, PostId, Stream,
    limits::POLL_VOTERS_SHOWN,
    polls::{Choice, MyVote, Poll, PollCounts},
};

/// The row of [`poll_count`](self) that counts voters.
const VOTERS: i64 = -1;

/// Reads a post's poll from its column.
pub(crate) fn read(row: &Row, column: usize) -> Result<Option<Poll>, DbError> {
    let text: Option<String> = row.get(column)?;
    let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
    parsed.map_err(|_| DbError::Type { column, expected: "a poll" })
}

/// What stands in a post's column for its poll.
pub(crate) fn column(poll: Option<&Poll>) -> Result<Option<String>, Failure> {
    Ok(poll.map(serde_json::to_string).transpose()?)
}

/// Refuses a poll that cannot be asked.
pub(crate) fn check(poll: Option<&Poll>, now_us: i64) -> Result<(), ErrorCode> {
    match poll {
        Some(poll) if !poll.is_sound() || poll.closes_us.is_some_and(|closes| closes <= now_us) => {
            Err(ErrorCode::PollInvalid)
        }
        _ => Ok(()),
    }
}

/// Records what a member chooses in place of what they chose before, and tells their inbox. Whether
/// that changes what others see: below the threshold they see only how many have voted.
pub(crate) fn record(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    poll: &Poll,
    (member, choices): (MemberId, &[Choice]),
) -> Result<bool, Failure> {
    let choices = poll.allowed(choices).ok_or(ErrorCode::ChoiceInvalid)?;
    let before = chosen(writing, post, member)?;
    if choices == before {
        return Ok(false);
    }
    let was = counts(writing, post, Some(poll))?;
    store(writing, post, member, &choices)?;
    for (of, change) in [(&before, -1), (&choices, 1)] {
        for choice in of {
            count(writing, post, i64::from(*choice), change)?;
        }
    }
    count(writing, post, VOTERS, i64::from(!choices.is_empty()) - i64::from(!before.is_empty()))?;
    tell(writing, permit, post, member, MyVote { choices, before })?;
    Ok(counts(writing, post, Some(poll))? != was)
}

fn store(writing: &mut Writing<'_>, post: PostId, member: MemberId, choices: &[Choice]) -> Result<(), Failure> {
    if choices.is_empty() {
        writing.conn.execute(
            "DELETE FROM poll_vote WHERE community = $1 AND post = $2 AND member = $3",
            values![writing.community, post, member],
        )?;
    } else {
        writing.conn.execute(
            "INSERT INTO poll_vote (community, post, member, choices) VALUES ($1, $2, $3, $4)
             ON CONFLICT (community, post, member) DO UPDATE SET choices = excluded.choices",
            values![writing.community, post, member, serde_json::to_string(choices)?],
        )?;
    }
    Ok(())
}

fn count(writing: &mut Writing<'_>, post: PostId, choice: i64, change: i64) -> Result<(), Failure> {
    writing.conn.execute(
        "INSERT INTO poll_count (community, post, choice, members) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community, post, choice) DO UPDATE SET members = poll_count.members + excluded.members",
        values![writing.community, post, choice, change],
    )?;
    Ok(())
}

fn tell(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    member: MemberId,
    vote: MyVote,
) -> Result<(), Failure> {
    let inbox = Stream::Member(member);
    if vote.choices.is_empty() {
        writing.gone(permit, inbox, &EntityKind::MyVote, post.0)?;
    } else {
        writing.put(permit, inbox, post.0, None, &Entity::MyVote(vote))?;
    }
    Ok(())
}

fn chosen(writing: &mut Writing<'_>, post: PostId, member: MemberId) -> Result<Vec<Choice>, Failure> {
    let row = writing.conn.first(
        "SELECT choices FROM poll_vote WHERE community = $1 AND post = $2 AND member = $3",
        values![writing.community, post, member],
    )?;
    let Some(row) = row else { return Ok(Vec::new()) };
    Ok(serde_json::from_str(&row.get::<String>(0)?)?)
}

/// The votes as everyone may see them; none where nobody has voted.
pub(crate) fn counts(
    writing: &mut Writing<'_>,
    post: PostId,
    poll: Option<&Poll>,
) -> Result<Option<PollCounts>, Failure> {
    let Some(poll) = poll else { return Ok(None) };
    let rows = writing.conn.query(
        "SELECT choice, members FROM poll_count WHERE community = $1 AND post = $2",
        values![writing.community, post],
    )?;
    let mut voters = 0;
    let mut per_option = vec![0; poll.options.len()];
    for row in &rows {
        let (choice, members): (i64, i64) = (row.get(0)?, row.get(1)?);
        if choice == VOTERS {
            voters = members;
        } else if let Some(held) = usize::try_from(choice).ok().and_then(|choice| per_option.get_mut(choice)) {
            *held = members;
        }
    }
    let shown = voters >= POLL_VOTERS_SHOWN;
    Ok((voters > 0).then(|| PollCounts { voters, votes: shown.then_some(per_option) }))
}

/// Takes back what one member chose, without telling their inbox: it is going as well.
pub(crate) fn forget_of(writing: &mut Writing<'_>, post: PostId, member: MemberId) -> Result<(), Failure> {
    let choices = chosen(writing, post, member)?;
    for choice in &choices {
        count(writing, post, i64::from(*choice), -1)?;
    }
    count(writing, post, VOTERS, -i64::from(!choices.is_empty()))?;
    store(writing, post, member, &[])
}

/// Takes back the votes on a post that is gone, of at most `members` members. Whether none are left.
pub(crate) fn forget(
    writing: &mut Writing<'_>,
    permit: &Permit,
    post: PostId,
    members: usize,
) -> Result<bool, Failure> {
    let limit = i64::try_from(members).unwrap_or(i64::MAX);
    let rows = writing.conn.query(
        "SELECT member FROM poll_vote WHERE community = $1 AND post = $2 LIMIT $3",
        values![writing.community, post, limit],
    )?;
    for row in &rows {
        let member: MemberId = row.get(0)?;
        store(writing, post, member, &[])?;
        writing.gone(permit, Stream::Member(member), &EntityKind::MyVote, post.0)?;
    }
    let done = rows.len() < members;
    if done {
        writing
            .conn
            .execute("DELETE FROM poll_count WHERE community = $1 AND post = $2", values![writing.community, post])?;
    }
    Ok(done)
}
