//! Commands of the feed.

use crate::{App, arguments::FeedCommand, show, words::Failure};
use enishi_core::{
    Community,
    feed::{Around, Delivery, FeedWindow, Selection},
    surroundings::{RealSurroundings, Surroundings},
};
use enishi_protocol::{GroupId, MutationId, Position, PostId, Stream, feed::PostKind, polls::Poll};
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
        let selection = match group {
            Some(group) => Selection::Stream(Stream::Group(group_named(community, &group)?)),
            None => Selection::All,
        };
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
            FeedCommand::Post { text, group, question, announcement } => {
                let kind = match (question, announcement) {
                    (true, _) => PostKind::Question,
                    (false, true) => PostKind::Announcement,
                    (false, false) => PostKind::Text,
                };
                let stream = match group {
                    Some(group) => Stream::Group(group_named(community, &group)?),
                    None => Stream::Community,
                };
                let post = community.write_post(stream, kind, &text, &[])?;
                println!("[{}]", show::short(post.0));
            }
            FeedCommand::Poll { question, options, group, several, hours } => {
                let stream = match group {
                    Some(group) => Stream::Group(group_named(community, &group)?),
                    None => Stream::Community,
                };
                let closes_us = hours.map(|hours| RealSurroundings.now_us() + hours * 3_600_000_000);
                let post = community.write_poll(stream, &question, Poll { options, several, closes_us }, &[])?;
                println!("[{}]", show::short(post.0));
            }
            FeedCommand::Vote { post, choices } => {
                let choices: Vec<u8> = choices.iter().map(|choice| choice.wrapping_sub(1)).collect();
                community.vote(post_named(community, &post)?, &choices)?;
            }
            FeedCommand::Comment { post, text } => {
                community.write_comment(post_named(community, &post)?, None, &text, &[])?;
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
            FeedCommand::Retry { mutation, text } => {
                community.retry(refused_named(community, &mutation)?, text.as_deref())?;
            }
            FeedCommand::Discard { mutation } => community.discard(refused_named(community, &mutation)?)?,
            FeedCommand::Read { .. }
            | FeedCommand::Show { .. }
            | FeedCommand::Search { .. }
            | FeedCommand::Attention
            | FeedCommand::Outbox => {}
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

    async fn outbox(&self, community: &Community) -> Result<(), Failure> {
        self.freshen(community).await;
        show::status(self.words, community);
        for post in newest(community, LOOK_BACK)?.posts.iter().filter(|post| post.delivery != Delivery::Sent) {
            show::post(self.words, post);
        }
        Ok(())
    }
}

fn post_named(community: &Community, end: &str) -> Result<PostId, Failure> {
    let posts = newest(community, LOOK_BACK)?.posts;
    one(posts.iter().map(|post| post.id.0), end).map(PostId)
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
