use crate::{
    attention::needs_attention,
    feed::{Around, Delivery, FeedPost, PostPage, ReactionCount, Selection, commands, post as page, window},
    testing::{Phone, comment, counts, id, mine, post},
};
use enishi_protocol::{
    Change, CommentId, Entity, EntityKind, ErrorCode, MutationId, PostId, Stream, Version,
    feed::{Comment, PostKind},
};

fn shown(phone: &Phone, post: PostId) -> Option<FeedPost> {
    let window = window(&phone.store, phone.community, Selection::All, Around::Newest, 50).expect("reads");
    window.posts.into_iter().find(|shown| shown.id == post)
}

fn read(phone: &Phone, post: PostId) -> PostPage {
    page(&phone.store, phone.community, post, 50).expect("reads").expect("is there")
}

fn thumbs(phone: &Phone, post: PostId) -> Option<(i64, bool)> {
    let reactions = shown(phone, post).expect("is there").reactions;
    reactions.first().map(|ReactionCount { count, own, .. }| (*count, *own))
}

fn react(phone: &mut Phone, post: PostId, on: bool) -> MutationId {
    let wish = commands::react(&phone.store, phone.community, post, "👍", on).expect("allowed");
    phone.write(wish)
}

#[test]
fn a_reaction_counts_at_once_and_never_twice_whatever_comes_first() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    phone.put(Stream::Community, 6, target.0, &counts(0, &[("👍", 2)]), None);
    let reaction = react(&mut phone, target, true);
    assert_eq!(thumbs(&phone, target), Some((3, true)));
    let inbox = phone.inbox();
    phone.accept(reaction, &[(Stream::Community, 9), (inbox, 10)]);
    assert_eq!(thumbs(&phone, target), Some((3, true)));
    phone.put(inbox, 10, target.0, &mine(&["👍"]), Some(reaction));
    assert_eq!(thumbs(&phone, target), Some((3, true)), "the inbox came first");
    phone.put(Stream::Community, 8, target.0, &counts(0, &[("👍", 1)]), None);
    assert_eq!(thumbs(&phone, target), Some((2, true)), "somebody else took theirs back");
    phone.put(Stream::Community, 9, target.0, &counts(0, &[("👍", 2)]), Some(reaction));
    assert_eq!(thumbs(&phone, target), Some((2, true)), "the count came as well");
    phone.forget(reaction);
    assert_eq!(thumbs(&phone, target), Some((2, true)));
}

#[test]
fn what_hangs_on_a_post_shows_before_the_posts_own_row_is_here() {
    let mut phone = Phone::new();
    let wish = commands::write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, "hello", &[]);
    let target = PostId::from(phone.write(wish.expect("allowed")));
    let reaction = react(&mut phone, target, true);
    phone.accept(MutationId(target.0), &[(Stream::Community, 5)]);
    let inbox = phone.inbox();
    phone.accept(reaction, &[(Stream::Community, 20), (inbox, 21)]);
    // The first sync of a phone on which one has signed in anew: the post is on a later page.
    phone.put(Stream::Community, 18, target.0, &counts(3, &[("👍", 1)]), None);
    assert_eq!(thumbs(&phone, target), Some((2, true)), "the reaction is not in the counts yet");
    phone.put(Stream::Community, 20, target.0, &counts(3, &[("👍", 2)]), Some(reaction));
    phone.put(inbox, 21, target.0, &mine(&["👍"]), Some(reaction));
    assert_eq!(thumbs(&phone, target), Some((2, true)));
    assert_eq!(shown(&phone, target).expect("is there").comments, 3);
    phone.forget(reaction);
    assert_eq!(thumbs(&phone, target), Some((2, true)));
}

#[test]
fn reacting_twice_is_reacting_once_and_taking_back_undoes_it() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    react(&mut phone, target, true);
    react(&mut phone, target, true);
    assert_eq!(thumbs(&phone, target), Some((1, true)));
    react(&mut phone, target, false);
    assert_eq!(thumbs(&phone, target), None);
}

