//! Posts of an archive, with their comments and reactions.

use super::{Counts, people};
use crate::{
    feed::{pin_post, react, vote, write_comment, write_post},
    policy::Actor,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, MutationId, PostId, Stream,
    archive::{ArchivedComment, ArchivedPost},
    feed::{CommentWriting, PostPinning, PostWriting, Reacting},
    polls::Voting,
};

/// Brings a post in with all that hangs on it: whole, or nothing of it.
pub(super) fn bring_post(writing: &mut Writing<'_>, archived: &ArchivedPost) -> Result<Counts, Failure> {
    let sql = "SELECT 1 FROM post WHERE community = $1 AND id = $2";
    if writing.conn.first(sql, values![writing.community, archived.id])?.is_some() {
        return Ok(Counts { known: 1, ..Counts::default() });
    }
    let author = people::actor(writing, archived.author)?;
    writing.now_us = archived.created_us;
    let id = MutationId(archived.id.0);
    writing.mutation = Some(id);
    let stream = archived.group.map_or(Stream::Community, Stream::Group);
    let (text, poll) = (archived.text.clone(), archived.poll.as_ref().map(|archived| archived.poll.clone()));
    let (mentions, attachments) = (Vec::new(), Vec::new());
    let new = PostWriting { stream, kind: archived.kind, text, mentions, poll, attachments };
    write_post(writing, &author, id, &new)?;
    for comment in &archived.comments {
        bring_comment(writing, archived.id, comment)?;
    }
    writing.mutation = None;
    let reactions = bring_reactions(writing, archived)?;
    bring_votes(writing, archived)?;
    if archived.pinned {
        let keeper = somebody_on_duty(writing)?;
        pin_post(writing, &keeper, &PostPinning { post: archived.id, pinned: true })?;
    }
    Ok(Counts { posts: 1, comments: archived.comments.len(), reactions, ..Counts::default() })
}

fn bring_comment(writing: &mut Writing<'_>, post: PostId, archived: &ArchivedComment) -> Result<(), Failure> {
    let author = people::actor(writing, archived.author)?;
    writing.now_us = archived.created_us;
    let id = MutationId(archived.id.0);
    writing.mutation = Some(id);
    let (reply_to, text) = (archived.reply_to, archived.text.clone());
    write_comment(
        writing,
        &author,
        id,
        &CommentWriting { post, reply_to, text, mentions: Vec::new(), attachments: Vec::new() },
    )
}

fn bring_reactions(writing: &mut Writing<'_>, archived: &ArchivedPost) -> Result<usize, Failure> {
    let mut count = 0;
    for (reaction, members) in &archived.reactions {
        for member in members {
            let actor = people::actor(writing, *member)?;
            react(writing, &actor, &Reacting { post: archived.id, reaction: reaction.clone(), on: true })?;
            count += 1;
        }
    }
    Ok(count)
}

/// Votes come at the time of their post, when its poll was open.
fn bring_votes(writing: &mut Writing<'_>, archived: &ArchivedPost) -> Result<(), Failure> {
    writing.now_us = archived.created_us;
    for (member, choices) in archived.poll.iter().flat_map(|archived| &archived.votes) {
        let actor = people::actor(writing, *member)?;
        vote(writing, &actor, &Voting { post: archived.id, choices: choices.clone() })?;
    }
    Ok(())
}

/// Whoever answers for the community pins what was pinned.
fn somebody_on_duty(writing: &mut Writing<'_>) -> Result<Actor, Failure> {
    let sql = "SELECT id FROM member WHERE community = $1 AND role = 'owner' AND standing = 'active' LIMIT 1";
    let row = writing.conn.first(sql, values![writing.community])?.ok_or(ErrorCode::NotAllowed)?;
    let owner = row.get(0)?;
    people::actor(writing, owner)
}
