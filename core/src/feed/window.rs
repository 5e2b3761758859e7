//! A bounded window of a feed: per-stream range scans, merged by position.

use super::{
    FeedPost,
    details::{self, Details},
    laid::{Laid, own_name},
    merged::Merged,
    reach::Reach,
};
use crate::{
    error::StoreError,
    store::{Store, view::View},
};
use enishi_protocol::{CommunityId, Operation, Position, Stream};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

/// Which feeds a window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Selection {
    /// Every feed that this member may read.
    All,
    /// One feed.
    Stream(Stream),
}

/// Where in the feed a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Around {
    /// At the top.
    Newest,
    /// Around this position, which need not be a post's.
    Position(Position),
}

/// A window of a feed, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FeedWindow {
    /// Newest first; what is still pending stands above everything, the last written first.
    pub posts: Vec<FeedPost>,
    /// Whether there are newer posts, on the phone or to be fetched.
    pub more_above: bool,
    /// Whether there are older posts, on the phone or to be fetched.
    pub more_below: bool,
    /// What to fetch for posts above these, where a gap is there.
    pub newer: Option<ToFetch>,
    /// What to fetch for posts below these, where the phone holds no more.
    pub older: Option<ToFetch>,
    /// Whether older posts are still on their way to this phone.
    pub filling: bool,
}

/// Posts that are with the server only: [`crate::Community::older`] fetches them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ToFetch {
    /// Of which feed.
    pub stream: Stream,
    /// Those before this position.
    pub before: Position,
    /// Whether the server cannot be reached now, so that they have to wait.
    pub offline: bool,
}

impl FeedWindow {
    /// As it is shown while the server can be reached, or cannot.
    pub(crate) fn reached(mut self, online: bool) -> Self {
        for to_fetch in self.newer.iter_mut().chain(&mut self.older) {
            to_fetch.offline = !online;
        }
        self
    }
}

/// The window of `size` posts of a feed. At the top, pending posts come on top of those.
pub fn window(
    store: &Store,
    community: CommunityId,
    selection: Selection,
    around: Around,
    size: usize,
) -> Result<FeedWindow, StoreError> {
    store.view(community, |view| {
        let streams = streams(view, selection);
        let laid = Laid::of(view)?;
        let mut scan = Scan::of(view, &streams, &laid, around, size)?;
        let mut posts = if scan.more_above { Vec::new() } else { pending(view, &streams, &laid)? };
        scan.add_moved(view, &streams, &laid)?;
        posts.append(&mut scan.posts);
        let filling = streams.iter().any(|stream| view.copies.get(stream).is_some_and(|copy| !copy.whole));
        let Scan { more_above, more_below, newer, older, .. } = scan;
        Ok(FeedWindow { posts, more_above, more_below, newer, older, filling })
    })
}

/// The feeds of a selection. A group that is still pending has one as well.
pub(super) fn streams(view: &View<'_>, selection: Selection) -> BTreeSet<Stream> {
    match selection {
        Selection::Stream(stream) => BTreeSet::from([stream]),
        Selection::All => {
            let held = view.copies.keys().copied().filter(|stream| stream.has_feed());
            let created = view.shown_operations().filter(|(_, wish)| matches!(wish, Operation::CreateGroup(_)));
            let created = created.map(|(waiting, _)| Stream::Group(waiting.id.into()));
            held.chain(created).collect()
        }
    }
}

/// Posts that are not in the mirror yet, the last written first.
pub(super) fn pending(
    view: &View<'_>,
    streams: &BTreeSet<Stream>,
    laid: &Laid<'_>,
) -> Result<Vec<FeedPost>, StoreError> {
    let mut posts = Vec::new();
    let mut name = None;
    for (waiting, operation) in view.shown_operations() {
        let Operation::WritePost(writing) = operation else { continue };
        if is_mirrored(view, waiting.id.0)? {
            continue;
        }
        let Some(mut post) = laid.pending(view, waiting, writing)? else { continue };
        if !streams.contains(&post.stream) {
            continue;
        }
        if name.is_none() {
            name = Some(own_name(view)?);
        }
        post.author_name = name.clone().flatten();
        posts.push(post);
    }
    posts.reverse();
    Ok(posts)
}

