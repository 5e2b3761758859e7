use super::PollView;
use crate::{
    error::StoreError,
    feed::{Around, Selection, commands, window},
    testing::{Phone, id, post},
};
use enishi_protocol::{
    Entity, ErrorCode, PostId, Stream,
    feed::{Counts, Post},
    polls::{Choice, MyVote, Poll, PollCounts},
};

const POST: u128 = 70;

fn poll(several: bool) -> Poll {
    Poll { options: ["金曜", "土曜", "日曜"].map(str::to_owned).into(), several, closes_us: None }
}

/// A phone that holds a poll, in which six others have voted.
fn phone(several: bool) -> Phone {
    let mut phone = Phone::new();
    let Entity::Post(asked) = post(2, 2, "いつ集まりますか。", id(POST)) else { panic!("a post") };
    let asked = Entity::Post(Post { poll: Some(poll(several)), ..asked });
    phone.put(Stream::Community, 2, id(POST), &asked, None);
    counted(&mut phone, 3, [3, 2, 1]);
    phone
}

fn counted(phone: &mut Phone, version: i64, votes: [i64; 3]) {
    let poll = Some(PollCounts { voters: votes.iter().sum(), votes: Some(votes.into()) });
    phone.put(Stream::Community, version, id(POST), &Entity::Counts(Counts { poll, ..Counts::default() }), None);
}

fn told(phone: &mut Phone, version: i64, by: enishi_protocol::MutationId, choices: &[Choice], before: &[Choice]) {
    let vote = MyVote { choices: choices.into(), before: before.into() };
    phone.put(phone.inbox(), version, id(POST), &Entity::MyVote(vote), Some(by));
    phone.reach(phone.inbox(), version);
}

fn shown(phone: &Phone) -> PollView {
    let window = window(&phone.store, phone.community, Selection::All, Around::Newest, 10).expect("reads");
    window.posts[0].poll.clone().expect("a poll")
}

fn votes(phone: &Phone) -> (i64, Vec<i64>, Vec<bool>) {
    let view = shown(phone);
    let votes = view.options.iter().map(|option| option.votes.expect("shown"));
    (view.voters, votes.collect(), view.options.iter().map(|option| option.own).collect())
}

fn vote(phone: &mut Phone, choices: &[Choice]) -> enishi_protocol::MutationId {
    let wish = commands::vote(&phone.store, phone.community, PostId(id(POST)), choices).expect("allowed");
    phone.write(wish)
}

#[test]
fn a_vote_offline_shows_at_once_and_is_undone_where_it_is_refused() {
    let mut phone = phone(false);
    let voted = vote(&mut phone, &[1]);
    assert_eq!(votes(&phone), (7, vec![3, 3, 1], vec![false, true, false]));
    phone.refuse(voted, ErrorCode::PollClosed);
    assert_eq!(votes(&phone), (6, vec![3, 2, 1], vec![false; 3]));
}

#[test]
fn a_vote_counts_once_in_whatever_order_its_traces_come() {
    for inbox_first in [false, true] {
        let mut phone = phone(false);
        let voted = vote(&mut phone, &[1]);
        let once = (7, vec![3, 3, 1], vec![false, true, false]);
        phone.accept(voted, &[(Stream::Community, 5), (phone.inbox(), 4)]);
        assert_eq!(votes(&phone), once);
        if inbox_first {
            told(&mut phone, 4, voted, &[1], &[]);
            assert_eq!(votes(&phone), once, "the inbox knows, the counts do not yet");
            counted(&mut phone, 5, [3, 3, 1]);
        } else {
            counted(&mut phone, 5, [3, 3, 1]);
            assert_eq!(votes(&phone), once, "the counts know, the inbox does not yet");
            told(&mut phone, 4, voted, &[1], &[]);
        }
        assert_eq!(votes(&phone), once);
        phone.forget(voted);
        assert_eq!(votes(&phone), once);
    }
}

#[test]
fn a_vote_that_waits_again_after_a_restore_is_not_added_to_the_counts_that_have_it() {
    let mut phone = phone(false);
    let voted = vote(&mut phone, &[1]);
    let once = (7, vec![3, 3, 1], vec![false, true, false]);
    phone.accept(voted, &[(Stream::Community, 5), (phone.inbox(), 4)]);
    told(&mut phone, 4, voted, &[1], &[]);
    phone.wait_again(voted);
    assert_eq!(votes(&phone), once, "the counts do not have it yet");
    counted(&mut phone, 5, [3, 3, 1]);
    assert_eq!(votes(&phone), once, "they have it");
}

