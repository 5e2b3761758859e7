//! Rules that phone and server keep together. Each story holds, and stops holding once its rule is
//! broken.

use enishi_core::sync::replica::Taken;
use enishi_protocol::{
    Operation, PostId, Stream,
    feed::{Bookmarking, CommentWriting, PostDeletion, PostEdit},
    rules::Rule,
};
use enishi_tests::simulation::{Act, Message, Setup, Story, Violation, World, needs, told};

/// The phone of the member who runs the community.
const ANN: usize = 0;
/// A member's phone.
const BEN: usize = 1;
/// The same member's second phone.
const BEN_TOO: usize = 2;

fn community() -> Setup {
    Setup { posts: 3, ..Setup::default() }
}

#[test]
fn a_request_that_arrives_twice_is_decided_once() {
    needs(Rule::DedupeById, &community(), |world| {
        world.post(BEN, Stream::Community);
        let letter = world.letter(BEN, 0);
        world.answer(&letter)?;
        let answer = world.answer(&letter)?;
        world.deliver(answer)
    });
}

#[test]
fn leaving_and_joining_again_while_a_phone_is_away_gives_it_the_group_anew() {
    needs(Rule::GrantCheck, &community(), |world| {
        world.join(BEN);
        world.sync(BEN)?;
        world.sync(BEN_TOO)?;
        world.leave(BEN);
        world.sync(BEN)?;
        world.join(BEN);
        world.sync(BEN)
    });
}

#[test]
fn a_lost_live_batch_leaves_no_gap() {
    needs(Rule::GapCheck, &community(), |world| {
        world.go_live(BEN)?;
        for _ in 0..2 {
            world.post(ANN, Stream::Community);
            world.sync(ANN)?;
        }
        let second = world.live_batches(BEN).pop().expect("two live batches at least");
        world.deliver(second)
    });
}

#[test]
fn a_late_page_of_the_first_sync_brings_nothing_back_that_was_deleted() {
    needs(Rule::KeepTombstones, &Setup { posts: 12, ..Setup::default() }, |world| {
        let oldest = *world.server.posts()?.first().expect("there are posts");
        world.act(&Act::SignIn { phone: BEN })?;
        let mut late = None;
        for _ in 0..20 {
            let letter = world.letter(BEN, 0);
            let answer = world.answer(&letter)?;
            if world.brings(&answer, oldest) {
                late = Some(answer);
                break;
            }
            world.deliver(answer)?;
        }
        let late = late.ok_or_else(|| Violation("no page brings the oldest post".into()))?;
        world.write(ANN, Operation::DeletePost(PostDeletion { post: oldest }), None, false);
        world.sync(ANN)?;
        world.pull_without_pages(BEN)?;
        world.deliver(late)
    });
}

#[test]
fn a_cursor_of_another_era_is_not_believed() {
    needs(Rule::EraCheck, &community(), |world| {
        world.act(&Act::Backup)?;
        world.post(ANN, Stream::Community);
        world.sync_all()?;
        world.act(&Act::Restore)?;
        for _ in 0..3 {
            world.post(ANN, Stream::Community);
            world.sync(ANN)?;
        }
        Ok(())
    });
}

#[test]
fn a_delayed_request_is_not_overtaken() {
    needs(Rule::Predecessor, &community(), |world| {
        world.post(BEN, Stream::Community);
        world.post(BEN, Stream::Community);
        let second = world.letter(BEN, 1);
        world.answer(&second)?;
        Ok(())
    });
}

#[test]
fn an_accepted_post_is_shown_until_the_mirror_has_it() {
    needs(Rule::OverlayUntilCursor, &community(), |world| {
        world.post(BEN, Stream::Community);
        let first = world.letter(BEN, 0);
        world.post(BEN, Stream::Community);
        let _second = world.letter(BEN, 1);
        let answer = world.answer(&first)?;
        world.deliver(answer)
    });
}

