//! Commands of the feed.

use crate::{App, arguments::FeedCommand, show, words::Failure};
use enishi_core::{
    Community,
    feed::{Around, Delivery, FeedWindow, Selection},
    surroundings::{RealSurroundings, Surroundings},
};
use enishi_protocol::{
    AttachmentId, CommentId, GroupId, MutationId, Position, PostId, Stream,
    feed::{CommentWriting, PostKind, PostWriting},
    media::{Attaching, MediaSize},
    polls::Poll,
};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// How far back a post is looked for by the end of its id.
const LOOK_BACK: usize = 1_000;
/// Comments shown under a post.
const COMMENTS: usize = 200;

pub(crate) fn newest(community: &Community, size: usize) -> Result<FeedWindow, Failure> {
    Ok(community.feed(Selection::All, Around::Newest, size)?)
}

impl App {
    pub(crate) async fn feed(&self, command: FeedCommand) -> Result<(), Failure> {
        let community = self.chosen()?;
        match command {
            FeedCommand::Read { group, at, n } => self.read(&community, group, at, n).await,
            FeedCommand::Show { post } => self.show(&community, &post).await,
            FeedCommand::Search { words } => self.search(&community, &words.join(" ")),
            FeedCommand::Attention => self.attention(&community),
            FeedCommand::Outbox => self.outbox(&community).await,
            FeedCommand::Save { post, file, to, thumb } => Self::save(&community, (&post, &file), &to, thumb).await,
            FeedCommand::Uploads => self.uploads(&community),
            FeedCommand::History { post } => Self::history(&community, &post).await,
            FeedCommand::Unread => self.unread(&community).await,
            command => {
                Self::write(&community, command)?;
                self.catch_up(&community).await;
                Ok(())
            }
        }
    }

    async fn read(
        &self,
        community: &Community,
        group: Option<String>,
        at: Option<i64>,
        n: usize,
    ) -> Result<(), Failure> {
        self.freshen(community).await;
        let selection =
            group.map_or(Ok(Selection::All), |group| in_feed(community, Some(&group)).map(Selection::Stream))?;
        let around = at.map_or(Around::Newest, |at| Around::Position(Position(at)));
        show::window(self.words, &community.feed(selection, around, n)?);
        Ok(())
    }

    async fn show(&self, community: &Community, post: &str) -> Result<(), Failure> {
        self.freshen(community).await;
        let post = post_named(community, post)?;
        let page = community.post(post, COMMENTS)?.ok_or_else(|| Failure::NotFound(post.to_string()))?;
        show::page(self.words, &page);
        Ok(())
    }

    fn write(community: &Community, command: FeedCommand) -> Result<(), Failure> {
        match command {
            FeedCommand::Post { text, group, question, announcement, file, alt } => {
                let kind = match (question, announcement) {
                    (true, _) => PostKind::Question,
                    (false, true) => PostKind::Announcement,
                    (false, false) => PostKind::Text,
                };
                let stream = in_feed(community, group.as_deref())?;
                let attachments = picked(community, &file, &alt)?;
                let writing = PostWriting { stream, kind, text, mentions: Vec::new(), poll: None, attachments };
                let post = community.write_post_as(writing)?;
                println!("[{}]", show::short(post.0));
            }
            FeedCommand::Poll { question, options, group, several, hours } => {
                let stream = in_feed(community, group.as_deref())?;
                let closes_us = hours.map(|hours| RealSurroundings.now_us() + hours * 3_600_000_000);
                let post = community.write_poll(stream, &question, Poll { options, several, closes_us }, &[])?;
                println!("[{}]", show::short(post.0));
            }
            FeedCommand::Vote { post, choices } => {
                let choices: Vec<u8> = choices.iter().map(|choice| choice.wrapping_sub(1)).collect();
                community.vote(post_named(community, &post)?, &choices)?;
            }
            FeedCommand::Comment { post, text, file } => {
                let post = post_named(community, &post)?;
                let attachments = picked(community, &file, &[])?;
                let (reply_to, mentions) = (None, Vec::new());
                community.write_comment_as(CommentWriting { post, reply_to, text, mentions, attachments })?;
            }
            FeedCommand::React { post, reaction, off } => {
                community.react(post_named(community, &post)?, &reaction, !off)?;
            }
            FeedCommand::Bookmark { post, off } => {
                community.bookmark(post_named(community, &post)?, !off)?;
            }
            FeedCommand::Edit { post, text } => {
                community.edit_post(post_named(community, &post)?, &text, &[])?;
            }
            FeedCommand::Delete { post } => {
                community.delete_post(post_named(community, &post)?)?;
            }
            FeedCommand::EditComment { post, comment, text } => {
                community.edit_comment(comment_named(community, &post, &comment)?, &text, &[])?;
            }
            FeedCommand::DeleteComment { post, comment } => {
                community.delete_comment(comment_named(community, &post, &comment)?)?;
            }
            FeedCommand::Move { post, group } => {
                community.move_post(post_named(community, &post)?, in_feed(community, group.as_deref())?)?;
            }
            FeedCommand::Pin { post, off } => {
                community.pin_post(post_named(community, &post)?, !off)?;
            }
            FeedCommand::MarkRead { group } => {
                let stream = in_feed(community, group.as_deref())?;
                let newest = community.feed(Selection::Stream(stream), Around::Newest, 1)?;
                if let Some(position) = newest.posts.first().and_then(|post| post.position) {
                    community.mark_read(stream, position)?;
                }
            }
            FeedCommand::Retry { mutation, text, without_files: false } => {
                community.retry(refused_named(community, &mutation)?, text.as_deref())?;
            }
            FeedCommand::Retry { mutation, text, without_files: true } => {
                community.retry_without_files(refused_named(community, &mutation)?, text.as_deref())?;
            }
            FeedCommand::CancelUpload { shown_by } => {
                let uploads = community.uploads()?;
                let shown_by = one_of(uploads.iter().map(|upload| upload.shown_by.0), &shown_by)?;
                community.cancel_upload(MutationId(shown_by))?;
            }
            FeedCommand::Discard { mutation } => community.discard(refused_named(community, &mutation)?)?,
            FeedCommand::Read { .. }
            | FeedCommand::Show { .. }
            | FeedCommand::Search { .. }
            | FeedCommand::Attention
            | FeedCommand::Save { .. }
            | FeedCommand::Uploads
            | FeedCommand::History { .. }
            | FeedCommand::Unread
            | FeedCommand::Outbox => {}
        }
        Ok(())
    }

