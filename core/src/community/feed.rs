//! The feed through the handle: what a member does there, and what a screen shows.

use super::Community;
use crate::{
    attention::{self, Attention},
    error::Error,
    feed::{self, Around, FeedPost, FeedWindow, PostPage, SearchHits, Selection, Unread, commands},
    store::NewWrite,
    sync::replica::{Replica, Step},
};
use enishi_protocol::{
    CommentId, MemberId, MutationId, Position, PostId, Stream,
    feed::{CommentWriting, EarlierText, PostKind, PostWriting},
    polls::{Choice, Poll},
};

impl Community {
    /// Writes a post into a feed. `mentions` are members named in the text.
    pub fn write_post(
        &self,
        stream: Stream,
        kind: PostKind,
        text: &str,
        mentions: &[MemberId],
    ) -> Result<PostId, Error> {
        let wish = commands::write_post(self.store(), self.id(), stream, kind, text, mentions)?;
        self.wish(wish).map(PostId::from)
    }

    /// Writes a post that lets members vote; its text is the question.
    pub fn write_poll(
        &self,
        stream: Stream,
        question: &str,
        poll: Poll,
        mentions: &[MemberId],
    ) -> Result<PostId, Error> {
        let wish = commands::write_poll(self.store(), self.id(), stream, question, poll, mentions)?;
        self.wish(wish).map(PostId::from)
    }

    /// Votes in a post's poll in place of what this member chose before; no choices take the vote back.
    pub fn vote(&self, post: PostId, choices: &[Choice]) -> Result<MutationId, Error> {
        self.wish(commands::vote(self.store(), self.id(), post, choices)?)
    }

    /// Writes a post as it is given, with the picked files that it shows. It waits for them in the outbox.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::AttachmentLost`] where a file was not picked on this phone, or
    /// something else shows it.
    pub fn write_post_as(&self, writing: PostWriting) -> Result<PostId, Error> {
        self.wish(commands::write_post_as(self.store(), self.id(), writing)?).map(PostId::from)
    }

    /// Writes a comment as it is given, with the picked files that it shows.
    ///
    /// # Errors
    /// As [`Community::write_post_as`].
    pub fn write_comment_as(&self, writing: CommentWriting) -> Result<CommentId, Error> {
        self.wish(commands::write_comment_as(self.store(), self.id(), writing)?).map(CommentId::from)
    }

    /// Changes a post's text.
    pub fn edit_post(&self, post: PostId, text: &str, mentions: &[MemberId]) -> Result<MutationId, Error> {
        self.wish(commands::edit_post(self.store(), self.id(), post, text, mentions)?)
    }

    /// Deletes a post with all that hangs on it.
    pub fn delete_post(&self, post: PostId) -> Result<MutationId, Error> {
        self.wish(commands::delete_post(self.store(), self.id(), post)?)
    }

    /// Moves a post to another feed.
    pub fn move_post(&self, post: PostId, stream: Stream) -> Result<MutationId, Error> {
        self.wish(commands::move_post(self.store(), self.id(), post, stream)?)
    }

    /// Pins a post to the top of its feed, or takes it off.
    pub fn pin_post(&self, post: PostId, pinned: bool) -> Result<MutationId, Error> {
        self.wish(commands::pin_post(self.store(), self.id(), post, pinned)?)
    }

    /// Writes a comment on a post, or a reply to a comment on it.
    pub fn write_comment(
        &self,
        post: PostId,
        reply_to: Option<CommentId>,
        text: &str,
        mentions: &[MemberId],
    ) -> Result<CommentId, Error> {
        let wish = commands::write_comment(self.store(), self.id(), post, reply_to, text, mentions)?;
        self.wish(wish).map(CommentId::from)
    }

    /// Changes a comment's text.
    pub fn edit_comment(&self, comment: CommentId, text: &str, mentions: &[MemberId]) -> Result<MutationId, Error> {
        self.wish(commands::edit_comment(self.store(), self.id(), comment, text, mentions)?)
    }

    /// Deletes a comment with its replies.
    pub fn delete_comment(&self, comment: CommentId) -> Result<MutationId, Error> {
        self.wish(commands::delete_comment(self.store(), self.id(), comment)?)
    }

    /// Adds a reaction to a post, or takes it back.
    pub fn react(&self, post: PostId, reaction: &str, on: bool) -> Result<MutationId, Error> {
        self.wish(commands::react(self.store(), self.id(), post, reaction, on)?)
    }

    /// Bookmarks a post, or takes the bookmark off.
    pub fn bookmark(&self, post: PostId, on: bool) -> Result<MutationId, Error> {
        self.wish(commands::bookmark(self.store(), self.id(), post, on)?)
    }

