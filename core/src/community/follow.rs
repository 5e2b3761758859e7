//! What a screen follows: values that come whole, again whenever what they show may have changed.
//!
//! All of these must be called within a Tokio runtime.

use super::Community;
use crate::{
    attention::Attention,
    error::Error,
    feed::{self, Around, FeedWindow, PostPage, Selection, Unread},
    groups::{self, GroupView},
    observe::{self, Subscription},
    sync::engine::Reach,
};
use enishi_protocol::PostId;

impl Community {
    /// Follows a window of `size` posts of a feed.
    pub fn follow_feed(
        &self,
        selection: Selection,
        around: Around,
        size: usize,
    ) -> Result<Subscription<FeedWindow>, Error> {
        let store = self.store().clone();
        let (id, status) = (self.id(), self.follow_status());
        let window = move || {
            let online = status.borrow().reach == Reach::Online;
            feed::window(&store, id, selection, around, size).map(|window| window.reached(online))
        };
        Ok(observe::follow(self.follow_changes(), window)?)
    }

    /// Follows a post with the newest `size` of its comments; none once it is gone.
    pub fn follow_post(&self, post: PostId, size: usize) -> Result<Subscription<Option<PostPage>>, Error> {
        Ok(observe::post_page(self.store().clone(), self.id(), self.follow_changes(), post, size)?)
    }

    /// Follows what needs attention.
    pub fn follow_attention(&self) -> Result<Subscription<Vec<Attention>>, Error> {
        Ok(observe::attention(self.store().clone(), self.id(), self.follow_changes())?)
    }

    /// Follows the unread counts of all feeds.
    pub fn follow_unread(&self) -> Result<Subscription<Vec<Unread>>, Error> {
        Ok(observe::unread_counts(self.store().clone(), self.id(), self.follow_changes())?)
    }

    /// Follows the groups that this member may know of.
    pub fn follow_groups(&self) -> Result<Subscription<Vec<GroupView>>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        Ok(observe::follow(self.follow_changes(), move || groups::groups(&store, id))?)
    }
}