#[test]
fn a_poll_of_ones_own_shows_the_votes_that_are_here_before_its_row_is() {
    let mut phone = Phone::new();
    let wish = commands::write_poll(&phone.store, phone.community, Stream::Community, "いつ？", poll(false), &[]);
    let asked = phone.write(wish.expect("allowed"));
    let wish = commands::vote(&phone.store, phone.community, asked.into(), &[2]).expect("allowed");
    let voted = phone.write(wish);
    phone.accept(asked, &[(Stream::Community, 5)]);
    phone.accept(voted, &[(Stream::Community, 20), (phone.inbox(), 19)]);
    let all = |votes: [i64; 3]| {
        let poll = Some(PollCounts { voters: votes.iter().sum(), votes: Some(votes.into()) });
        Entity::Counts(Counts { poll, ..Counts::default() })
    };
    phone.put(Stream::Community, 18, asked.0, &all([4, 2, 0]), None);
    assert_eq!(votes(&phone), (7, vec![4, 2, 1], vec![false, false, true]));
    phone.put(Stream::Community, 20, asked.0, &all([4, 2, 1]), None);
    assert_eq!(votes(&phone), (7, vec![4, 2, 1], vec![false, false, true]), "counted once");
}

#[test]
fn voting_anew_moves_the_vote_and_taking_it_back_removes_it() {
    let mut phone = phone(true);
    let earlier = enishi_protocol::MutationId(id(99));
    told(&mut phone, 4, earlier, &[0], &[]);
    vote(&mut phone, &[2, 1]);
    assert_eq!(votes(&phone), (6, vec![2, 3, 2], vec![false, true, true]));
    vote(&mut phone, &[2]);
    assert_eq!(votes(&phone), (6, vec![2, 2, 2], vec![false, false, true]));
    let taken_back = vote(&mut phone, &[]);
    assert_eq!(votes(&phone), (5, vec![2, 2, 1], vec![false; 3]));
    // Accepted, and the inbox has it gone: only the counts are still to come.
    phone.accept(taken_back, &[(Stream::Community, 9), (phone.inbox(), 8)]);
    assert_eq!(votes(&phone), (5, vec![2, 2, 1], vec![false; 3]));
}

#[test]
fn of_two_votes_of_which_only_the_inbox_knows_none_is_counted_twice() {
    let mut phone = phone(false);
    let (first, second) = (vote(&mut phone, &[0]), vote(&mut phone, &[1]));
    phone.accept(first, &[(Stream::Community, 5), (phone.inbox(), 4)]);
    phone.accept(second, &[(Stream::Community, 7), (phone.inbox(), 6)]);
    told(&mut phone, 6, second, &[1], &[0]);
    let (voters, counts, own) = votes(&phone);
    assert_eq!(own, [false, true, false]);
    assert_eq!((voters, counts), (6, vec![3, 2, 1]), "shown as they are until the counts come");
    counted(&mut phone, 7, [3, 3, 1]);
    assert_eq!(votes(&phone).1, [3, 3, 1]);
}

#[test]
fn below_the_threshold_only_the_number_of_voters_shows() {
    let mut phone = phone(false);
    let few = Counts { poll: Some(PollCounts { voters: 3, votes: None }), ..Counts::default() };
    phone.put(Stream::Community, 4, id(POST), &Entity::Counts(few), None);
    vote(&mut phone, &[2]);
    let view = shown(&phone);
    assert_eq!(view.voters, 4);
    assert!(view.options.iter().all(|option| option.votes.is_none()));
    assert!(view.options[2].own);
}

#[test]
fn what_the_server_would_refuse_is_said_while_voting() {
    let mut phone = phone(false);
    let plain = phone.post(Stream::Community, 4, 2, "投票ではない投稿");
    let say = |post, choices: &[Choice]| commands::vote(&phone.store, phone.community, post, choices);
    let refused = |wish: Result<_, StoreError>| matches!(wish, Err(StoreError::Refused(ErrorCode::ChoiceInvalid)));
    assert!(refused(say(PostId(id(POST)), &[0, 1])), "one only");
    assert!(refused(say(PostId(id(POST)), &[3])), "no such option");
    assert!(refused(say(plain, &[0])), "no poll");
    let bad = Poll { options: vec!["一つだけ".into()], several: false, closes_us: None };
    let wish = commands::write_poll(&phone.store, phone.community, Stream::Community, "どれ？", bad, &[]);
    assert!(matches!(wish, Err(StoreError::Refused(ErrorCode::PollInvalid))));
}

#[test]
fn a_poll_written_offline_can_be_voted_on_before_it_is_sent() {
    let mut phone = Phone::new();
    let wish = commands::write_poll(&phone.store, phone.community, Stream::Community, "いつ？", poll(false), &[]);
    let asked = phone.write(wish.expect("allowed"));
    let wish = commands::vote(&phone.store, phone.community, asked.into(), &[2]).expect("allowed");
    assert_eq!(wish.parent, Some(asked));
    phone.write(wish);
    let view = shown(&phone);
    assert_eq!((view.voters, view.options[2].own), (1, true));
}