#[test]
fn a_refused_reaction_is_undone_and_kept_for_the_member() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    let reaction = react(&mut phone, target, true);
    phone.refuse(reaction, ErrorCode::TooMany);
    assert_eq!(thumbs(&phone, target), None);
    let kept = needs_attention(&phone.store, phone.community).expect("reads");
    assert_eq!((kept[0].id, kept[0].reason), (reaction, ErrorCode::TooMany));
}

#[test]
fn an_edit_shows_at_once_and_yields_to_a_newer_text() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 1, "first");
    let edit = commands::edit_post(&phone.store, phone.community, target, "second", &[]).expect("allowed");
    let edit = phone.write(edit);
    let pending = shown(&phone, target).expect("is there");
    assert_eq!((pending.text.as_str(), pending.edited, pending.delivery), ("second", true, Delivery::Pending));
    phone.accept(edit, &[(Stream::Community, 8)]);
    assert_eq!(shown(&phone, target).expect("is there").text, "second");
    phone.put(Stream::Community, 9, target.0, &post(5, 1, "third", id(77)), Some(MutationId(id(77))));
    assert_eq!(shown(&phone, target).expect("is there").text, "third");
}

#[test]
fn an_edit_in_conflict_keeps_both_texts_and_shows_the_servers() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 1, "first");
    let edit = commands::edit_post(&phone.store, phone.community, target, "mine", &[]).expect("allowed");
    let edit = phone.write(edit);
    phone.put(Stream::Community, 9, target.0, &post(5, 1, "theirs", id(77)), Some(MutationId(id(77))));
    phone.refuse(edit, ErrorCode::Conflict);
    let seen = shown(&phone, target).expect("is there");
    assert_eq!((seen.text.as_str(), seen.delivery), ("theirs", Delivery::NeedsAttention(ErrorCode::Conflict)));
    let kept = &needs_attention(&phone.store, phone.community).expect("reads")[0];
    assert_eq!((kept.yours.as_deref(), kept.theirs.as_deref()), (Some("mine"), Some("theirs")));
}

#[test]
fn a_deleted_post_is_gone_at_once_and_back_if_that_is_refused() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 1, "first");
    let deletion = commands::delete_post(&phone.store, phone.community, target).expect("allowed");
    let deletion = phone.write(deletion);
    assert_eq!(shown(&phone, target), None);
    assert_eq!(page(&phone.store, phone.community, target, 5).expect("reads"), None);
    phone.refuse(deletion, ErrorCode::NotAllowed);
    assert!(shown(&phone, target).is_some());
}

#[test]
fn comments_count_and_show_while_they_wait() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    phone.put(Stream::Community, 6, id(600), &comment(target, 6, 2, "first", id(600)), None);
    phone.put(Stream::Community, 7, target.0, &counts(1, &[]), None);
    let wish = commands::write_comment(&phone.store, phone.community, target, None, "second", &[]);
    let written = phone.write(wish.expect("allowed"));
    let seen = read(&phone, target);
    let said: Vec<_> = seen.comments.iter().map(|comment| (comment.text.as_str(), comment.delivery)).collect();
    assert_eq!(said, [("first", Delivery::Sent), ("second", Delivery::Pending)]);
    assert_eq!(seen.post.comments, 2);
    phone.put(Stream::Community, 8, written.0, &comment(target, 8, 1, "second", written.0), Some(written));
    phone.put(Stream::Community, 9, target.0, &counts(2, &[]), Some(written));
    let seen = read(&phone, target);
    assert_eq!((seen.comments.len(), seen.post.comments), (2, 2));
    phone.write(commands::delete_comment(&phone.store, phone.community, written.into()).expect("allowed"));
    assert_eq!((read(&phone, target).comments.len(), read(&phone, target).post.comments), (1, 1));
}

