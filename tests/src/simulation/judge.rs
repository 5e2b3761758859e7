//! What must hold: at every moment, and once everything is quiet.

use super::{Message, SimPhone, Violation, World, hold};
use enishi_core::sync::replica::{Replica, State};
use enishi_protocol::{
    Change, EntityKind, MemberId, Operation, PostId, Version,
    change::Entity,
    feed::Counts,
    rules::{Rule, on},
    sync::Outcome,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a phone holds, comparable with another's.
pub type Contents = BTreeMap<(String, EntityKind, Uuid), (Version, Option<String>)>;

impl World {
    /// What must hold of a phone at every moment.
    pub(super) fn look(&self, phone: usize) -> Result<(), Violation> {
        self.nothing_is_held_without_right(phone)?;
        self.nothing_vanishes(phone)?;
        self.nothing_counts_twice(phone)
    }

    /// R3: whatever a phone holds, its member could read at that version.
    fn nothing_is_held_without_right(&self, phone: usize) -> Result<(), Violation> {
        let SimPhone { replica, .. } = &self.phones[phone];
        for (stream, held) in &replica.streams {
            let Some(era) = held.shown.era else { continue };
            let era = self.server.number_of(era);
            for change in self.phones[phone].held(*stream)? {
                let key = (self.phones[phone].member, era, *stream, change.kind.clone(), change.id, change.version);
                hold!(
                    self.server.was_readable(&key),
                    "R3: phone {phone} holds {stream} {:?} {} {}",
                    key.3,
                    key.4,
                    key.5
                );
            }
        }
        Ok(())
    }

    /// R1, R4: a post stays on the screen from writing it until it is refused, given up, or gone for a reason.
    fn nothing_vanishes(&self, phone: usize) -> Result<(), Violation> {
        let shown = self.phones[phone].posts()?;
        let outbox = &self.phones[phone].replica.outbox;
        for post in &self.watched[phone] {
            let refused = outbox.iter().any(|entry| entry.id.0 == post.0 && entry.needs_attention());
            let explained =
                refused || self.server.left.contains(post) || self.discarded.iter().any(|id| id.0 == post.0);
            hold!(shown.contains(post) || explained, "overlay: phone {phone} no longer shows {post}");
        }
        Ok(())
    }

    /// A reaction or vote is counted by the mirror or by the overlay, never by both.
    fn nothing_counts_twice(&self, phone: usize) -> Result<(), Violation> {
        let SimPhone { replica, .. } = &self.phones[phone];
        for entry in &replica.outbox {
            let operation = self.phones[phone].operation(entry.id);
            let Some(post) = counted_post(&operation) else { continue };
            if self.counted_in_outbox(phone, &operation) > 1 {
                continue;
            }
            let Some(Outcome::Accepted { streams }) = self.server.result(self.phones[phone].member, entry.id)? else {
                continue;
            };
            let Some(written) =
                streams.iter().filter(|(stream, _)| stream.has_feed()).map(|(_, version)| *version).max()
            else {
                continue;
            };
            for (stream, held) in replica.streams.iter().filter(|(stream, _)| stream.has_feed()) {
                if held.shown.era.map(|era| self.server.number_of(era)) != Some(self.server.era_number()) {
                    continue;
                }
                let counts = self.phones[phone].held(*stream)?;
                let of_post = |change: &&Change| change.kind == EntityKind::Counts && change.id == post.0;
                let Some(row) = counts.iter().find(of_post).filter(|row| row.version >= written) else { continue };
                let (reactions, voters) = counted(row)?;
                let (shown, counted) = match operation {
                    Operation::React(_) => (self.phones[phone].shown_reactions(post)?, reactions),
                    _ => (self.phones[phone].shown_voters(post)?, voters),
                };
                hold!(
                    shown.is_none_or(|shown| shown == counted),
                    "count: phone {phone} shows {shown:?} for the {counted} that include {}",
                    entry.id
                );
            }
        }
        Ok(())
    }

    /// Operations that lie over the same number as this one.
    fn counted_in_outbox(&self, phone: usize, like: &Operation) -> usize {
        let post = counted_post(like);
        let outbox = self.phones[phone].replica.outbox.iter().map(|entry| self.phones[phone].operation(entry.id));
        outbox.filter(|other| other.kind() == like.kind() && counted_post(other) == post).count()
    }

    /// Heals the network, lets everything arrive, also what was late, and judges.
    pub fn settle(&mut self) -> Result<(), Violation> {
        let late: Vec<Message> = self.network.iter().step_by(2).cloned().collect();
        self.until_quiet()?;
        self.network.extend(late);
        self.until_quiet()?;
        self.judge()
    }

    fn until_quiet(&mut self) -> Result<(), Violation> {
        for _ in 0..300 {
            while !self.network.is_empty() {
                let message = self.network.remove(0);
                self.deliver(message)?;
            }
            if self.is_quiet() {
                return Ok(());
            }
            for phone in 0..self.phones.len() {
                let (asked, request) = self.phones[phone].request(0, true);
                self.network.push(Message::Request(phone, asked, request));
            }
        }
        Err(Violation("liveness: the phones do not come to rest".into()))
    }

    /// Nothing waits but for uploads, and every stream is whole and in step with the server.
    fn is_quiet(&self) -> bool {
        let version = self.server.version();
        self.phones.iter().all(|phone| {
            let waits = |entry: &enishi_core::sync::replica::Waiting| match entry.state {
                State::Waiting => entry.held || entry.parent.is_some(),
                State::Attention(_) => true,
                State::Accepted { .. } => false,
            };
            phone.replica.is_whole()
                && phone.replica.outbox.iter().all(waits)
                && phone.replica.streams.values().all(|held| {
                    let of_era = held.shown.era.map(|era| self.server.number_of(era)) == Some(self.server.era_number());
                    held.shown.cursor == Some(version) && (of_era || !on(Rule::EraCheck))
                })
        })
    }

    /// What must hold once everything is quiet.
    fn judge(&self) -> Result<(), Violation> {
        self.everything_is_decided_once_and_in_order()?;
        self.nothing_acknowledged_is_lost()?;
        self.nothing_refused_is_dropped()?;
        self.nothing_erased_is_back()?;
        self.the_feed_is_in_the_order_of_decisions()?;
        for phone in 0..self.phones.len() {
            self.stale_plus_changes_equals_fresh(phone)?;
            self.blocks_hide_what_they_should(phone)?;
            self.look(phone)?;
        }
        Ok(())
    }

    fn everything_is_decided_once_and_in_order(&self) -> Result<(), Violation> {
        let mut last: BTreeMap<usize, u128> = BTreeMap::new();
        let mut decided = BTreeSet::new();
        for applied in &self.server.applied {
            hold!(decided.insert(applied.mutation) || applied.expired, "R1: {} was decided twice", applied.mutation);
            if self.ever_held.contains(&applied.mutation) || applied.expired {
                continue;
            }
            let nth = self.nth[&applied.mutation];
            let before = last.insert(applied.phone, nth);
            hold!(before < Some(nth), "order: {} was decided after a later one", applied.mutation);
        }
        Ok(())
    }

    /// The position is the version at first acceptance, whatever the clock said that the id was made by.
    fn the_feed_is_in_the_order_of_decisions(&self) -> Result<(), Violation> {
        let decided: BTreeMap<_, _> =
            self.server.accepted().enumerate().map(|(nth, id)| (PostId::from(id), nth)).collect();
        let posts = self.server.posts()?;
        let order: Vec<_> = posts.iter().filter_map(|post| decided.get(post)).collect();
        hold!(order.is_sorted(), "order: the feed is not in the order in which posts were accepted");
        Ok(())
    }

    /// Neither side of a block is shown what the other writes, and nothing else is left out.
    fn blocks_hide_what_they_should(&self, phone: usize) -> Result<(), Violation> {
        let member = self.phones[phone].member;
        let blocked = self.server.blocks_with(member)?;
        let shown: BTreeSet<_> = self.phones[phone].window()?.into_iter().map(|post| post.id).collect();
        for (post, held) in self.in_mirror(phone)? {
            let (hidden, is_shown) = (blocked.contains(&held.author), shown.contains(&post));
            hold!(hidden != is_shown, "block: phone {phone} holds {post}, behind a block: {hidden}, shown: {is_shown}");
        }
        Ok(())
    }

    fn nothing_acknowledged_is_lost(&self) -> Result<(), Violation> {
        let accepted: BTreeSet<_> = self.server.accepted().collect();
        for (id, era) in &self.told {
            let lost_by_restore = self.server.lost.get(id).is_some_and(|restored| era < restored);
            hold!(accepted.contains(id) || lost_by_restore, "R1: {id} was acknowledged and is lost");
            if matches!(self.written[id].1, Operation::WritePost(_)) && accepted.contains(id) {
                let post = PostId::from(*id);
                hold!(self.server.posts()?.contains(&post) || self.server.left.contains(&post), "R1: {post} is lost");
            }
        }
        Ok(())
    }

    fn nothing_refused_is_dropped(&self) -> Result<(), Violation> {
        let accepted: BTreeSet<_> = self.server.accepted().collect();
        for (id, (phone, _)) in &self.written {
            let entry = self.phones[*phone].replica.outbox.iter().find(|entry| entry.id == *id);
            let refused = entry.and_then(|entry| match entry.state {
                State::Attention(code) => Some(code),
                _ => None,
            });
            let expired = |code: &enishi_protocol::ErrorCode| *code == enishi_protocol::ErrorCode::Expired;
            if accepted.contains(id) {
                hold!(refused.is_none_or(|code| expired(&code)), "R4: {id} is accepted and needs attention");
                continue;
            }
            let kept = entry.is_some() || self.discarded.contains(id) || self.told.contains_key(id);
            hold!(kept, "R4: {id} vanished");
        }
        Ok(())
    }

    fn nothing_erased_is_back(&self) -> Result<(), Violation> {
        let posts = self.server.posts()?;
        for erased in &self.server.erased {
            hold!(!posts.contains(erased), "erasing: {erased} is back");
        }
        Ok(())
    }

    /// R5, and with it R3 and the truth of the ready bytes: a fresh phone holds the same.
    fn stale_plus_changes_equals_fresh(&self, phone: usize) -> Result<(), Violation> {
        let (held, expected) = (self.phones[phone].contents()?, self.fresh(self.phones[phone].member)?.contents()?);
        let differs = held.iter().find(|(key, value)| expected.get(key) != Some(value));
        let misses = expected.iter().find(|(key, _)| !held.contains_key(key));
        hold!(
            differs.is_none() && misses.is_none(),
            "R5: phone {phone} differs from a fresh one: {differs:?} {misses:?}"
        );
        Ok(())
    }
}

impl World {
    /// A phone of a member that started empty and is in step.
    pub fn fresh(&self, member: MemberId) -> Result<SimPhone, Violation> {
        let mut fresh = SimPhone::new(self.server.community, member, false);
        self.catch_up(&mut fresh)?;
        Ok(fresh)
    }

    /// Lets a phone that is none of this world's pull until it is in step.
    pub fn catch_up(&self, phone: &mut SimPhone) -> Result<(), Violation> {
        for _ in 0..400 {
            let (asked, request) = phone.request(0, true);
            let reply = self.server.peek(phone.member, &request)?;
            phone.receive(&asked, reply);
            let version = self.server.version();
            let in_step = |replica: &Replica| {
                replica.is_whole() && replica.streams.values().all(|held| held.shown.cursor == Some(version))
            };
            if in_step(&phone.replica) {
                break;
            }
        }
        Ok(())
    }
}

/// The post whose counts a reaction or vote changes.
fn counted_post(operation: &Operation) -> Option<PostId> {
    match operation {
        Operation::React(reacting) => Some(reacting.post),
        Operation::Vote(voting) => Some(voting.post),
        _ => None,
    }
}

/// Reactions and voters in a row of counts.
fn counted(row: &Change) -> Result<(i64, i64), Violation> {
    let body = row.body.as_deref().map_or("{}", |body| body.get());
    let counts: Counts = serde_json::from_str(body).map_err(|error| Violation(error.to_string()))?;
    Ok((counts.reactions.values().sum(), counts.poll.map_or(0, |poll| poll.voters)))
}

impl SimPhone {
    /// What it holds, but for the outbox.
    pub fn contents(&self) -> Result<Contents, Violation> {
        let mut contents = Contents::new();
        for stream in self.replica.streams.keys() {
            for change in self.held(*stream)? {
                let body = change.body.as_deref();
                let entity = body.map(|body| Entity::decode(&change.kind, body).map(|entity| format!("{entity:?}")));
                let entity =
                    entity.transpose().map_err(|error| Violation(format!("a body does not decode: {error}")))?;
                contents.insert((stream.to_string(), change.kind, change.id), (change.version, entity));
            }
        }
        Ok(contents)
    }
}