    async fn history(community: &Community, post: &str) -> Result<(), Failure> {
        for earlier in community.post_history(post_named(community, post)?).await? {
            println!("── {}", show::time(earlier.until_us));
            println!("{}", earlier.text);
        }
        Ok(())
    }

    async fn unread(&self, community: &Community) -> Result<(), Failure> {
        self.freshen(community).await;
        let groups = community.groups()?;
        for feed in community.unread()? {
            let name = groups.iter().find(|group| feed.stream == Stream::Group(group.id)).map(|group| &*group.name);
            println!("{}  {}", name.unwrap_or(self.words.of("みんな", "everybody")), feed.count);
        }
        Ok(())
    }

    fn search(&self, community: &Community, words: &str) -> Result<(), Failure> {
        let hits = community.search(Selection::All, words)?;
        for post in hits.posts.iter().rev() {
            show::post(self.words, post);
        }
        if hits.ended.is_some() {
            println!("{}", self.words.of("（ほかにもあるかもしれません）", "(there may be more)"));
        }
        Ok(())
    }

    fn attention(&self, community: &Community) -> Result<(), Failure> {
        for item in community.needs_attention()? {
            show::attention(self.words, &item);
        }
        Ok(())
    }

    fn uploads(&self, community: &Community) -> Result<(), Failure> {
        for upload in community.uploads()? {
            show::upload(self.words, &upload);
        }
        Ok(())
    }

    async fn save(community: &Community, (post, file): (&str, &str), to: &Path, thumb: bool) -> Result<(), Failure> {
        let post = post_named(community, post)?;
        let page = community.post(post, COMMENTS)?.ok_or_else(|| Failure::NotFound(post.to_string()))?;
        let shown = page.post.attachments.iter().chain(page.comments.iter().flat_map(|comment| &comment.attachments));
        let id = AttachmentId(one(shown.map(|attachment| attachment.id.0), file)?);
        let size = if thumb { MediaSize::Thumb } else { MediaSize::Full };
        std::fs::write(to, community.file(post, id, size).await?)?;
        Ok(())
    }

    async fn outbox(&self, community: &Community) -> Result<(), Failure> {
        self.freshen(community).await;
        show::status(self.words, community);
        for post in newest(community, LOOK_BACK)?.posts.iter().filter(|post| post.delivery != Delivery::Sent) {
            show::post(self.words, post);
        }
        Ok(())
    }
}

/// Picks files, each with its words.
fn picked(community: &Community, files: &[PathBuf], alt: &[String]) -> Result<Vec<Attaching>, Failure> {
    let mut attachments = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let id = community.pick_file(file)?.id;
        attachments.push(Attaching { id, alt: alt.get(number).cloned().unwrap_or_default() });
    }
    Ok(attachments)
}

/// The only one of several ids, which may repeat, that ends so.
fn one_of(ids: impl Iterator<Item = Uuid>, end: &str) -> Result<Uuid, Failure> {
    let ids: std::collections::BTreeSet<_> = ids.collect();
    one(ids.into_iter(), end)
}

fn post_named(community: &Community, end: &str) -> Result<PostId, Failure> {
    let posts = newest(community, LOOK_BACK)?.posts;
    one(posts.iter().map(|post| post.id.0), end).map(PostId)
}

fn comment_named(community: &Community, post: &str, end: &str) -> Result<CommentId, Failure> {
    let post = post_named(community, post)?;
    let page = community.post(post, COMMENTS)?.ok_or_else(|| Failure::NotFound(post.to_string()))?;
    one(page.comments.iter().map(|comment| comment.id.0), end).map(CommentId)
}

/// The feed of a group that bears a part of this name; without one that of everybody.
fn in_feed(community: &Community, group: Option<&str>) -> Result<Stream, Failure> {
    group.map_or(Ok(Stream::Community), |group| group_named(community, group).map(Stream::Group))
}

fn refused_named(community: &Community, end: &str) -> Result<MutationId, Failure> {
    one(community.needs_attention()?.iter().map(|item| item.id.0), end).map(MutationId)
}

/// The group that bears a part of this name, or whose id ends so.
pub(crate) fn group_named(community: &Community, named: &str) -> Result<GroupId, Failure> {
    let groups = community.groups()?;
    let named_so = groups.iter().filter(|group| group.name.contains(named)).map(|group| group.id.0);
    one(named_so, "").or_else(|_| one(groups.iter().map(|group| group.id.0), named)).map(GroupId)
}

/// The only id that ends so.
pub(crate) fn one(ids: impl Iterator<Item = Uuid>, end: &str) -> Result<Uuid, Failure> {
    let mut found = ids.filter(|id| id.simple().to_string().ends_with(end));
    match (found.next(), found.next()) {
        (Some(id), None) => Ok(id),
        (None, _) => Err(Failure::NotFound(end.to_owned())),
        (Some(_), Some(_)) => Err(Failure::Several(end.to_owned())),
    }
}
