//! A post's row with what belongs to it, read by one statement.

use crate::{
    error::StoreError,
    store::{
        mirror::{
            places,
            read::{self, Mirrored, json_column},
        },
        values::{first, id_or_none},
        view::{View, Written},
    },
};
use enishi_protocol::{
    Operation, PostId, Stream, Version,
    feed::{Bookmark, Counts, MyReactions, Post},
    membership::PersonName,
    polls::MyVote,
};
use rusqlite::{Row, ToSql, params};
use std::{borrow::Cow, sync::LazyLock};
use uuid::Uuid;

/// A post of the mirror with its author's name and what hangs on it.
#[derive(Debug)]
pub(crate) struct Details {
    pub(crate) stream: Stream,
    pub(crate) post: Mirrored<Post>,
    pub(crate) author_name: Option<String>,
    pub(crate) hanging: Hanging,
}

/// What hangs on a post: its counts, and what this member did to it.
#[derive(Debug, Default)]
pub(crate) struct Hanging {
    pub(crate) counts: Counts,
    /// What wrote the counts; none where there is no row of them.
    pub(crate) counted: Option<Written>,
    pub(crate) mine: Vec<String>,
    /// This member's vote, where the post has a poll, and what wrote it.
    pub(crate) vote: Option<(MyVote, Written)>,
    pub(crate) bookmarked: bool,
}

/// What [`details`] reads after the columns of the post. Parameters: ?1 the copy or its older posts,
/// which have its complement for a number; ?2 the community's copy, ?3 the inbox's.
const SELECT: &str = "
    , counts.version, counts.mutation, counts.comments, counts.reactions,
    coalesce(member.family, (SELECT body ->> '$.name.family' FROM entity
        WHERE entity.copy = max(?1, ~?1) AND entity.kind = 'group_member' AND entity.id = post.author)),
    coalesce(member.given, (SELECT body ->> '$.name.given' FROM entity
        WHERE entity.copy = max(?1, ~?1) AND entity.kind = 'group_member' AND entity.id = post.author)),
    (SELECT body FROM entity WHERE copy = ?3 AND kind = 'my_reactions' AND id = post.id),
    EXISTS (SELECT 1 FROM entity WHERE copy = ?3 AND kind = 'bookmark' AND id = post.id), counts.poll
    FROM post
    LEFT JOIN counts ON counts.copy = ?1 AND counts.id = post.id
    LEFT JOIN member ON member.copy = ?2 AND member.id = post.author";

/// Which rows to read: the condition, and what comes after it.
struct Pick {
    condition: &'static str,
    order: &'static str,
    /// The statement for a member who sees everybody. Made once: a window is read each time a screen changes.
    whole: LazyLock<String>,
}

macro_rules! pick {
    ($condition:literal, $order:literal) => {
        Pick {
            condition: $condition,
            order: $order,
            whole: LazyLock::new(|| statement(concat!($condition, " ", $order))),
        }
    };
}

static NEWEST_FIRST: Pick = pick!("post.place BETWEEN ?4 AND ?5", "ORDER BY post.place DESC LIMIT ?6");
static OLDEST_FIRST: Pick = pick!("post.place BETWEEN ?4 AND ?5", "ORDER BY post.place ASC LIMIT ?6");
static AT: Pick = pick!("post.place IN (SELECT value FROM json_each(?4))", "ORDER BY post.place DESC");
static BY_ID: Pick = pick!("post.id = ?4 AND post.place BETWEEN ?5 AND ?6", "");

