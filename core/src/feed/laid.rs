//! Laying the outbox over a post: what the member did shows at once and counts once.

use super::{
    Delivery, FeedPost, ReactionCount,
    details::{Details, Hanging, hanging_on},
    stub::own_stub,
};
use crate::{
    error::StoreError,
    polls::Ballot,
    store::{
        media,
        view::{View, Written, lays_over},
    },
    sync::replica::{State, Waiting},
};
use enishi_protocol::{
    MemberId, MutationId, Operation, PostId, Stream,
    feed::{PostEdit, PostWriting, Reacting},
    moderation::Hiding,
    polls::Poll,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The outbox by the posts that it is about.
pub(super) struct Laid<'v> {
    by_post: HashMap<PostId, Vec<(&'v Waiting, &'v Operation)>>,
    refused: HashMap<PostId, enishi_protocol::ErrorCode>,
}

impl<'v> Laid<'v> {
    pub(super) fn of(view: &'v View<'_>) -> Result<Self, StoreError> {
        let mut laid = Self { by_post: HashMap::new(), refused: HashMap::new() };
        for entry in view.overlay.iter() {
            let Some(operation) = &entry.operation else { continue };
            let Some(post) = view.post_of(entry.waiting.id, operation)? else { continue };
            match entry.waiting.state {
                State::Attention(code) if of_the_post_itself(operation) => drop(laid.refused.insert(post, code)),
                State::Attention(_) => {}
                _ => laid.by_post.entry(post).or_default().push((&entry.waiting, operation)),
            }
        }
        Ok(laid)
    }

    fn entries(&self, post: PostId) -> &[(&'v Waiting, &'v Operation)] {
        self.by_post.get(&post).map_or(&[], Vec::as_slice)
    }

    /// Posts of the mirror that do not show where they stand, because a deletion or a move waits.
    pub(super) fn away_from(&self, streams: &BTreeSet<Stream>) -> usize {
        let leaves = |operation: &Operation| match operation {
            Operation::DeletePost(_) => true,
            Operation::MovePost(to) => !streams.contains(&to.stream),
            _ => false,
        };
        self.by_post.values().filter(|entries| entries.iter().any(|(_, operation)| leaves(operation))).count()
    }

    /// Posts that a waiting move brings into one of these feeds.
    pub(super) fn moved_into(&self, streams: &BTreeSet<Stream>) -> Vec<PostId> {
        let comes =
            |operation: &Operation| matches!(operation, Operation::MovePost(to) if streams.contains(&to.stream));
        let entries = self.by_post.iter();
        entries.filter(|(_, all)| all.iter().any(|(_, operation)| comes(operation))).map(|(post, _)| *post).collect()
    }

    /// A post of the mirror with everything laid over it; none where it is deleted.
    pub(super) fn over(&self, view: &View<'_>, details: Details) -> Option<FeedPost> {
        let id = PostId(details.post.id);
        let row = (details.post.version, details.post.mutation);
        let post = details.post.entity;
        let mut shown = FeedPost {
            id,
            stream: details.stream,
            position: Some(post.position),
            author: post.author,
            author_name: details.author_name,
            own: post.author == view.member,
            kind: post.kind,
            text: post.text,
            text_by: post.text_by,
            created_us: post.created_us,
            edited: post.edited_us.is_some(),
            hidden: post.hidden,
            pinned: post.pinned,
            mentions: seen(view, post.mentions),
            attachments: post.attachments,
            comments: 0,
            reactions: Vec::new(),
            poll: None,
            bookmarked: false,
            delivery: self.refused.get(&id).map_or(Delivery::Sent, |code| Delivery::NeedsAttention(*code)),
        };
        self.lay(view, &mut shown, Some(row), details.hanging, post.poll.as_ref())?;
        Some(shown)
    }

    /// A post whose own row is only in the outbox; none where its deletion waits as well.
    pub(super) fn pending(
        &self,
        view: &View<'_>,
        waiting: &Waiting,
        wrote: &PostWriting,
    ) -> Result<Option<FeedPost>, StoreError> {
        let attachments = media::pending(view.connection, &wrote.attachments)?;
        let id = PostId::from(waiting.id);
        let delivery = match waiting.state {
            State::Waiting => Delivery::Pending,
            State::Accepted { .. } => Delivery::Sent,
            State::Attention(code) => Delivery::NeedsAttention(code),
        };
        let mut shown = FeedPost {
            id,
            stream: wrote.stream,
            position: None,
            author: view.member,
            author_name: None,
            own: true,
            kind: wrote.kind,
            text: wrote.text.clone(),
            text_by: waiting.id,
            created_us: written_us(waiting.id),
            edited: false,
            hidden: None,
            pinned: false,
            mentions: wrote.mentions.clone(),
            attachments,
            comments: 0,
            reactions: Vec::new(),
            poll: None,
            bookmarked: false,
            delivery,
        };
        let may_be_known = waiting.state != State::Waiting || waiting.since.is_some();
        let hanging = if may_be_known { hanging_on(view, id)? } else { Hanging::default() };
        Ok(self.lay(view, &mut shown, None, hanging, wrote.poll.as_ref()).map(|()| shown))
    }

