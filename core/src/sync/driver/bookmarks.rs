//! Fetches what a member has bookmarked and the phone does not hold, once it is in step: on another phone the
//! post may have been above the floor, or scrolled to.

use super::{
    Call, Driver,
    live::{Follows, follows},
};
use crate::{
    account::token::Token, error::StoreError, store::OlderTaken, sync::engine::Reach, transport::api::CallError,
};
use enishi_protocol::{PostId, limits::POSTS_PER_REQUEST, older::SinglePosts};
use std::collections::HashSet;

/// What is known of bookmarked posts.
#[derive(Default)]
pub(super) struct Bookmarks {
    /// The request under way, and for which posts.
    fetching: Option<(Vec<PostId>, Call<SinglePosts>)>,
    /// Posts that were asked for since `follows` is what is followed: what is missing of them is not to be had.
    not_to_be_had: HashSet<PostId>,
    follows: Option<Follows>,
}

/// The answer to the request under way; never where none is.
pub(super) async fn answer_of(bookmarks: &mut Bookmarks) -> Result<SinglePosts, CallError> {
    match &mut bookmarks.fetching {
        Some((_, call)) => call.await,
        None => std::future::pending().await,
    }
}

impl Driver {
    /// Looks for bookmarked posts that are missing, and asks for some of them.
    pub(super) fn fetch_bookmarked(&mut self) -> Result<(), StoreError> {
        let reachable = self.engine.reach() == Reach::Online;
        let Some(token) = self.parts.token.get().filter(|_| reachable && self.bookmarks.fetching.is_none()) else {
            return Ok(());
        };
        let follows = self.parts.local.look(follows);
        if self.bookmarks.follows.as_ref() != Some(&follows) {
            // Another era, group or copy: what was not to be had may be now, and what was had may be gone.
            self.bookmarks.not_to_be_had.clear();
            self.bookmarks.follows = Some(follows);
        }
        let (local, known) = (&self.parts.local, &self.bookmarks.not_to_be_had);
        let posts = local.store().bookmarked_elsewhere(local.community(), known, POSTS_PER_REQUEST)?;
        if !posts.is_empty() {
            let call = self.call_for(&posts, token);
            self.bookmarks.fetching = Some((posts, call));
        }
        Ok(())
    }

    fn call_for(&self, posts: &[PostId], token: Token) -> Call<SinglePosts> {
        let ids = posts.iter().map(PostId::to_string).collect::<Vec<_>>().join(",");
        let path = format!("/v1/communities/{}/posts?ids={ids}", self.parts.local.community());
        let api = self.parts.api.clone();
        Box::pin(async move { api.get(&token, path).await })
    }

    /// Takes the answer; what came too late or not at all is asked for again once the phone is in step again.
    pub(super) fn take_bookmarked(&mut self, answer: Result<SinglePosts, CallError>) {
        let Some((asked, _)) = self.bookmarks.fetching.take() else { return };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return tracing::debug!(%error, "bookmarked posts could not be fetched"),
        };
        match self.parts.local.take_singles(&answer) {
            Ok(OlderTaken::Late) => {}
            Ok(taken) => {
                if taken == OlderTaken::Yes {
                    (self.parts.changed)();
                }
                self.leave_be(asked, &answer);
                self.chores.look_for_bookmarked();
            }
            Err(error) => tracing::warn!(%error, "bookmarked posts could not be kept"),
        }
    }

    /// What is missing still was not given, or could not be taken: asking again would go round in a circle.
    fn leave_be(&mut self, asked: Vec<PostId>, answer: &SinglePosts) {
        let given = |id: &PostId| answer.posts.iter().any(|post| post.id == *id);
        // Of what did not fit in nothing can be told yet.
        self.bookmarks.not_to_be_had.extend(asked.into_iter().filter(|id| !answer.more || given(id)));
    }
}
