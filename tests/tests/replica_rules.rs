//! Rules that the replica alone keeps, each shown by what goes wrong without it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "this crate is tests")]

use enishi_core::sync::replica::{Asked, MirrorOp, Replica, State, Taken};
use enishi_protocol::{
    Change, EntityKind, Era, ErrorCode, Grant, GroupId, MemberId, MutationId, Stream, Version,
    change::GrantOf,
    rules::{Rule, without},
    sync::{Batch, MutationResult, Outcome, Page, Place, Roots, SyncReply},
};
use uuid::Uuid;

const FIRST: Era = Era(Uuid::from_u128(1));
const SECOND: Era = Era(Uuid::from_u128(2));
const ROOT: Grant = Grant(1);

fn me() -> MemberId {
    MemberId(Uuid::from_u128(7))
}

fn mutation(number: u128) -> MutationId {
    MutationId(Uuid::from_u128(number))
}

fn inbox() -> Stream {
    Stream::Member(me())
}

fn group() -> Stream {
    Stream::Group(GroupId(Uuid::from_u128(70)))
}

fn reply(era: Era, version: i64) -> SyncReply {
    SyncReply {
        era,
        version: Version(version),
        roots: Roots { inbox: ROOT, community: ROOT },
        results: Vec::new(),
        undecided: None,
        batches: Vec::new(),
        pages: Vec::new(),
        resets: Vec::new(),
        more: false,
    }
}

fn batch(stream: Stream, from: i64, to: i64, changes: Vec<Change>) -> Batch {
    let (from, to) = (Version(from), Version(to));
    Batch { era: FIRST, stream, grant: ROOT, from, to, now: to, changes }
}

fn page(stream: Stream, place: Place, now: i64, next: Option<Place>) -> Page {
    let now = Version(now);
    Page { era: FIRST, stream, grant: ROOT, v0: now, now, place, next, changes: Vec::new() }
}

fn group_grant(version: i64, held: bool) -> Change {
    let body = GrantOf { stream: group(), grant: Grant(version) };
    Change {
        version: Version(version),
        kind: EntityKind::Grant,
        id: Uuid::from_u128(70),
        mutation: None,
        body: held.then(|| serde_json::value::to_raw_value(&body).unwrap()),
    }
}

fn accepted(id: MutationId, streams: &[(Stream, i64)]) -> MutationResult {
    let streams = streams.iter().map(|(stream, version)| (*stream, Version(*version))).collect();
    MutationResult { mutation: id, outcome: Outcome::Accepted { streams } }
}

fn receive(replica: &Replica, asked: &Asked, reply: SyncReply) -> Replica {
    replica.receive(asked, reply).replica
}

/// A phone whose two streams are whole and at version 10 of the first era.
fn in_step() -> Replica {
    let replica = Replica::new(me());
    let asked = replica.request(0).1.asked;
    let mut first = reply(FIRST, 10);
    first.pages = [Stream::Community, inbox()].map(|stream| page(stream, Place::start(), 10, None)).into();
    receive(&replica, &asked, first)
}

/// That phone once it has written and sent a mutation.
fn with_sent(replica: &Replica, id: MutationId) -> (Replica, Asked) {
    let (step, outgoing) = replica.write(id, None, 10, false).replica.request(0);
    (step.replica, outgoing.asked)
}

#[test]
fn an_accepted_write_stays_until_every_stream_it_touched_has_passed() {
    let story = || {
        let (replica, asked) = with_sent(&in_step(), mutation(100));
        let mut answer = reply(FIRST, 12);
        answer.results = vec![accepted(mutation(100), &[(Stream::Community, 11), (inbox(), 12)])];
        answer.batches = vec![batch(Stream::Community, 10, 12, Vec::new())];
        receive(&replica, &asked, answer).outbox.len()
    };
    assert_eq!(story(), 1, "the inbox has not passed version 12");
    assert_eq!(without(Rule::ResultStreams, story), 0);
}

#[test]
fn what_a_stream_that_one_may_not_read_got_counts_as_passed_when_the_inbox_has() {
    let (replica, asked) = with_sent(&in_step(), mutation(100));
    let mut answer = reply(FIRST, 12);
    answer.results = vec![accepted(mutation(100), &[(group(), 11), (inbox(), 12)])];
    answer.batches = vec![batch(inbox(), 10, 12, Vec::new())];
    assert!(receive(&replica, &asked, answer).outbox.is_empty());
}

#[test]
fn an_overlay_waits_for_the_first_sync_of_what_is_shown() {
    let story = || {
        let replica = Replica::new(me());
        let asked = replica.request(0).1.asked;
        let mut first = reply(FIRST, 10);
        let next = Some(Place("more".into()));
        first.pages = vec![page(Stream::Community, Place::start(), 10, next), page(inbox(), Place::start(), 10, None)];
        let (replica, asked) = with_sent(&receive(&replica, &asked, first), mutation(100));
        let mut answer = reply(FIRST, 11);
        answer.results = vec![accepted(mutation(100), &[(Stream::Community, 11)])];
        answer.batches = vec![batch(Stream::Community, 10, 11, Vec::new())];
        receive(&replica, &asked, answer).outbox.len()
    };
    assert_eq!(story(), 1, "pages are still to come");
    assert_eq!(without(Rule::OverlayFinished, story), 0);
}

