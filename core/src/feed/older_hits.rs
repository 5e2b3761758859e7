//! Hits that only the server could find, as a screen shows them.
//!
//! They are shown and not kept. What is of a feed that this member may no longer read is left out.

use super::{
    FeedPost, Selection,
    comments::found,
    details::{Details, Hanging, by_id, of_this_member},
    laid::{Laid, name_of},
    search::{CommentHit, SearchHits},
    window::streams,
};
use crate::{
    error::StoreError,
    store::{Store, mirror::read::Mirrored, view::View},
};
use enishi_protocol::{
    Change, CommunityId, Entity, EntityKind, Stream,
    feed::{Counts, Post, PostKind},
    older::{OlderHit, OlderHits},
};
use uuid::Uuid;

/// The server's hits in a selection, with the outbox laid over them.
///
/// # Errors
/// Those of the store.
pub fn older_hits(
    store: &Store,
    community: CommunityId,
    selection: Selection,
    answer: &OlderHits,
) -> Result<SearchHits, StoreError> {
    store.view(community, |view| {
        let streams = streams(view, selection);
        let laid = Laid::of(view)?;
        let last = answer.hits.last().map(|hit| hit.position);
        let mut hits = SearchHits { ended: last.filter(|_| answer.more), ..SearchHits::default() };
        let readable = |hit: &&OlderHit| streams.contains(&hit.stream) && view.copies.contains_key(&hit.stream);
        for hit in answer.hits.iter().filter(readable) {
            if hit.id == hit.post.0 {
                hits.posts.extend(post(view, &laid, &answer.changes, hit)?);
            } else {
                hits.comments.extend(comment(view, &answer.changes, hit)?);
            }
        }
        Ok(hits)
    })
}

fn post(view: &View<'_>, laid: &Laid<'_>, changes: &[Change], hit: &OlderHit) -> Result<Option<FeedPost>, StoreError> {
    let details = match by_id(view, hit.post)? {
        Some(held) => Some(held),
        None => details(view, changes, hit.stream, hit.id)?,
    };
    Ok(details.and_then(|details| laid.over(view, details)))
}

fn details(view: &View<'_>, changes: &[Change], stream: Stream, id: Uuid) -> Result<Option<Details>, StoreError> {
    let Some((change, Entity::Post(post))) = entity(changes, &EntityKind::Post, id)? else { return Ok(None) };
    if view.unseen.hides_content_of(post.author) && post.kind != PostKind::Announcement {
        return Ok(None);
    }
    let author_name = name_of(view, post.author)?;
    let post = mirrored::<Post>(change, post);
    let (counted, counts) = match entity(changes, &EntityKind::Counts, id)? {
        Some((change, Entity::Counts(counts))) => (Some((change.version, change.mutation)), counts),
        _ => (None, Counts::default()),
    };
    let hanging = Hanging { counts, counted, ..of_this_member(view, id)? };
    Ok(Some(Details { stream, post, author_name, hanging }))
}

fn comment(view: &View<'_>, changes: &[Change], hit: &OlderHit) -> Result<Option<CommentHit>, StoreError> {
    let Some((change, Entity::Comment(comment))) = entity(changes, &EntityKind::Comment, hit.id)? else {
        return Ok(None);
    };
    if view.unseen.hides_content_of(comment.author) {
        return Ok(None);
    }
    let comment = found(view, mirrored(change, comment))?;
    let OlderHit { post, stream, position, .. } = *hit;
    Ok(comment.map(|comment| CommentHit { comment, post, stream, position }))
}

fn entity<'c>(changes: &'c [Change], kind: &EntityKind, id: Uuid) -> Result<Option<(&'c Change, Entity)>, StoreError> {
    let change = changes.iter().find(|change| change.id == id && change.kind == *kind);
    let Some((change, body)) = change.and_then(|change| Some((change, change.body.as_ref()?))) else {
        return Ok(None);
    };
    Ok(Entity::decode(kind, body)?.map(|entity| (change, entity)))
}

fn mirrored<T>(change: &Change, entity: T) -> Mirrored<T> {
    Mirrored { id: change.id, version: change.version, mutation: change.mutation, entity }
}