fn is_mirrored(view: &View<'_>, post: uuid::Uuid) -> Result<bool, StoreError> {
    let mut statement = view.connection.prepare_cached("SELECT place FROM post WHERE id = ?1")?;
    let mut rows = statement.query([post.as_bytes()])?;
    while let Some(row) = rows.next()? {
        if view.stream_of(row.get::<_, i64>(0)? >> crate::store::mirror::POSITION_BITS).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the mirror gives for a window.
struct Scan {
    posts: Vec<FeedPost>,
    more_above: bool,
    more_below: bool,
    newer: Option<ToFetch>,
    older: Option<ToFetch>,
}

impl Scan {
    fn of(
        view: &View<'_>,
        streams: &BTreeSet<Stream>,
        laid: &Laid<'_>,
        around: Around,
        size: usize,
    ) -> Result<Self, StoreError> {
        // What a waiting deletion or move takes away must not leave the window short.
        let spare = laid.away_from(streams);
        let middle = match around {
            Around::Newest => i64::MAX,
            Around::Position(position) => position.0.max(0),
        };
        let reach = Reach::of(view, streams, middle);
        let (first, last) = (reach.low, reach.high.saturating_sub(1));
        let (mut above, mut below) = (Vec::new(), Vec::new());
        let to = middle.min(last);
        if first <= to {
            below = Merged::of(view, streams, (first, to), true).take(view, size + 1 + spare)?;
        }
        if middle < last {
            let from = (middle + 1).max(first);
            above = Merged::of(view, streams, (from, last), false).take(view, size / 2 + 1 + spare)?;
        }
        keep_newest_row_of_each(&mut above, &mut below);
        let (mut above, mut below) = (laid_over(view, streams, laid, above), laid_over(view, streams, laid, below));
        above.sort_by_key(|post| post.position);
        below.sort_by_key(|post| Reverse(post.position));
        let more_above = above.len() > size / 2;
        above.truncate(size / 2);
        let more_below = below.len() > size - above.len();
        below.truncate(size - above.len());
        let posts = above.into_iter().rev().chain(below).collect();
        let newer = reach.newer(view).filter(|_| !more_above);
        let older = reach.older().filter(|_| !more_below);
        let (more_above, more_below) = (more_above || newer.is_some(), more_below || older.is_some());
        Ok(Self { posts, more_above, more_below, newer, older })
    }

    /// Puts in what a waiting move brings here, where it falls into the window.
    fn add_moved(&mut self, view: &View<'_>, streams: &BTreeSet<Stream>, laid: &Laid<'_>) -> Result<(), StoreError> {
        for id in laid.moved_into(streams) {
            if self.posts.iter().any(|post| post.id == id) {
                continue;
            }
            let Some(details) = details::by_id(view, id)? else { continue };
            let Some(post) = laid.over(view, details).filter(|post| streams.contains(&post.stream)) else { continue };
            let newest = self.posts.first().and_then(|post| post.position);
            let oldest = self.posts.last().and_then(|post| post.position);
            let too_new = self.more_above && post.position > newest;
            let too_old = self.more_below && post.position < oldest;
            if !too_new && !too_old {
                self.posts.push(post);
            }
        }
        self.posts.sort_by_key(|post| Reverse(post.position));
        Ok(())
    }
}

/// A post may stand in two feeds for a while after a move, until the changes of both have come; and
/// both in the mirror and among the older ones.
fn keep_newest_row_of_each(above: &mut Vec<Details>, below: &mut Vec<Details>) {
    let mut newest = HashMap::new();
    for details in above.iter().chain(below.iter()) {
        let version = newest.entry(details.post.id).or_insert(details.post.version);
        *version = details.post.version.max(*version);
    }
    let mut is_newest = |details: &Details| {
        let is = newest.get(&details.post.id) == Some(&details.post.version);
        is && newest.remove(&details.post.id).is_some()
    };
    above.retain(&mut is_newest);
    below.retain(&mut is_newest);
}

fn laid_over(view: &View<'_>, streams: &BTreeSet<Stream>, laid: &Laid<'_>, details: Vec<Details>) -> Vec<FeedPost> {
    let posts = details.into_iter().filter_map(|details| laid.over(view, details));
    posts.filter(|post| streams.contains(&post.stream)).collect()
}