impl Pick {
    /// The statement, without posts of members whose content is left out.
    fn sql(&self, view: &View<'_>) -> Cow<'_, str> {
        match view.unseen.of_posts("post") {
            Some(seen) => Cow::Owned(statement(&format!("{} AND {seen} {}", self.condition, self.order))),
            None => Cow::Borrowed(self.whole.as_str()),
        }
    }
}

fn statement(rest: &str) -> String {
    let post = read::POST.split(", ").map(|column| format!("post.{column}")).collect::<Vec<_>>().join(", ");
    format!("SELECT {post}{SELECT} WHERE {rest}")
}

/// Posts of a part of a feed with `from <= position <= to`, at most `limit`, the newest first or the oldest first.
pub(super) fn range(
    view: &View<'_>,
    (stream, part): (Stream, i64),
    (from, to): (i64, i64),
    newest_first: bool,
    limit: usize,
) -> Result<Vec<Details>, StoreError> {
    let pick = if newest_first { &NEWEST_FIRST } else { &OLDEST_FIRST };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (first, last) = places(part);
    let (from, to) = (first.saturating_add(from), first.saturating_add(to).min(last));
    query(view, stream, part, pick, &[&from, &to, &limit])
}

/// Posts of a copy at these places, newest first.
pub(super) fn at(view: &View<'_>, stream: Stream, places: &[i64]) -> Result<Vec<Details>, StoreError> {
    query(view, stream, view.copy(stream), &AT, &[&serde_json::to_string(places)?])
}

/// A post, in whichever shown copy it stands or among the older ones; the newest row where there are
/// several, as after a move.
pub(crate) fn by_id(view: &View<'_>, post: PostId) -> Result<Option<Details>, StoreError> {
    let mut rows = Vec::new();
    for stream in view.copies.keys().filter(|stream| stream.has_feed()) {
        for part in view.parts_of(*stream) {
            let (from, to) = places(part);
            rows.extend(query(view, *stream, part, &BY_ID, &[post.0.as_bytes(), &from, &to])?);
        }
    }
    if rows.is_empty() {
        return carried_by_id(view, post);
    }
    rows.reverse();
    Ok(rows.into_iter().max_by_key(|details| details.post.version))
}

/// A post that is on its way from one feed to another, by a move of this member's, where they read the other.
fn carried_by_id(view: &View<'_>, post: PostId) -> Result<Option<Details>, StoreError> {
    let goes = view.shown_operations().filter_map(|(_, operation)| match operation {
        Operation::MovePost(moving) if moving.post == post => Some(moving.stream),
        _ => None,
    });
    let Some(stream) = goes.last().filter(|stream| view.copies.contains_key(stream)) else { return Ok(None) };
    let (from, to) = places(view.carried);
    Ok(query(view, stream, view.carried, &BY_ID, &[post.0.as_bytes(), &from, &to])?.pop())
}

fn query(
    view: &View<'_>,
    stream: Stream,
    copy: i64,
    pick: &Pick,
    parameters: &[&dyn ToSql],
) -> Result<Vec<Details>, StoreError> {
    let mut statement = view.connection.prepare_cached(&pick.sql(view))?;
    let (commons, inbox) = (view.commons(), view.inbox());
    let mut all: Vec<&dyn ToSql> = vec![&copy, &commons, &inbox];
    all.extend(parameters);
    let mut rows = statement.query(&all[..])?;
    let mut posts = Vec::new();
    while let Some(row) = rows.next()? {
        let mut details = details(row, stream)?;
        if details.post.entity.poll.is_some() {
            details.hanging.vote = view.mirrored(inbox, "my_vote", details.post.id)?;
        }
        details.hanging.counts.comments -= unseen_comments(view, copy, &details)?;
        posts.push(details);
    }
    Ok(posts)
}

/// How many of the comments that are counted are left out: those of members whose content is, and
/// the replies to them.
fn unseen_comments(view: &View<'_>, copy: i64, details: &Details) -> Result<i64, StoreError> {
    let Some(seen) = view.unseen.condition("author").filter(|_| details.hanging.counts.comments > 0) else {
        return Ok(0);
    };
    let sql = format!(
        "SELECT count(DISTINCT id) FROM comment WHERE copy IN (?1, ~?1) AND post = ?2 AND (NOT {seen} OR reply_to IN
         (SELECT id FROM comment WHERE copy IN (?1, ~?1) AND post = ?2 AND NOT {seen}))"
    );
    let post = details.post.id;
    Ok(first(view.connection, &sql, params![copy, post.as_bytes()])?.unwrap_or_default())
}

fn details(row: &Row<'_>, stream: Stream) -> Result<Details, StoreError> {
    let counted = match row.get::<_, Option<i64>>(15)? {
        Some(version) => Some((Version(version), id_or_none(row, 16)?)),
        None => None,
    };
    let counts = Counts {
        comments: row.get::<_, Option<i64>>(17)?.unwrap_or_default(),
        reactions: json_column(row, 18)?.unwrap_or_default(),
        poll: json_column(row, 23)?,
    };
    let mine: Option<MyReactions> = json_column(row, 21)?;
    let hanging = Hanging {
        counts,
        counted,
        mine: mine.map(|mine| mine.reactions).unwrap_or_default(),
        vote: None,
        bookmarked: row.get(22)?,
    };
    Ok(Details { stream, post: read::post(row)?, author_name: full_name(row, 19)?, hanging })
}

/// What the mirror has of a post whose own row is not there yet: it may lie on a later page of a first
/// sync, while what hangs on it came with a batch.
pub(super) fn hanging_on(view: &View<'_>, post: PostId) -> Result<Hanging, StoreError> {
    let mut hanging = of_this_member(view, post.0)?;
    let sql = "SELECT version, mutation, comments, reactions, poll FROM counts WHERE copy = ?1 AND id = ?2";
    let mut statement = view.connection.prepare_cached(sql)?;
    for part in view.parts() {
        let mut rows = statement.query(rusqlite::params![part, post.0.as_bytes()])?;
        let Some(row) = rows.next()? else { continue };
        let written = (Version(row.get(0)?), id_or_none(row, 1)?);
        // A post that moved has left counts behind.
        if hanging.counted.is_none_or(|(version, _)| version < written.0) {
            let reactions = json_column(row, 3)?.unwrap_or_default();
            hanging.counts = Counts { comments: row.get(2)?, reactions, poll: json_column(row, 4)? };
            hanging.counted = Some(written);
        }
    }
    Ok(hanging)
}

/// What this member did to a post, as the inbox has it; no counts.
pub(super) fn of_this_member(view: &View<'_>, post: Uuid) -> Result<Hanging, StoreError> {
    let mine: Option<MyReactions> = view.entity(view.inbox(), "my_reactions", post)?;
    let bookmark: Option<Bookmark> = view.entity(view.inbox(), "bookmark", post)?;
    Ok(Hanging {
        mine: mine.map(|mine| mine.reactions).unwrap_or_default(),
        vote: view.mirrored(view.inbox(), "my_vote", post)?,
        bookmarked: bookmark.is_some(),
        ..Hanging::default()
    })
}

/// A full name from its two columns, of which the first is `family`.
pub(super) fn full_name(row: &Row<'_>, family: usize) -> rusqlite::Result<Option<String>> {
    let given = row.get::<_, Option<String>>(family + 1)?.unwrap_or_default();
    Ok(row.get::<_, Option<String>>(family)?.map(|family| PersonName { family, given }.full()))
}
