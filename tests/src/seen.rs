//! Everything that a phone shows of a community, to compare phones entity by entity.

use crate::TestPhone;
use enishi_core::{
    Community,
    feed::{Around, FeedComment, FeedPost, Selection},
    groups::{Belonging, GroupMemberView, GroupView},
    membership::MemberView,
    messages::{AroundMessage, ConversationView, MessageView},
};
use enishi_protocol::{
    ConversationId, GroupId, PostId,
    membership::{OwnField, ProfileField},
};
use std::{collections::BTreeMap, fmt::Debug};

/// More than any story has of anything.
const ALL: usize = 1_000_000;

/// Everything that a phone shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// All posts, newest first.
    pub posts: Vec<FeedPost>,
    /// The comments on each.
    pub comments: BTreeMap<PostId, Vec<FeedComment>>,
    /// The directory.
    pub members: Vec<MemberView>,
    /// The groups.
    pub groups: Vec<GroupView>,
    /// Who is in each.
    pub group_members: BTreeMap<GroupId, Vec<GroupMemberView>>,
    /// The conversations.
    pub conversations: Vec<ConversationView>,
    /// What was said in each, oldest first.
    pub messages: BTreeMap<ConversationId, Vec<MessageView>>,
    /// The member's own profile.
    pub own_profile: BTreeMap<ProfileField, OwnField>,
}

/// The posts of a feed from the newest on.
pub fn posts(community: &Community) -> Vec<FeedPost> {
    community.feed(Selection::All, Around::Newest, ALL).unwrap().posts
}

/// What was said in a conversation, oldest first.
pub fn said(community: &Community, conversation: ConversationId) -> Vec<MessageView> {
    let window = community.messages(conversation, AroundMessage::Newest, ALL).unwrap();
    window.map(|window| window.messages).unwrap_or_default()
}

impl Seen {
    /// Reads everything.
    pub fn of(community: &Community) -> Self {
        let posts = posts(community);
        let comments = posts.iter().map(|post| {
            let page = community.post(post.id, ALL).unwrap().expect("a post of the feed can be opened");
            assert_eq!(&page.post, post, "the feed and the post's page agree");
            (post.id, page.comments)
        });
        let conversations = community.conversations().unwrap();
        let groups = community.groups().unwrap();
        let inside = groups.iter().filter(|group| group.belonging == Belonging::Member);
        Self {
            comments: comments.collect(),
            members: community.directory("", ALL).unwrap(),
            group_members: inside.map(|group| (group.id, community.group_members(group.id).unwrap())).collect(),
            groups,
            own_profile: community.own_profile().unwrap().fields,
            messages: conversations
                .iter()
                .map(|conversation| (conversation.id, said(community, conversation.id)))
                .collect(),
            conversations,
            posts,
        }
    }

    /// What every member sees alike: without what is this member's own.
    #[must_use]
    pub fn of_everybody(mut self) -> Self {
        for post in &mut self.posts {
            (post.own, post.bookmarked) = (false, false);
            post.reactions.iter_mut().for_each(|reaction| reaction.own = false);
            post.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.own = false);
        }
        self.comments.values_mut().flatten().for_each(|comment| comment.own = false);
        self.groups.iter_mut().for_each(|group| group.keeper = false);
        self.own_profile.clear();
        self.conversations.clear();
        self.messages.clear();
        self
    }

    /// Fails where the other differs, and says in what.
    pub fn assert_same(&self, other: &Self) {
        same("post", &self.posts, &other.posts);
        let (own, others): (Vec<_>, Vec<_>) = (self.comments.iter().collect(), other.comments.iter().collect());
        same("comments", &own, &others);
        same("member", &self.members, &other.members);
        same("group", &self.groups, &other.groups);
        same("conversation", &self.conversations, &other.conversations);
        assert_eq!(self, other);
    }
}

fn same<T: Debug + PartialEq>(what: &str, one: &[T], other: &[T]) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one, other, "the {what} differs");
    }
    assert_eq!(one.len(), other.len(), "the number of {what}s differs");
}

impl TestPhone {
    /// Everything that it shows of its one community.
    pub fn seen(&self) -> Seen {
        Seen::of(&self.community())
    }

    /// The texts of the feed, newest first.
    pub fn texts(&self) -> Vec<String> {
        posts(&self.community()).into_iter().map(|post| post.text).collect()
    }
}