#[test]
fn a_live_connection_gets_nothing_of_a_group_that_was_left() {
    needs(Rule::HubSnapshot, &community(), |world| {
        world.join(ANN);
        world.sync(ANN)?;
        world.join(BEN);
        world.sync(BEN)?;
        world.sync(BEN_TOO)?;
        world.go_live(BEN)?;
        world.leave(BEN_TOO);
        world.sync(BEN_TOO)?;
        let group = Stream::Group(world.group());
        world.post(ANN, group);
        world.sync(ANN)?;
        // The group's batch, where there is one, overtakes the news that the group was left.
        let (group_first, mut rest): (Vec<_>, Vec<_>) =
            world.live_batches(BEN).into_iter().partition(|message| World::is_of(message, group));
        rest.splice(0..0, group_first);
        rest.into_iter().try_for_each(|message| world.deliver(message))
    });
}

#[test]
fn what_hangs_on_a_post_moves_with_it() {
    needs(Rule::DependantsMove, &community(), |world| {
        world.join(ANN);
        let post = PostId::from(world.post(ANN, Stream::Community));
        world.sync(ANN)?;
        let comment =
            CommentWriting {
                post, reply_to: None, text: "返事".into(), mentions: Vec::new(), attachments: Vec::new()
            };
        world.write(ANN, Operation::WriteComment(comment), None, false);
        world.sync_all()?;
        let group = Stream::Group(world.group());
        world.move_post(ANN, post, group);
        world.sync(ANN)
    });
}

#[test]
fn a_late_batch_brings_nothing_back_that_was_deleted() {
    needs(Rule::StaleBatch, &community(), |world| {
        let post = PostId::from(world.post(ANN, Stream::Community));
        world.sync(ANN)?;
        let letter = world.letter(BEN, 0);
        let late = world.answer(&letter)?;
        world.write(ANN, Operation::DeletePost(PostDeletion { post }), None, false);
        world.sync_all()?;
        world.deliver(late)
    });
}

#[test]
fn a_page_that_arrives_twice_brings_nothing_back_that_was_deleted() {
    needs(Rule::AwaitedPage, &community(), |world| {
        let post = *world.server.posts()?.last().expect("there are posts");
        world.act(&Act::SignIn { phone: BEN })?;
        let letter = world.letter(BEN, 0);
        let page = world.answer(&letter)?;
        world.sync(BEN)?;
        world.write(ANN, Operation::DeletePost(PostDeletion { post }), None, false);
        world.sync_all()?;
        let world_has_moved_on = world.as_if_asked_now(page, BEN);
        world.deliver(world_has_moved_on)
    });
}

#[test]
fn a_request_of_another_era_decides_nothing() {
    needs(Rule::EraRequest, &community(), |world| {
        world.act(&Act::Backup)?;
        world.post(BEN, Stream::Community);
        let first = world.letter(BEN, 0);
        world.post(BEN, Stream::Community);
        let _lost = world.letter(BEN, 1);
        let answer = world.answer(&first)?;
        world.deliver(answer)?;
        world.post(BEN, Stream::Community);
        let of_first_era = world.letter(BEN, 0);
        world.act(&Act::Restore)?;
        world.answer(&of_first_era)?;
        Ok(())
    });
}

#[test]
fn of_two_offline_edits_of_one_post_the_second_is_a_conflict() {
    needs(Rule::BaseMutation, &community(), |world| {
        let written = world.post(BEN, Stream::Community);
        world.sync_all()?;
        let edit = |text: &str| {
            let (post, text) = (written.into(), text.to_owned());
            Operation::EditPost(PostEdit { post, base: written, text, mentions: Vec::new() })
        };
        world.write(BEN, edit("一台目で直した"), None, false);
        let second = world.write(BEN_TOO, edit("二台目で直した"), None, false);
        world.sync_all()?;
        let refused = world.phones[BEN_TOO].replica.outbox.iter().any(|entry| entry.id == second);
        if refused { Ok(()) } else { Err(Violation("an edit went over another".into())) }
    });
}

#[test]
fn what_waits_for_an_upload_holds_nothing_else_up() {
    needs(Rule::HeldPassed, &community(), |world| {
        world.held_post(BEN, Stream::Community);
        world.post(BEN, Stream::Community);
        Ok(())
    });
}

#[test]
fn a_repeat_whose_result_was_forgotten_is_refused_not_decided_again() {
    needs(Rule::Expiry, &community(), |world| {
        world.post(BEN, Stream::Community);
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        world.post(ANN, Stream::Community);
        world.sync(ANN)?;
        world.act(&Act::Expire)
    });
}

