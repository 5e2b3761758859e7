//! Whether two phones hold the same: every post, comment, count and person, one by one.

use super::{Failed, phone::Phone};
use enishi_core::feed::{Around, Delivery, FeedPost, Selection};
use enishi_protocol::Stream;
use std::collections::BTreeMap;

const ALL: usize = 100_000;

/// What was compared.
pub(super) struct Compared {
    pub(super) posts: usize,
    pub(super) comments: usize,
    pub(super) members: usize,
}

/// Compares the community's feed and directory on two phones.
pub(super) fn compare(one: &Phone, other: &Phone) -> Result<Compared, Failed> {
    let (left, right) = (posts(one)?, posts(other)?);
    differ("posts", &left, &right)?;
    let mut comments = 0;
    for post in &left {
        let (here, there) = (thread(one, post)?, thread(other, post)?);
        differ("comments", &here, &there)?;
        comments += here.len();
    }
    let (here, there) = (members(one)?, members(other)?);
    differ("members", &here, &there)?;
    Ok(Compared { posts: left.len(), comments, members: here.len() })
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, one: &[T], other: &[T]) -> Result<(), Failed> {
    if one == other {
        return Ok(());
    }
    let at = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    Err(format!("the phones differ in {what} at {at}: {:?} and {:?}", one.get(at), other.get(at)).into())
}

/// What everyone sees of the posts: without what is one's own.
fn posts(phone: &Phone) -> Result<Vec<FeedPost>, Failed> {
    let window = phone.community()?.feed(Selection::Stream(Stream::Community), Around::Newest, ALL)?;
    let shared = window.posts.into_iter().map(|mut post| {
        post.own = false;
        post.bookmarked = false;
        post.reactions.iter_mut().for_each(|reaction| reaction.own = false);
        post.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.own = false);
        post.reactions.sort_by(|one, other| one.reaction.cmp(&other.reaction));
        post
    });
    let posts: Vec<_> = shared.collect();
    match posts.iter().find(|post| post.delivery != Delivery::Sent) {
        Some(post) => Err(format!("a post is still {:?}", post.delivery).into()),
        None => Ok(posts),
    }
}

fn thread(phone: &Phone, post: &FeedPost) -> Result<Vec<String>, Failed> {
    if post.comments == 0 {
        return Ok(Vec::new());
    }
    let page = phone.community()?.post(post.id, ALL)?.ok_or("a post is not there")?;
    let line = |comment: &enishi_core::feed::FeedComment| {
        format!("{} {:?} {} {}", comment.id, comment.reply_to, comment.author, comment.text)
    };
    Ok(page.comments.iter().map(line).collect())
}

fn members(phone: &Phone) -> Result<Vec<String>, Failed> {
    let found = phone.community()?.directory("", ALL)?;
    let people: BTreeMap<_, _> = found.into_iter().map(|member| (member.id, member.name)).collect();
    Ok(people.into_iter().map(|(id, name)| format!("{id} {name:?}")).collect())
}