    /// The posts that this member has bookmarked and this phone holds, at most `size`, the newest bookmark first.
    pub fn bookmarks(&self, size: usize) -> Result<Vec<FeedPost>, Error> {
        Ok(feed::bookmarks(self.store(), self.id(), size)?)
    }

    /// Moves the read mark of a feed forward. One that is further already stays.
    pub fn mark_read(&self, stream: Stream, position: Position) -> Result<(), Error> {
        if let Some(wish) = commands::mark_read(self.store(), self.id(), stream, position)? {
            self.wish(wish)?;
        }
        Ok(())
    }

    /// A window of `size` posts of a feed.
    pub fn feed(&self, selection: Selection, around: Around, size: usize) -> Result<FeedWindow, Error> {
        let window = feed::window(self.store(), self.id(), selection, around, size)?;
        Ok(window.reached(self.is_online()))
    }

    /// A post with the newest `size` of its comments; none where this phone does not hold it.
    pub fn post(&self, post: PostId, size: usize) -> Result<Option<PostPage>, Error> {
        Ok(feed::post(self.store(), self.id(), post, size)?)
    }

    /// The unread posts of every feed.
    pub fn unread(&self) -> Result<Vec<Unread>, Error> {
        Ok(feed::unread(self.store(), self.id())?)
    }

    /// Posts that this phone holds and that contain every word of `query`, pending ones included.
    ///
    /// # Errors
    /// [`enishi_protocol::ErrorCode::TextTooLong`] for a query beyond its limit.
    pub fn search(&self, selection: Selection, query: &str) -> Result<SearchHits, Error> {
        Ok(feed::search(self.store(), self.id(), selection, query)?)
    }

    /// The earlier texts of a post, newest first, from the server.
    ///
    /// # Errors
    /// [`Error::Offline`] where it cannot be reached.
    pub async fn post_history(&self, post: PostId) -> Result<Vec<EarlierText>, Error> {
        let (api, token) = self.calls()?;
        Ok(api.get(&token, format!("/v1/communities/{}/posts/{post}/history", self.id())).await?)
    }

    /// What was refused and awaits the member's choice, oldest first.
    pub fn needs_attention(&self) -> Result<Vec<Attention>, Error> {
        Ok(attention::needs_attention(self.store(), self.id())?)
    }

    /// Tries what was refused again, with another text where the member changed it, and with it what
    /// was refused only because of it.
    pub fn retry(&self, id: MutationId, text: Option<&str>) -> Result<(), Error> {
        self.try_again(id, attention::Change { text, without_files: false })
    }

    /// As [`Community::retry`], without the files that it showed.
    pub fn retry_without_files(&self, id: MutationId, text: Option<&str>) -> Result<(), Error> {
        self.try_again(id, attention::Change { text, without_files: true })
    }

    fn try_again(&self, id: MutationId, change: attention::Change<'_>) -> Result<(), Error> {
        let mut new_id = || self.0.surroundings.new_id();
        let again = attention::again(self.store(), self.id(), id, change, &mut new_id)?;
        for attaching in again.iter().flat_map(|again| again.write.operation.attachments()) {
            // The server may have forgotten it meanwhile: it is asked before anything is sent twice.
            self.store().picked_finished(attaching.id, false)?;
        }
        let sizes = again.iter().map(|again| again.write.size()).collect::<Result<Vec<_>, _>>()?;
        let writes: Vec<NewWrite> = again.iter().map(|again| again.write.clone()).collect();
        self.commit(&writes, |replica| {
            let mut steps = Steps::on(replica);
            for (again, size) in again.iter().zip(&sizes) {
                let held = !again.write.operation.attachments().is_empty();
                steps.then(|replica| replica.write(again.write.id, again.parent, *size, held));
            }
            for again in again.iter().rev() {
                steps.then(|replica| replica.discard(again.old));
            }
            steps.step
        })
    }

    /// Gives up what was refused, and what hangs on it stays in needs attention.
    pub fn discard(&self, id: MutationId) -> Result<(), Error> {
        self.commit(&[], |replica| replica.discard(id))
    }
}

/// Several steps that are committed as one.
struct Steps {
    step: Step,
}

impl Steps {
    fn on(replica: &Replica) -> Self {
        Self { step: Step { replica: replica.clone(), mirror: Vec::new(), flush: false } }
    }

    fn then(&mut self, next: impl FnOnce(&Replica) -> Step) {
        let next = next(&self.step.replica);
        self.step.mirror.extend(next.mirror);
        (self.step.replica, self.step.flush) = (next.replica, self.step.flush || next.flush);
    }
}
