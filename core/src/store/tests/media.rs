use super::random::attachment;
use crate::{error::StoreError, store::media::PickedFile, testing};
use enishi_protocol::{
    AttachmentId, Change, Entity, EntityKind, ErrorCode, PostId, Stream, Version,
    feed::{Comment, Post},
    limits::{PICKED_SECONDS, UPLOAD_BYTES},
    media::{AttachmentKind, MediaSize},
};

const FULL: MediaSize = MediaSize::Full;

fn jpeg(length: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff".to_vec();
    bytes.extend((3..length).map(|at| at.to_le_bytes()[0]));
    bytes
}

fn refused<T>(result: Result<T, StoreError>) -> ErrorCode {
    match result.err() {
        Some(StoreError::Refused(code)) => code,
        other => panic!("not refused: {other:?}"),
    }
}

fn pick(phone: &testing::Phone, id: AttachmentId, bytes: &[u8]) -> Result<crate::media::Picked, StoreError> {
    phone.store.pick((phone.community, phone.me), id, 1, &mut &bytes[..])
}

/// Others' posts that show the pictures 70 and 71, the second in a comment.
fn shows_pictures(phone: &mut testing::Phone, stream: Stream) -> PostId {
    let post = testing::id(500);
    let Entity::Post(written) = testing::post(10, 2, "川", post) else { panic!("a post") };
    let written = Post { attachments: vec![attachment(testing::id(70).into())], ..written };
    phone.put(stream, 10, post, &Entity::Post(written), None);
    let Entity::Comment(said) = testing::comment(PostId(post), 11, 3, "山", testing::id(501)) else {
        panic!("a comment")
    };
    let said = Comment { attachments: vec![attachment(testing::id(71).into())], ..said };
    phone.put(stream, 11, testing::id(501), &Entity::Comment(said), None);
    PostId(post)
}

fn gone(version: i64, kind: EntityKind, id: uuid::Uuid) -> Change {
    Change { version: Version(version), kind, id, mutation: None, body: None }
}

#[test]
fn a_picked_file_comes_back_in_pieces_as_it_was() {
    let phone = testing::Phone::new();
    let (id, bytes) = (AttachmentId(testing::id(7)), jpeg(700_001));
    let picked = pick(&phone, id, &bytes).expect("picked");
    assert_eq!((picked.kind, picked.bytes), (AttachmentKind::Image, 700_001));
    let mut read = Vec::new();
    while read.len() < bytes.len() {
        let piece = phone.store.picked_bytes(id, read.len() as u64, 100_000).expect("reads");
        assert!(!piece.is_empty() && piece.len() <= 100_000);
        read.extend(piece);
    }
    assert_eq!(read, bytes);
    assert!(phone.store.picked_bytes(id, 700_001, 10).expect("reads").is_empty());
    let Some(PickedFile { sha256, sent: 0, finished: false, .. }) = phone.store.picked(id).expect("reads") else {
        panic!("it is not there")
    };
    assert_eq!(sha256[..], <sha2::Sha256 as sha2::Digest>::digest(&bytes)[..]);
}

#[test]
fn what_no_server_would_take_is_refused_when_it_is_picked() {
    let phone = testing::Phone::new();
    let id = AttachmentId(testing::id(7));
    let large = jpeg(usize::try_from(UPLOAD_BYTES).expect("fits") + 1);
    assert_eq!(refused(pick(&phone, id, &large)), ErrorCode::FileTooLarge);
    assert_eq!(refused(pick(&phone, id, b"<svg/>")), ErrorCode::FileKindUnknown);
    assert_eq!(refused(pick(&phone, id, b"")), ErrorCode::FileKindUnknown);
    assert_eq!(phone.store.picked(id).expect("reads"), None);
}

