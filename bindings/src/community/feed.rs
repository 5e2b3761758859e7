//! The feed: what a member writes there, and what a screen shows.

use super::Community;
use crate::EnishiError;
use crate::values::Refused;
use crate::work::count;
use enishi_core::Community as Core;
use enishi_core::feed::{Around, FeedPost, FeedWindow, PostPage, SearchHits, Selection, Unread};
use enishi_protocol::feed::{CommentWriting, EarlierText, PostKind, PostWriting};
use enishi_protocol::polls::{Choice, Poll};
use enishi_protocol::{CommentId, MemberId, MutationId, Position, PostId, Stream};

#[uniffi::export]
impl Community {
    /// Writes a post into a feed. `mentions` are members named in the text.
    pub async fn write_post(
        &self,
        stream: Stream,
        kind: PostKind,
        text: String,
        mentions: Vec<MemberId>,
    ) -> Result<PostId, EnishiError> {
        self.look(move |community| community.write_post(stream, kind, &text, &mentions)).await
    }

    /// Writes a post that lets members vote; its text is the question.
    pub async fn write_poll(
        &self,
        stream: Stream,
        question: String,
        poll: Poll,
        mentions: Vec<MemberId>,
    ) -> Result<PostId, EnishiError> {
        self.look(move |community| community.write_poll(stream, &question, poll, &mentions)).await
    }

    /// Votes in a post's poll in place of what this member chose before; no choices take the vote back.
    pub async fn vote(&self, post: PostId, choices: Vec<Choice>) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.vote(post, &choices)).await
    }

    /// Writes a post as it is given, with the picked files that it shows. It waits for them in the outbox.
    ///
    /// # Errors
    /// `AttachmentLost` where a file was not picked on this phone, or
    /// something else shows it.
    pub async fn write_post_as(&self, writing: PostWriting) -> Result<PostId, EnishiError> {
        self.look(move |community| community.write_post_as(writing)).await
    }

    /// Writes a comment as it is given, with the picked files that it shows.
    ///
    /// # Errors
    /// As `write_post_as`.
    pub async fn write_comment_as(&self, writing: CommentWriting) -> Result<CommentId, EnishiError> {
        self.look(move |community| community.write_comment_as(writing)).await
    }

    /// Changes a post's text.
    pub async fn edit_post(
        &self,
        post: PostId,
        text: String,
        mentions: Vec<MemberId>,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.edit_post(post, &text, &mentions)).await
    }

    /// Deletes a post with all that hangs on it.
    pub async fn delete_post(&self, post: PostId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.delete_post(post)).await
    }

    /// Moves a post to another feed.
    pub async fn move_post(&self, post: PostId, stream: Stream) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.move_post(post, stream)).await
    }

    /// Pins a post to the top of its feed, or takes it off.
    pub async fn pin_post(&self, post: PostId, pinned: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.pin_post(post, pinned)).await
    }

    /// Writes a comment on a post, or a reply to a comment on it.
    pub async fn write_comment(
        &self,
        post: PostId,
        reply_to: Option<CommentId>,
        text: String,
        mentions: Vec<MemberId>,
    ) -> Result<CommentId, EnishiError> {
        self.look(move |community| community.write_comment(post, reply_to, &text, &mentions)).await
    }

    /// Changes a comment's text.
    pub async fn edit_comment(
        &self,
        comment: CommentId,
        text: String,
        mentions: Vec<MemberId>,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.edit_comment(comment, &text, &mentions)).await
    }

    /// Deletes a comment with its replies.
    pub async fn delete_comment(&self, comment: CommentId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.delete_comment(comment)).await
    }

    /// Adds a reaction to a post, or takes it back.
    pub async fn react(&self, post: PostId, reaction: String, on: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.react(post, &reaction, on)).await
    }

    /// Bookmarks a post, or takes the bookmark off.
    pub async fn bookmark(&self, post: PostId, on: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.bookmark(post, on)).await
    }

    /// Moves the read mark of a feed forward. One that is further already stays.
    pub async fn mark_read(&self, stream: Stream, position: Position) -> Result<(), EnishiError> {
        self.look(move |community| community.mark_read(stream, position)).await
    }

    /// A window of `size` posts of a feed.
    pub async fn feed(&self, selection: Selection, around: Around, size: u32) -> Result<FeedWindow, EnishiError> {
        self.look(move |community| community.feed(selection, around, count(size))).await
    }

    /// The posts that this member has bookmarked and this phone holds, at most `size`, the newest bookmark first.
    pub async fn bookmarks(&self, size: u32) -> Result<Vec<FeedPost>, EnishiError> {
        self.look(move |community| community.bookmarks(count(size))).await
    }

    /// A post with the newest `size` of its comments; none where this phone does not hold it.
    pub async fn post(&self, post: PostId, size: u32) -> Result<Option<PostPage>, EnishiError> {
        self.look(move |community| community.post(post, count(size))).await
    }

    /// The unread posts of every feed.
    pub async fn unread(&self) -> Result<Vec<Unread>, EnishiError> {
        self.look(Core::unread).await
    }

    /// Posts that this phone holds and that contain every word of `query`, pending ones included.
    ///
    /// # Errors
    /// `TextTooLong` for a query beyond its limit.
    pub async fn search(&self, selection: Selection, query: String) -> Result<SearchHits, EnishiError> {
        self.look(move |community| community.search(selection, &query)).await
    }

    /// The earlier texts of a post, newest first, from the server.
    ///
    /// # Errors
    /// `Offline` where it cannot be reached.
    pub async fn post_history(&self, post: PostId) -> Result<Vec<EarlierText>, EnishiError> {
        self.ask(|community| async move { community.post_history(post).await }).await
    }

    /// Tries what was refused again, with another text where the member changed it, and with it what
    /// was refused only because of it.
    pub async fn retry(&self, id: MutationId, text: Option<String>) -> Result<(), EnishiError> {
        self.look(move |community| community.retry(id, text.as_deref())).await
    }

    /// As `retry`, without the files that it showed.
    pub async fn retry_without_files(&self, id: MutationId, text: Option<String>) -> Result<(), EnishiError> {
        self.look(move |community| community.retry_without_files(id, text.as_deref())).await
    }

    /// Gives up what was refused, and what hangs on it stays in needs attention.
    pub async fn discard(&self, id: MutationId) -> Result<(), EnishiError> {
        self.look(move |community| community.discard(id)).await
    }

    /// What was refused and awaits the member's choice, oldest first.
    pub async fn needs_attention(&self) -> Result<Vec<Refused>, EnishiError> {
        self.look(|community| Ok(community.needs_attention()?.into_iter().map(Refused::from).collect())).await
    }
}
