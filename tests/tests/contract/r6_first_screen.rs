//! R6: the first screen does not wait for history.

use crate::town::{Town, post};
use enishi_core::feed::{Around, Selection, window};
use enishi_protocol::{
    EntityKind, GroupId, Operation, Position, PostId, Stream,
    feed::CommentWriting,
    groups::{GroupCreation, GroupJoining, Joining},
    limits::{FLOOR_POSTS, Portions, in_portions},
    sync::SyncReply,
};
use enishi_server::{
    db::SqliteConnection,
    surroundings::RealSurroundings,
    sync::{chores, pull},
};
use enishi_tests::simulation::SimPhone;
use std::collections::BTreeSet;

const FIRST_SCREEN: usize = 50;
const SHORT: usize = 200;
const LONG: usize = 5_000;
/// Runs the community and writes everything.
const WRITER: usize = 0;
/// Whose phone it is.
const READER: usize = 1;

/// What an answer costs: its bytes, and the steps of SQLite's machine that reading it takes.
#[derive(Clone, Copy, Debug)]
struct Weight {
    bytes: u64,
    steps: u64,
}

/// A feed with a history, whose newest posts have a comment each.
struct History {
    town: Town,
    conn: SqliteConnection,
    stream: Stream,
    /// Newest first.
    newest: Vec<PostId>,
}

impl History {
    fn new(length: usize, in_group: bool) -> Self {
        in_portions(Portions {
            changes: 1_000,
            first_posts: FIRST_SCREEN,
            whole_stream: 300,
            floor_posts: FLOOR_POSTS,
        });
        let (town, conn) = Town::in_memory(2);
        let mut history = Self { town, conn, stream: Stream::Community, newest: Vec::new() };
        if in_group {
            let (name, description) = ("登山部".to_owned(), String::new());
            let creation =
                GroupCreation { name, description, joining: Joining::Open, secret: false, closed_to_staff: false };
            history.stream = Stream::Group(history.does(WRITER, &[Operation::CreateGroup(creation)])[0]);
        }
        let posts: Vec<_> = (0..length).map(|number| post(history.stream, &format!("{number}番目の話"))).collect();
        let written = posts.chunks(200).flat_map(|some| history.does(WRITER, some)).collect::<Vec<GroupId>>();
        history.newest = written.iter().rev().take(FIRST_SCREEN).map(|id| PostId(id.0)).collect();
        let comment = |post: &PostId| {
            let (post, text) = (*post, "懐かしいですね。".to_owned());
            Operation::WriteComment(CommentWriting {
                post,
                reply_to: None,
                text,
                mentions: Vec::new(),
                attachments: Vec::new(),
            })
        };
        let comments: Vec<_> = history.newest.iter().map(comment).collect();
        history.does(WRITER, &comments);
        history
    }

    fn does(&mut self, at: usize, operations: &[Operation]) -> Vec<GroupId> {
        self.conn.begin().unwrap();
        let ids = self.town.does_in(&mut self.conn, at, operations);
        self.conn.commit().unwrap();
        ids.into_iter().map(GroupId::from).collect()
    }

    fn phone(&self) -> SimPhone {
        SimPhone::new(self.town.community, self.town.members[READER], false)
    }

    /// One request and its answer, which the phone takes; what it weighs.
    fn ask(&mut self, phone: &mut SimPhone) -> (Weight, SyncReply) {
        let (asked, request) = phone.request(0, true);
        let before = self.conn.steps();
        let bytes = pull::reply(&mut self.conn, phone.member, &request, None).unwrap();
        let weight = Weight { bytes: bytes.len() as u64, steps: self.conn.steps() - before };
        let reply: SyncReply = serde_json::from_slice(&bytes).unwrap();
        phone.receive(&asked, reply.clone());
        (weight, reply)
    }

    /// Asks until an answer has the first page of the feed. It must hold the first screen.
    fn first_page(&mut self, phone: &mut SimPhone) -> Weight {
        for _ in 0..20 {
            let (weight, reply) = self.ask(phone);
            let page = reply.pages.iter().find(|page| page.stream == self.stream);
            if let Some(page) = page {
                let ids = |kind| page.changes.iter().filter(move |change| change.kind == kind).map(|change| change.id);
                let newest: BTreeSet<_> = self.newest.iter().map(|post| post.0).collect();
                assert!(page.place.is_start() && page.next.is_some(), "history comes after it");
                assert_eq!(ids(EntityKind::Post).collect::<BTreeSet<_>>(), newest, "the newest posts");
                assert_eq!(ids(EntityKind::Counts).collect::<BTreeSet<_>>(), newest, "with their counts");
                return weight;
            }
        }
        panic!("no answer has the first page of {}", self.stream);
    }