#[test]
fn a_picked_file_stays_while_something_shows_it_and_goes_when_nothing_does() {
    let mut phone = testing::Phone::new();
    let (shown, draft) = (AttachmentId(testing::id(7)), AttachmentId(testing::id(8)));
    for id in [shown, draft] {
        pick(&phone, id, &jpeg(100)).expect("picked");
    }
    let showing = |id| enishi_protocol::media::Attaching { id, alt: String::new() };
    let writing = enishi_protocol::feed::PostWriting {
        stream: Stream::Community,
        kind: enishi_protocol::feed::PostKind::Text,
        text: String::new(),
        mentions: Vec::new(),
        poll: None,
        attachments: vec![showing(shown)],
    };
    let write = |phone: &testing::Phone, writing: &enishi_protocol::feed::PostWriting| {
        crate::feed::commands::write_post_as(&phone.store, phone.community, writing.clone())
    };
    let wish = write(&phone, &writing).expect("can be written");
    let mutation = phone.write(wish);
    assert_eq!(refused(write(&phone, &writing)), ErrorCode::AttachmentLost, "one file is shown once");
    let absent = enishi_protocol::feed::PostWriting { attachments: vec![showing(testing::id(9).into())], ..writing };
    assert_eq!(refused(write(&phone, &absent)), ErrorCode::AttachmentLost);
    assert_eq!(refused(phone.store.unpick((phone.community, phone.me), shown)), ErrorCode::WrongPlace);
    phone.store.picked_finished(shown, true).expect("noted");
    let later = 2 + PICKED_SECONDS * 1_000_000;
    assert!(!phone.store.forget_picked(2).expect("forgets"));
    assert!(phone.store.forget_picked(later).expect("forgets"), "a draft that nobody came back to");
    assert!(phone.store.picked(draft).expect("reads").is_none() && phone.store.picked(shown).expect("reads").is_some());
    phone.forget(mutation);
    assert!(phone.store.forget_picked(2).expect("forgets"), "the server has it");
    assert_eq!(phone.store.picked(shown).expect("reads"), None);
}

#[test]
fn a_kept_file_goes_with_the_post_the_comment_or_the_stream_that_shows_it() {
    let (first, second) = (AttachmentId(testing::id(70)), AttachmentId(testing::id(71)));
    for what in ["comment", "hidden comment", "post", "hidden post", "stream"] {
        let mut phone = testing::Phone::new();
        let stream = phone.group(40);
        let post = shows_pictures(&mut phone, stream);
        for id in [first, second] {
            phone.store.keep(phone.community, (post, id), FULL, 1, b"bytes").expect("kept");
            let kept = phone.store.kept(phone.community, (post, id), FULL, 2).expect("reads");
            assert_eq!(kept.as_deref(), Some(&b"bytes"[..]));
        }
        let other = AttachmentId(testing::id(72));
        assert_eq!(refused(phone.store.keep(phone.community, (post, other), FULL, 1, b"x")), ErrorCode::NotFound);
        match what {
            "comment" => phone.say(stream, gone(12, EntityKind::Comment, testing::id(501))),
            "post" => phone.say(stream, gone(12, EntityKind::Post, post.0)),
            "hidden comment" => {
                let hidden = hidden(testing::comment(post, 11, 3, "", testing::id(501)));
                phone.put(stream, 12, testing::id(501), &hidden, None);
            }
            "hidden post" => {
                let hidden = hidden(testing::post(10, 2, "", post.0));
                phone.put(stream, 12, post.0, &hidden, None);
            }
            _ => phone.end(),
        }
        let rows = phone.store.read(|connection| {
            Ok(connection.query_row("SELECT count(*) FROM media_kept", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(rows.expect("counts"), i64::from(what.ends_with("comment")), "after the {what} has gone");
        let gone = if what == "hidden post" { first } else { second };
        assert_eq!(refused(phone.store.kept(phone.community, (post, gone), FULL, 3)), ErrorCode::NotFound, "{what}");
    }
}

/// A post or comment as the server says it once it is hidden.
fn hidden(entity: Entity) -> Entity {
    let rule = enishi_protocol::moderation::default_rules().remove(0);
    let by_name = enishi_protocol::membership::PersonName { family: "高橋".into(), given: String::new() };
    let office = enishi_protocol::moderation::Office::Moderator;
    let stub = Some(enishi_protocol::moderation::Hidden { rule, by: testing::member(9), by_name, office, at_us: 5 });
    match entity {
        Entity::Post(post) => Entity::Post(Post { hidden: stub, ..post }),
        Entity::Comment(comment) => Entity::Comment(Comment { hidden: stub, ..comment }),
        other => other,
    }
}

#[test]
fn no_file_from_behind_a_block_is_shown() {
    let (first, second) = (AttachmentId(testing::id(70)), AttachmentId(testing::id(71)));
    for (blocked, seen) in [(2, vec![]), (3, vec![first]), (4, vec![first, second])] {
        let mut phone = testing::Phone::new();
        let post = shows_pictures(&mut phone, Stream::Community);
        for id in [first, second] {
            phone.store.keep(phone.community, (post, id), FULL, 1, b"bytes").expect("kept");
        }
        let inbox = phone.inbox();
        let block = Entity::Block(enishi_protocol::blocks::Block { at_us: 1 });
        phone.put(inbox, 20, testing::id(blocked), &block, None);
        for id in [first, second] {
            let kept = phone.store.kept(phone.community, (post, id), FULL, 2);
            assert_eq!(kept.is_ok_and(|kept| kept.is_some()), seen.contains(&id), "{id} with {blocked} blocked");
        }
    }
}
