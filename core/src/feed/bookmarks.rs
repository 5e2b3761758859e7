//! What a member has bookmarked, as a list.

use super::{
    FeedPost,
    comments::single,
    laid::{Laid, written_us},
};
use crate::{
    error::StoreError,
    store::{Store, values::id, view::View},
    sync::replica::State,
};
use enishi_protocol::{CommunityId, Operation, PostId};
use std::{cmp::Reverse, collections::BTreeMap};

/// Bookmarked posts that this phone holds, the newest bookmark first, at most `size`; what waits to be sent counts
/// already. Those that it does not hold yet come by themselves while it is online.
pub fn bookmarks(store: &Store, community: CommunityId, size: usize) -> Result<Vec<FeedPost>, StoreError> {
    store.view(community, |view| {
        let laid = Laid::of(view)?;
        let mut marked: Vec<_> = marked(view)?.into_iter().collect();
        marked.sort_by_key(|(post, at_us)| Reverse((*at_us, *post)));
        let mut posts = Vec::new();
        for (post, _) in marked {
            if posts.len() == size {
                break;
            }
            posts.extend(single(view, &laid, post)?.filter(|post| post.bookmarked));
        }
        Ok(posts)
    })
}

/// Every bookmark with when it was made, in microseconds since 1970 UTC: by the server's clock, or while it waits by
/// this phone's.
fn marked(view: &View<'_>) -> Result<BTreeMap<PostId, i64>, StoreError> {
    let sql = "SELECT id, coalesce(body ->> '$.at_us', 0) FROM entity WHERE copy = ?1 AND kind = 'bookmark'";
    let mut statement = view.connection.prepare_cached(sql)?;
    let mut rows = statement.query([view.inbox()])?;
    let mut marked = BTreeMap::new();
    while let Some(row) = rows.next()? {
        marked.insert(PostId(id(row, 0)?), row.get(1)?);
    }
    for entry in view.overlay.iter() {
        let Some(Operation::Bookmark(bookmarking)) = &entry.operation else { continue };
        if bookmarking.on && entry.waiting.state == State::Waiting {
            marked.entry(bookmarking.post).or_insert_with(|| written_us(entry.waiting.id));
        }
    }
    Ok(marked)
}