    fn lay(
        &self,
        view: &View<'_>,
        shown: &mut FeedPost,
        row: Option<Written>,
        hanging: Hanging,
        poll: Option<&Poll>,
    ) -> Option<()> {
        let Hanging { counts, counted, mine, vote, bookmarked } = hanging;
        (shown.comments, shown.bookmarked) = (counts.comments, bookmarked);
        let mut reactions = Reactions { counts: counts.reactions, own: mine.into_iter().collect() };
        let mut ballot = Ballot::of(counts.poll, vote, view.inbox_cursor());
        for (waiting, operation) in self.entries(shown.id) {
            let over_row = lays_over(waiting, row);
            match operation {
                Operation::DeletePost(_) if over_row => return None,
                Operation::EditPost(edit) if over_row => lay_edit(shown, waiting, edit),
                Operation::Hide(hiding) if over_row => lay_hiding(view, shown, waiting, hiding),
                Operation::MovePost(to) if over_row => shown.stream = to.stream,
                Operation::PinPost(pinning) if over_row => shown.pinned = pinning.pinned,
                Operation::WriteComment(_) if lays_over(waiting, counted) => shown.comments += 1,
                Operation::DeleteComment(_) if lays_over(waiting, counted) => shown.comments -= 1,
                Operation::React(reacting) => reactions.lay(waiting, reacting, counted),
                Operation::Vote(voting) => ballot.lay(waiting, voting, counted),
                Operation::Bookmark(bookmarking) => shown.bookmarked = bookmarking.on,
                _ => {}
            }
        }
        shown.comments = shown.comments.max(0);
        shown.reactions = reactions.listed();
        shown.poll = poll.filter(|_| shown.hidden.is_none()).map(|poll| ballot.shown(poll));
        Some(())
    }
}

/// Members mentioned, without those who are left out.
pub(super) fn seen(view: &View<'_>, mut mentions: Vec<MemberId>) -> Vec<MemberId> {
    mentions.retain(|member| !view.unseen.hides_content_of(*member));
    mentions
}

fn lay_hiding(view: &View<'_>, shown: &mut FeedPost, waiting: &Waiting, hiding: &Hiding) {
    if waiting.state == State::Waiting
        && let Some(stub) = own_stub(view, waiting.id, hiding)
    {
        shown.text.clear();
        shown.mentions.clear();
        shown.attachments.clear();
        shown.pinned = false;
        shown.hidden = Some(stub);
        shown.delivery = Delivery::Pending;
    }
}

fn lay_edit(shown: &mut FeedPost, waiting: &Waiting, edit: &PostEdit) {
    shown.text.clone_from(&edit.text);
    shown.mentions.clone_from(&edit.mentions);
    shown.text_by = waiting.id;
    shown.edited = true;
    if waiting.state == State::Waiting {
        shown.delivery = Delivery::Pending;
    }
}

/// Reactions to one post, and which of them are this member's.
struct Reactions {
    counts: BTreeMap<String, i64>,
    own: BTreeSet<String>,
}

impl Reactions {
    /// Never counts a reaction twice: one that the server has applied counts until the counts have
    /// passed it, and a waiting one only where it changes what is the member's own already.
    fn lay(&mut self, waiting: &Waiting, reacting: &Reacting, counted: Option<Written>) {
        let held = self.own.contains(&reacting.reaction);
        let changes = matches!(waiting.state, State::Accepted { .. }) || held != reacting.on;
        if changes && lays_over(waiting, counted) {
            let count = self.counts.entry(reacting.reaction.clone()).or_default();
            *count += if reacting.on { 1 } else { -1 };
        }
        if reacting.on {
            self.own.insert(reacting.reaction.clone());
        } else {
            self.own.remove(&reacting.reaction);
        }
    }

    fn listed(self) -> Vec<ReactionCount> {
        let Self { counts, own } = self;
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let mut listed: Vec<_> =
            counts.map(|(reaction, count)| ReactionCount { own: own.contains(&reaction), reaction, count }).collect();
        listed.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reaction.cmp(&b.reaction)));
        listed
    }
}

fn of_the_post_itself(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::WritePost(_)
            | Operation::EditPost(_)
            | Operation::DeletePost(_)
            | Operation::MovePost(_)
            | Operation::PinPost(_)
    )
}

/// When a mutation was made by this phone's clock, from its id.
pub(crate) fn written_us(id: MutationId) -> i64 {
    let (seconds, nanos) = id.0.get_timestamp().map_or((0, 0), |time| time.to_unix());
    i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000) + i64::from(nanos / 1_000)
}

/// The name of this member, for what is still only in the outbox.
pub(super) fn own_name(view: &View<'_>) -> Result<Option<String>, StoreError> {
    name_of(view, view.member)
}

/// A member's name as the community's stream has it.
pub(crate) fn name_of(view: &View<'_>, member: MemberId) -> Result<Option<String>, StoreError> {
    use rusqlite::OptionalExtension;
    let mut statement =
        view.connection.prepare_cached("SELECT family, given FROM member WHERE copy = ?1 AND id = ?2")?;
    let name = statement
        .query_row(rusqlite::params![view.commons(), member.0.as_bytes()], |row| super::details::full_name(row, 0))
        .optional()?;
    Ok(name.flatten())
}
