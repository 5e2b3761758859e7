//! A post as the database knows it, and what its stream is told of what hangs on it, counted.

use super::{hiding, mentions};
use crate::{
    db::{Connection, DbError},
    media::attaching,
    policy::Permit,
    polls, values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, PostId, Stream,
    feed::{Counts, Post, PostKind},
};
use std::collections::BTreeMap;

/// A post as the database knows it.
#[derive(Clone, Debug)]
pub(super) struct PostRow {
    pub(super) id: PostId,
    pub(super) stream: Stream,
    pub(super) comments: i64,
    pub(super) post: Post,
}

pub(super) fn find(conn: &mut dyn Connection, community: CommunityId, id: PostId) -> Result<Option<PostRow>, DbError> {
    let row = conn.first(
        "SELECT p.stream, p.comments, p.position, p.author, p.kind, p.text, p.text_by, p.created_us, p.edited_us,
         p.pinned, p.mentions, p.poll, h.stub, p.attachments
         FROM post p LEFT JOIN hidden h ON h.community = p.community AND h.id = p.id
         WHERE p.community = $1 AND p.id = $2",
        values![community, id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let hidden = hiding::stub(&row, 12)?;
    let attachments: Option<String> = row.get(13)?;
    let post = Post {
        position: row.get(2)?,
        author: row.get(3)?,
        kind: kind_named(&row.get::<String>(4)?),
        text: row.get(5)?,
        text_by: row.get(6)?,
        created_us: row.get(7)?,
        edited_us: row.get(8)?,
        pinned: row.get(9)?,
        mentions: mentions::unpack(&row.get::<Vec<u8>>(10)?),
        // What may be voted about is hidden with the text.
        poll: polls::read(&row, 11)?.filter(|_| hidden.is_none()),
        // … and so is what it shows.
        attachments: attaching::unpack(attachments.as_deref().filter(|_| hidden.is_none())),
        hidden,
    };
    Ok(Some(PostRow { id, stream: row.get(0)?, comments: row.get(1)?, post }))
}

const KINDS: [(PostKind, &str); 3] =
    [(PostKind::Text, "text"), (PostKind::Announcement, "announcement"), (PostKind::Question, "question")];

fn kind_named(name: &str) -> PostKind {
    KINDS.iter().find(|(_, known)| *known == name).map_or(PostKind::Text, |(kind, _)| *kind)
}

pub(super) fn kind_name(kind: PostKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("text", |(_, name)| name)
}

/// Puts a post's counts into its stream.
pub(super) fn put_counts(writing: &mut Writing<'_>, permit: &Permit, row: &PostRow) -> Result<(), Failure> {
    let mut counts = counts(writing, row.id, row.comments)?;
    counts.poll = polls::counts(writing, row.id, row.post.poll.as_ref())?;
    writing.put(permit, row.stream, row.id.0, Some(row.post.position), &Entity::Counts(counts))?;
    Ok(())
}

/// Counts comments that came or went.
pub(super) fn count_comments(
    writing: &mut Writing<'_>,
    permit: &Permit,
    mut row: PostRow,
    change: i64,
) -> Result<(), Failure> {
    row.comments += change;
    writing.conn.execute(
        "UPDATE post SET comments = $3 WHERE community = $1 AND id = $2",
        values![writing.community, row.id, row.comments],
    )?;
    put_counts(writing, permit, &row)
}

/// What hangs on a post, counted.
fn counts(writing: &mut Writing<'_>, post: PostId, comments: i64) -> Result<Counts, Failure> {
    let rows = writing.conn.query(
        "SELECT reaction, members FROM reaction_count WHERE community = $1 AND post = $2 AND members > 0",
        values![writing.community, post],
    )?;
    let reactions = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?)));
    let reactions = reactions.collect::<Result<BTreeMap<_, _>, DbError>>()?;
    Ok(Counts { comments, reactions, poll: None })
}