    /// The phone shows the first screen, whole.
    fn assert_shown(&self, phone: &SimPhone) {
        let window =
            window(&phone.store, self.town.community, Selection::Stream(self.stream), Around::Newest, FIRST_SCREEN);
        let shown = window.unwrap();
        assert_eq!(shown.posts.iter().map(|post| post.id).collect::<Vec<_>>(), self.newest);
        assert!(shown.posts.iter().all(|post| post.author_name.is_some() && post.comments == 1));
        assert!(shown.filling, "and it says that more is on its way");
    }

    fn whole(&mut self, phone: &mut SimPhone) {
        while !phone.replica.is_whole() {
            self.ask(phone);
        }
    }
}

/// What the first screen weighs, after a short and a long history.
fn assert_independent(weigh: impl Fn(usize) -> Weight) {
    let (short, long) = (weigh(SHORT), weigh(LONG));
    let same = |short: u64, long: u64| long * 100 <= short * 103;
    let alike = same(short.bytes, long.bytes) && same(short.steps, long.steps);
    assert!(alike, "{short:?} after {SHORT} posts, {long:?} after {LONG}");
}

#[test]
fn r6_the_first_answer_fills_the_first_screen_of_a_fresh_phone() {
    assert_independent(|length| {
        let mut history = History::new(length, false);
        let mut phone = history.phone();
        let (weight, _) = history.ask(&mut phone);
        history.assert_shown(&phone);
        weight
    });
}

#[test]
fn r6_the_first_answer_fills_the_first_screen_of_a_group_just_joined() {
    assert_independent(|length| {
        let mut history = History::new(length, true);
        let mut phone = history.phone();
        history.whole(&mut phone);
        let Stream::Group(group) = history.stream else { panic!("a group's feed") };
        history.does(READER, &[Operation::JoinGroup(GroupJoining { group, note: String::new() })]);
        let weight = history.first_page(&mut phone);
        history.assert_shown(&phone);
        weight
    });
}

#[test]
fn r6_the_first_answer_after_a_reset_holds_the_first_screen_and_the_screen_never_empties() {
    assert_independent(|length| {
        let mut history = History::new(length, false);
        let mut phone = history.phone();
        history.whole(&mut phone);
        history.conn.begin().unwrap();
        chores::new_era(&mut history.conn, &RealSurroundings, history.town.community, &[]).unwrap();
        history.conn.commit().unwrap();
        let weight = history.first_page(&mut phone);
        assert!(!phone.replica.is_whole(), "history is still on its way");
        let newest =
            window(&phone.store, history.town.community, Selection::All, Around::Newest, FIRST_SCREEN).unwrap();
        assert_eq!(newest.posts.iter().map(|post| post.id).collect::<Vec<_>>(), history.newest);
        weight
    });
}

#[test]
fn a_first_sync_ends_at_the_floor_with_whole_posts_and_older_ones_can_be_fetched() {
    const FLOOR: usize = 30;
    let mut history = History::new(SHORT, false);
    in_portions(Portions { changes: 25, first_posts: 10, whole_stream: 3, floor_posts: FLOOR });
    let (mut phone, mut comments) = (history.phone(), BTreeSet::new());
    while !phone.replica.is_whole() {
        let changes = history.ask(&mut phone).1.pages.into_iter().flat_map(|page| page.changes);
        comments.extend(changes.filter(|change| change.kind == EntityKind::Comment).map(|change| change.id));
    }
    let (store, community) = (&phone.store, history.town.community);
    let shown = window(store, community, Selection::All, Around::Newest, SHORT).unwrap();
    assert_eq!(shown.posts.iter().map(|post| post.id).collect::<Vec<_>>(), history.newest[..FLOOR]);
    assert!(shown.posts.iter().all(|post| post.comments == 1));
    assert_eq!(comments.len(), FLOOR, "nothing came that hangs on a post below the floor");
    let oldest = shown.posts.last().and_then(|post| post.position);
    assert_eq!(store.older_from(community, Stream::Community, Position(i64::MAX)).unwrap(), oldest);
}