#[test]
fn an_overlay_ends_only_past_every_snapshot_that_was_applied() {
    let story = || {
        let replica = in_step();
        let asked = replica.request(0).1.asked;
        let mut newer = reply(FIRST, 20);
        newer.batches = vec![Batch { now: Version(20), ..batch(Stream::Community, 10, 12, Vec::new()) }];
        let (replica, asked) = with_sent(&receive(&replica, &asked, newer), mutation(100));
        let mut answer = reply(FIRST, 20);
        answer.results = vec![accepted(mutation(100), &[(Stream::Community, 11)])];
        receive(&replica, &asked, answer).outbox.len()
    };
    assert_eq!(story(), 1, "the snapshot at 20 may have moved what the write did");
    assert_eq!(without(Rule::OverlayWhole, story), 0);
}

#[test]
fn a_late_answer_of_a_former_era_is_not_believed() {
    let story = || {
        let replica = in_step();
        let (late, asked) = (replica.request(0).1.asked, replica.request(0).1.asked);
        let replica = receive(&replica, &asked, reply(SECOND, 5));
        receive(&replica, &late, reply(FIRST, 10)).era
    };
    assert_eq!(story(), Some(SECOND));
    assert_eq!(without(Rule::EraAnswer, story), Some(FIRST), "eras have no order, so it would be believed");
}

#[test]
fn a_new_era_turns_what_was_accepted_back_into_waiting() {
    let story = || {
        let (replica, asked) = with_sent(&in_step(), mutation(100));
        let mut answer = reply(FIRST, 12);
        answer.results = vec![accepted(mutation(100), &[(Stream::Community, 12)])];
        let replica = receive(&replica, &asked, answer);
        let asked = replica.request(0).1.asked;
        let entry = receive(&replica, &asked, reply(SECOND, 5)).outbox[0].clone();
        (entry.state == State::Waiting, entry.since)
    };
    assert_eq!(story(), (true, Some(Version(5))), "first sent no later than the new era's version");
    assert!(!without(Rule::EraOverlay, story).0);
}

#[test]
fn a_lost_grant_does_not_answer_for_what_waits() {
    let story = || {
        let replica = in_step().live(0, batch(inbox(), 10, 11, vec![group_grant(11, true)])).0.replica;
        assert!(replica.streams.contains_key(&group()));
        let replica = replica.write(mutation(100), None, 10, false).replica;
        let step = replica.live(0, batch(inbox(), 11, 12, vec![group_grant(12, false)])).0;
        assert!(!step.replica.streams.contains_key(&group()));
        step.replica.outbox[0].state.clone()
    };
    assert_eq!(story(), State::Waiting);
    assert_eq!(without(Rule::LostGrantWaits, story), State::Attention(ErrorCode::NotAllowed));
}

#[test]
fn a_stream_that_is_lost_is_dropped_in_a_flushed_transaction() {
    let story = || {
        let replica = in_step().live(0, batch(inbox(), 10, 11, vec![group_grant(11, true)])).0.replica;
        replica.live(0, batch(inbox(), 11, 12, vec![group_grant(12, false)])).0.flush
    };
    assert!(story());
    assert!(!without(Rule::FlushDrop, story));
}

#[test]
fn a_group_joined_again_is_built_anew() {
    let story = || {
        let replica = in_step().live(0, batch(inbox(), 10, 11, vec![group_grant(11, true)])).0.replica;
        let before = replica.streams[&group()].shown.number;
        let (step, taken) = replica.live(0, batch(inbox(), 11, 15, vec![group_grant(15, true)]));
        assert_eq!(taken, Taken::Yes);
        let held = &step.replica.streams[&group()].shown;
        (held.number != before, held.grant)
    };
    assert_eq!(story(), (true, Some(Grant(15))));
    assert_eq!(without(Rule::GrantCheck, story), (false, Some(Grant(11))));
}

#[test]
fn a_page_of_a_former_grant_is_not_taken_for_the_present_one() {
    let story = || {
        let replica = in_step().live(0, batch(inbox(), 10, 15, vec![group_grant(15, true)])).0.replica;
        let asked = replica.request(0).1.asked;
        let mut late = reply(FIRST, 15);
        late.pages = vec![Page { grant: Grant(11), ..page(group(), Place::start(), 12, None) }];
        receive(&replica, &asked, late).streams[&group()].shown.cursor
    };
    assert_eq!(story(), None);
    assert_eq!(without(Rule::GrantCheck, story), Some(Version(12)));
}

