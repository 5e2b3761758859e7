//! Bookmarked posts below the floor: they are fetched one by one and lie with the older posts, outside the bound
//! of those, for as long as they are bookmarked.

use super::{Flush, OlderTaken, Store, mirror::extent::put_older, values::id, view::View};
use crate::error::StoreError;
use enishi_protocol::{
    CommunityId, Entity, PostId,
    older::{SinglePost, SinglePosts},
};
use std::collections::HashSet;

impl Store {
    /// Posts that this member has bookmarked and the phone does not hold, at most `limit` that are not among
    /// `known`; none before all that it is to hold is here, as they may come with that.
    ///
    /// # Errors
    /// Those of the store.
    pub fn bookmarked_elsewhere(
        &self,
        community: CommunityId,
        known: &HashSet<PostId>,
        limit: usize,
    ) -> Result<Vec<PostId>, StoreError> {
        self.view(community, |view| {
            if view.copies.is_empty() || view.copies.values().any(|copy| !copy.whole) {
                return Ok(Vec::new());
            }
            let mut statement = view.connection.prepare_cached(
                "SELECT id FROM entity AS bookmark WHERE copy = ?1 AND kind = 'bookmark'
                 AND NOT EXISTS (SELECT 1 FROM post WHERE post.id = bookmark.id)",
            )?;
            let mut rows = statement.query([view.inbox()])?;
            let mut posts = Vec::new();
            while let Some(row) = rows.next()? {
                let post = PostId(id(row, 0)?);
                if posts.len() < limit && !known.contains(&post) {
                    posts.push(post);
                }
            }
            Ok(posts)
        })
    }

    /// Takes single posts that lie below the floor of their feed. They stay while they are bookmarked, outside
    /// the bound of what was scrolled to, and go with the right to read their feed.
    ///
    /// # Errors
    /// Those of the store; then nothing was taken.
    pub fn take_singles(&self, community: CommunityId, answer: &SinglePosts) -> Result<OlderTaken, StoreError> {
        self.write(Flush::No, |connection| {
            let view = View::of(connection, community)?;
            let mut taken = OlderTaken::None;
            for post in &answer.posts {
                match take_single(&view, answer, post)? {
                    OlderTaken::None => {}
                    OlderTaken::Late => return Ok(OlderTaken::Late),
                    other => taken = other,
                }
            }
            Ok(taken)
        })
    }
}

fn take_single(view: &View<'_>, answer: &SinglePosts, post: &SinglePost) -> Result<OlderTaken, StoreError> {
    let Some(copy) = view.copies.get(&post.stream) else { return Ok(OlderTaken::None) };
    if copy.era != Some(answer.era) || copy.grant != Some(post.grant) {
        return Ok(OlderTaken::Other);
    }
    // A feed that is held whole has the post, or hears of it.
    let Some(extent) = copy.extent else { return Ok(OlderTaken::None) };
    if copy.cursor.is_none_or(|cursor| answer.now < cursor) {
        return Ok(OlderTaken::Late);
    }
    let position = post.changes.iter().find_map(|change| match Entity::decode(&change.kind, change.body.as_ref()?) {
        Ok(Some(Entity::Post(of))) if change.id == post.id.0 => Some(of.position.0),
        _ => None,
    });
    if position.is_none_or(|position| position >= extent.floor) {
        return Ok(OlderTaken::None);
    }
    for change in &post.changes {
        put_older(view.connection, copy.local, change)?;
    }
    Ok(OlderTaken::Yes)
}
