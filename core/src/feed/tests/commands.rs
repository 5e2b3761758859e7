use crate::{
    attention::{Change, again},
    error::StoreError,
    feed::{commands, post as page},
    store::Wish,
    testing::{Phone, id, post},
};
use enishi_protocol::{ErrorCode, MutationId, Operation, PostId, Stream, feed::PostKind, limits};
use uuid::Uuid;

fn code<T: std::fmt::Debug>(result: Result<T, StoreError>) -> ErrorCode {
    match result {
        Err(StoreError::Refused(code)) => code,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn write(phone: &Phone, text: &str) -> Result<Wish, StoreError> {
    commands::write_post(&phone.store, phone.community, Stream::Community, PostKind::Text, text, &[])
}

#[test]
fn what_the_server_would_refuse_is_refused_while_writing() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 2, "hello");
    assert_eq!(code(write(&phone, " \n")), ErrorCode::TextEmpty);
    assert_eq!(code(write(&phone, &"退".repeat(limits::POST_CHARS + 1))), ErrorCode::TextTooLong);
    assert!(write(&phone, &"退".repeat(limits::POST_CHARS)).is_ok());
    let react = |reaction| commands::react(&phone.store, phone.community, target, reaction, true);
    assert_eq!(code(react("")), ErrorCode::ReactionInvalid);
    assert_eq!(code(react("a b")), ErrorCode::ReactionInvalid);
    let nowhere = Stream::Group(id(5).into());
    let posting = commands::write_post(&phone.store, phone.community, nowhere, PostKind::Text, "x", &[]);
    assert_eq!(code(posting), ErrorCode::WrongPlace);
    assert_eq!(code(commands::delete_post(&phone.store, phone.community, PostId(id(3)))), ErrorCode::NotFound);
}

#[test]
fn what_hangs_on_a_pending_post_names_it_as_parent() {
    let mut phone = Phone::new();
    let wish = write(&phone, "new").expect("allowed");
    let post = phone.write(wish);
    let comment = commands::write_comment(&phone.store, phone.community, post.into(), None, "so", &[]);
    assert_eq!(comment.expect("allowed").parent, Some(post));
    let edit = commands::edit_post(&phone.store, phone.community, post.into(), "newer", &[]).expect("allowed");
    assert_eq!((base(&edit), edit.parent), (post, Some(post)));
    let edit = phone.write(edit);
    let second = commands::edit_post(&phone.store, phone.community, post.into(), "newest", &[]).expect("allowed");
    assert_eq!((base(&second), second.parent), (edit, Some(edit)));
}

fn base(wish: &Wish) -> MutationId {
    match &wish.operation {
        Operation::EditPost(edit) => edit.base,
        other => panic!("not an edit: {other:?}"),
    }
}

#[test]
fn an_edit_names_the_mutation_that_wrote_the_text_it_was_made_on() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 1, "first");
    phone.put(Stream::Community, 8, target.0, &post(5, 1, "second", id(88)), None);
    let edit = commands::edit_post(&phone.store, phone.community, target, "third", &[]).expect("allowed");
    assert_eq!((base(&edit), edit.parent), (MutationId(id(88)), None));
}

fn try_again(phone: &mut Phone, refused: MutationId, text: Option<&str>) -> Vec<MutationId> {
    let mut ids: Vec<Uuid> = (0..8).map(|_| phone.new_id()).collect();
    let writes =
        again(&phone.store, phone.community, refused, Change { text, without_files: false }, &mut || ids.remove(0))
            .expect("can be tried");
    let written: Vec<_> = writes
        .into_iter()
        .map(|again| {
            phone.write_as(again.write.id, Wish { operation: again.write.operation, parent: again.parent });
            phone.forget(again.old);
            again.write.id
        })
        .collect();
    written
}

#[test]
fn a_refused_post_tried_again_takes_along_what_was_refused_with_it() {
    let mut phone = Phone::new();
    let wish = write(&phone, "first").expect("allowed");
    let post = phone.write(wish);
    let comment = commands::write_comment(&phone.store, phone.community, post.into(), None, "so", &[]);
    let comment = phone.write(comment.expect("allowed"));
    phone.refuse(post, ErrorCode::TextTooLong);
    phone.refuse(comment, ErrorCode::ParentRefused);
    let written = try_again(&mut phone, post, Some("shorter"));
    assert_eq!(written.len(), 2);
    let seen = page(&phone.store, phone.community, written[0].into(), 9).expect("reads").expect("is there");
    assert_eq!((seen.post.text.as_str(), seen.comments.len()), ("shorter", 1));
    assert_eq!(phone.replica.outbox[1].parent, Some(written[0]));
}

#[test]
fn an_edit_in_conflict_tried_again_is_made_on_the_present_text() {
    let mut phone = Phone::new();
    let target = phone.post(Stream::Community, 5, 1, "first");
    let edit = commands::edit_post(&phone.store, phone.community, target, "mine", &[]).expect("allowed");
    let edit = phone.write(edit);
    phone.put(Stream::Community, 9, target.0, &post(5, 1, "theirs", id(77)), None);
    phone.refuse(edit, ErrorCode::Conflict);
    let written = try_again(&mut phone, edit, None);
    let entry = phone.store.writes(phone.community, phone.me, &written).expect("reads").remove(0);
    let Some(Operation::EditPost(edit)) = entry.operation() else { panic!("not an edit") };
    assert_eq!((edit.base, edit.text.as_str()), (MutationId(id(77)), "mine"));
}