#[test]
fn signing_in_again_believes_no_answer_to_the_former_session() {
    let replica = in_step();
    let asked = replica.request(0).1.asked;
    let mut late = reply(FIRST, 30);
    late.pages = vec![page(Stream::Community, Place::start(), 30, None)];
    let after = receive(&replica.new_session().replica, &asked, late);
    assert_eq!((after.era, after.streams[&Stream::Community].shown.cursor), (None, None));
}

#[test]
fn what_a_member_writes_and_what_is_marked_as_sent_is_flushed_first() {
    let written = in_step().write(mutation(100), None, 10, false);
    assert!(written.flush, "a post is safe before the screen shows it");
    let (sent, outgoing) = written.replica.request(0);
    assert!(sent.flush, "after a crash nobody could tell whether it was sent, and since when");
    assert_eq!(outgoing.mutations[0].since, Version(10));
    let mut answer = reply(FIRST, 12);
    answer.batches = vec![batch(inbox(), 10, 12, Vec::new())];
    let asked = Asked { ask: Vec::new(), ..outgoing.asked };
    let (again, outgoing) = receive(&sent.replica, &asked, answer).request(0);
    assert_eq!(outgoing.mutations[0].since, Version(10), "it says when it was first sent");
    assert!(!again.flush, "which was known already");
}

#[test]
fn a_new_era_caps_since_when_something_was_sent_at_its_own_version() {
    let (replica, asked) = with_sent(&in_step(), mutation(100));
    assert_eq!(replica.outbox[0].since, Some(Version(10)));
    let replica = receive(&replica, &asked, reply(SECOND, 4));
    assert_eq!(replica.outbox[0].since, Some(Version(4)), "version 10 of the new era is another");
    assert_eq!(replica.request(0).1.mutations[0].since, Version(4));
}

#[test]
fn what_hangs_on_a_post_that_waits_for_its_upload_waits_with_it_and_all_else_passes() {
    let sent = |replica: &Replica| -> Vec<_> {
        replica.request(0).1.mutations.iter().map(|sent| (sent.id, sent.after)).collect()
    };
    let replica = in_step().write(mutation(100), None, 10, true).replica;
    let replica = replica.write(mutation(101), Some(mutation(100)), 10, false).replica;
    let replica = replica.write(mutation(102), Some(mutation(101)), 10, false).replica;
    let replica = replica.write(mutation(103), None, 10, false).replica;
    assert_eq!(sent(&replica), [(mutation(103), None)], "a comment, and a reply to that, wait for their post");
    let replica = replica.release(mutation(100)).replica;
    let chain = [100, 101, 102, 103].map(mutation);
    let after = [None, Some(chain[0]), Some(chain[1]), Some(chain[2])];
    assert_eq!(sent(&replica), chain.into_iter().zip(after).collect::<Vec<_>>());
}

#[test]
fn what_hangs_on_a_refused_post_needs_attention_with_it() {
    let (replica, asked) = with_sent(&in_step(), mutation(100));
    let replica = replica.write(mutation(101), Some(mutation(100)), 10, false).replica;
    let replica = replica.write(mutation(102), None, 10, false).replica;
    let mut answer = reply(FIRST, 10);
    let outcome = Outcome::Refused(ErrorCode::NotAllowed);
    answer.results = vec![MutationResult { mutation: mutation(100), outcome }];
    let replica = receive(&replica, &asked, answer);
    let states: Vec<_> = replica.outbox.iter().map(|entry| entry.state.clone()).collect();
    let with_it = State::Attention(ErrorCode::ParentRefused);
    assert_eq!(states, [State::Attention(ErrorCode::NotAllowed), with_it, State::Waiting]);
}

#[test]
fn what_is_shown_stays_until_the_new_era_has_come_whole() {
    let phone = in_step();
    let before = phone.streams[&Stream::Community].shown.clone();
    let asked = phone.request(0).1.asked;
    let news = phone.receive(&asked, reply(SECOND, 3));
    assert_eq!(news.mirror, []);
    assert_eq!(news.replica.streams[&Stream::Community].shown, before);

    let of_second = |page: Page| Page { era: SECOND, ..page };
    let asked = news.replica.request(0).1.asked;
    let mut first = reply(SECOND, 3);
    let next = Place("more".into());
    first.pages = vec![of_second(page(Stream::Community, Place::start(), 3, Some(next.clone())))];
    let begun = news.replica.receive(&asked, first);
    assert_eq!(begun.mirror, []);
    assert_eq!(begun.replica.streams[&Stream::Community].shown, before);

    let asked = begun.replica.request(0).1.asked;
    let mut last = reply(SECOND, 3);
    last.pages = vec![of_second(page(Stream::Community, next, 3, None))];
    let whole = begun.replica.receive(&asked, last);
    assert!(whole.mirror.contains(&MirrorOp::Drop(before.number)));
    assert_eq!(whole.replica.streams[&Stream::Community].shown.era, Some(SECOND));
}