#[test]
fn what_was_erased_does_not_come_back_through_a_restore() {
    needs(Rule::ErasedIds, &community(), |world| {
        world.act(&Act::Backup)?;
        world.post(BEN, Stream::Community);
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        let at = world.server.posts()?.len() - 1;
        world.act(&Act::Erase { post: at })?;
        world.act(&Act::Restore)
    });
}

#[test]
fn a_reaction_whose_result_is_not_known_is_not_counted_twice() {
    needs(Rule::ResultsFirst, &community(), |world| {
        let post = *world.server.posts()?.last().expect("there are posts");
        world.go_live(BEN)?;
        world.react(BEN, post);
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        world.react(ANN, post);
        world.sync(ANN)?;
        // The inbox, which would tell that the reaction is known, comes later.
        let batches = world.live_batches(BEN).into_iter();
        let mut of_feed = batches.filter(|message| World::is_of(message, Stream::Community));
        of_feed.try_for_each(|message| world.deliver(message))
    });
}

#[test]
fn a_group_that_was_lost_is_not_back_after_a_crash() {
    needs(Rule::FlushDrop, &community(), |world| {
        world.join(BEN);
        world.sync(BEN)?;
        world.post(BEN, Stream::Community);
        world.sync_all()?;
        world.leave(BEN_TOO);
        world.sync(BEN_TOO)?;
        world.sync(BEN)?;
        let group = Stream::Group(world.group());
        world.act(&Act::Crash { phone: BEN, at: 0 })?;
        let back = world.phones[BEN].replica.streams.contains_key(&group);
        if back { Err(Violation("a crash brought back a stream that may no longer be read".into())) } else { Ok(()) }
    });
}

#[test]
fn what_was_refused_is_not_decided_after_what_passed_it() {
    let story: Story = |world| {
        world.act(&Act::Backup)?;
        world.post(BEN, Stream::Community);
        let early = world.letter(BEN, 0);
        world.post(ANN, Stream::Community);
        world.sync(ANN)?;
        world.act(&Act::Expire)?;
        let passing = world.letter(BEN, 1);
        let answer = world.answer(&passing)?;
        world.deliver(answer)?;
        world.post(BEN, Stream::Community);
        let _lost = world.letter(BEN, 0);
        // The first has become too old, the second has not. A restore forgets that, and so would a phone that crashed.
        let refused = world.answer(&early)?;
        world.deliver(refused)?;
        world.act(&Act::Restore)?;
        let letter = world.letter(BEN, 0);
        let of_new_era = world.answer(&letter)?;
        world.deliver(of_new_era)?;
        let letter = world.letter(BEN, 0);
        let _lost = world.answer(&letter)?;
        world.act(&Act::Crash { phone: BEN, at: 0 })
    };
    assert_eq!(told(&community(), story), Ok(()));
}

#[test]
fn a_live_connection_goes_on_where_the_phone_is_also_after_changes_elsewhere() {
    let story: Story = |world| {
        // Only another's inbox changes: the cursors are behind the version, and nothing is missing.
        let post = *world.server.posts()?.last().expect("there are posts");
        world.write(ANN, Operation::Bookmark(Bookmarking { post, on: true }), None, false);
        world.sync(ANN)?;
        world.go_live(BEN)?;
        world.post(ANN, Stream::Community);
        world.sync(ANN)?;
        let batches = world.live_batches(BEN);
        let missed = batches.into_iter().try_fold(0, |missed, message| {
            let Message::Live(phone, session, batch) = message else { return Ok(missed) };
            let taken = world.phones[phone].live(session, batch);
            Ok::<_, Violation>(missed + usize::from(taken == Taken::Missed))
        })?;
        if missed == 0 { Ok(()) } else { Err(Violation(format!("{missed} live batches left a gap"))) }
    };
    assert_eq!(told(&community(), story), Ok(()));
}

#[test]
fn every_rule_of_the_contract_has_such_a_story() {
    let stories = concat!(include_str!("broken_rules.rs"), include_str!("replica_rules.rs"));
    for rule in Rule::ALL {
        assert!(stories.contains(&format!("Rule::{rule:?}")), "nothing shows what goes wrong without {rule:?}");
    }
}