#[test]
fn a_comment_whose_post_is_not_there_yet_is_left_out() {
    let mut phone = Phone::new();
    phone.put(Stream::Community, 6, id(600), &comment(PostId(id(5)), 6, 2, "early", id(600)), None);
    assert_eq!(page(&phone.store, phone.community, PostId(id(5)), 5).expect("reads"), None);
}

#[test]
fn a_post_that_moves_shows_while_only_its_former_feed_has_told_of_it() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    let target = phone.post(Stream::Community, 5, 1, "hello");
    phone.put(Stream::Community, 6, target.0, &counts(0, &[("👍", 2)]), None);
    let other = phone.post(Stream::Community, 7, 2, "other");
    let wish = commands::move_post(&phone.store, phone.community, target, group).expect("allowed");
    let moving = phone.write(wish);
    phone.accept(moving, &[(Stream::Community, 9), (group, 10)]);
    let gone = |post: PostId, version: i64, by: MutationId| Change {
        version: Version(version),
        kind: EntityKind::Post,
        id: post.0,
        mutation: Some(by),
        body: None,
    };
    phone.say(Stream::Community, gone(target, 9, moving));
    phone.say(Stream::Community, gone(other, 8, MutationId(id(77))));
    let carried = shown(&phone, target).expect("its text is in neither feed, and shows");
    assert_eq!((carried.stream, carried.text.as_str(), carried.delivery), (group, "hello", Delivery::Sent));
    assert_eq!(thumbs(&phone, target), Some((2, false)));
    assert_eq!(read(&phone, target).post.stream, group);
    assert_eq!(shown(&phone, other), None, "what somebody else deleted does not");
    let of_community = window(&phone.store, phone.community, Selection::Stream(Stream::Community), Around::Newest, 9);
    assert_eq!(of_community.expect("reads").posts, []);

    phone.put(group, 10, target.0, &post(5, 1, "hello", target.0), Some(moving));
    assert_eq!(shown(&phone, target).map(|shown| shown.stream), Some(group));
    phone.forget(moving);
    assert_eq!(shown(&phone, target).map(|shown| shown.stream), Some(group));
    let rows =
        |sql: &str| phone.store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?));
    assert_eq!(rows("SELECT count(*) FROM post").expect("counts"), 1, "nothing is carried any more");
    assert_eq!(rows("SELECT count(*) FROM counts").expect("counts"), 0);
}

#[test]
fn a_post_that_was_carried_into_a_feed_that_one_may_not_read_any_more_is_gone() {
    let mut phone = Phone::new();
    let group = phone.group(7);
    let target = phone.post(Stream::Community, 5, 1, "hello");
    let wish = commands::move_post(&phone.store, phone.community, target, group).expect("allowed");
    let moving = phone.write(wish);
    phone.accept(moving, &[(Stream::Community, 9), (group, 10)]);
    let gone = Change { version: Version(9), kind: EntityKind::Post, id: target.0, mutation: Some(moving), body: None };
    phone.say(Stream::Community, gone);
    phone.end();
    assert_eq!(shown(&phone, target), None);
    let rows = phone
        .store
        .read(|connection| Ok(connection.query_row("SELECT count(*) FROM post", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(rows.expect("counts"), 0);
}

#[test]
fn a_reply_waits_for_the_comment_that_it_answers() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    let (above, reply) = (id(600), id(601));
    let Entity::Comment(answer) = comment(target, 7, 3, "a reply", reply) else { panic!("a comment") };
    let answer = Entity::Comment(Comment { reply_to: Some(CommentId(above)), ..answer });
    phone.put(Stream::Community, 7, reply, &answer, Some(MutationId(reply)));
    assert_eq!(read(&phone, target).comments, [], "it would answer nothing that can be seen");
    phone.put(Stream::Community, 6, above, &comment(target, 6, 2, "a comment", above), Some(MutationId(above)));
    let texts: Vec<_> = read(&phone, target).comments.into_iter().map(|comment| comment.text).collect();
    assert_eq!(texts, ["a comment", "a reply"]);
}
