use super::{
    attaching::readable,
    leftovers,
    store::MediaStore,
    uploads::{self, Known, Piece, State, Stored, Upload},
};
use crate::{
    both_engines,
    db::{
        Connection,
        testing::{TestDatabase, folder},
    },
    erasure::{self, Erasure, What},
    error::{Error, Result},
    surroundings::Surroundings,
    sync::{
        chores,
        tests::world::{Phone, World, group, open_group},
    },
};
use enishi_protocol::{
    AttachmentId, CommentId, Entity, EntityKind, ErrorCode, GroupId, MemberId, Operation, PostId, Stream,
    blocks::Blocking,
    feed::{CommentDeletion, CommentWriting, PostDeletion, PostKind, PostMove, PostWriting},
    groups::{GroupLeaving, Joining},
    limits::{ATTACHMENTS, UPLOAD_BYTES, UPLOAD_BYTES_PER_DAY},
    media::{Attaching, AttachmentKind, FileFacts, MediaSize},
    membership::Role,
    moderation::{Hiding, Removing, Subject, Suspending, Unhiding},
};
use std::sync::Arc;
use uuid::Uuid;

/// Does something with an upload of a member's in one write.
async fn change<T: Send + 'static>(
    world: &World,
    upload: Upload,
    work: impl FnOnce(&mut dyn Connection, i64) -> Result<T> + Send + 'static,
) -> Result<T> {
    let now_us = world.surroundings.now_us();
    world.db.write(crate::db::Scope::Community(upload.community), move |conn| work(conn, now_us)).await
}

fn new_upload(world: &World, member: MemberId) -> Upload {
    Upload { community: world.community, member, id: AttachmentId(Uuid::now_v7()) }
}

async fn begin(world: &World, upload: Upload, total: u64) -> Result<Known> {
    change(world, upload, move |conn, now_us| uploads::begin(conn, now_us, &upload, total)).await
}

async fn receive(world: &World, upload: Upload, start: u64, bytes: u64) -> Result<Known> {
    let piece = Piece { start, bytes, name: format!("{}/incoming/{}/{start}-{bytes}", upload.community, upload.id) };
    let known = change(world, upload, move |conn, _| uploads::receive(conn, &upload, &piece)).await?;
    Ok(known.ok_or(ErrorCode::NotFound)?)
}

fn facts() -> FileFacts {
    let tint = Some("#335577".to_owned());
    FileFacts { kind: AttachmentKind::Image, width: 4, height: 3, pages: None, bytes: 9, tint }
}

fn stored(hash: u8) -> Stored {
    Stored { file: [hash; 32], thumb: Some([hash + 100; 32]), facts: facts(), media_type: "image/png".into() }
}

/// An upload that was finished as a file with this hash.
pub(crate) async fn finished(world: &World, member: MemberId, hash: u8) -> AttachmentId {
    let upload = new_upload(world, member);
    begin(world, upload, 10).await.unwrap();
    receive(world, upload, 0, 10).await.unwrap();
    let stored = stored(hash);
    let made = change(world, upload, move |conn, now_us| {
        assert!(uploads::reserve(conn, now_us, &upload, &stored.file, stored.thumb.as_ref())?);
        uploads::ready(conn, &upload, &stored)
    });
    assert_eq!(made.await.unwrap().unwrap().state, State::Ready(facts()));
    upload.id
}

pub(crate) fn showing(stream: Stream, text: &str, ids: &[AttachmentId]) -> Operation {
    let attachments = ids.iter().map(|id| Attaching { id: *id, alt: "川の写真".into() }).collect();
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text: text.into(),
        mentions: vec![],
        poll: None,
        attachments,
    })
}

pub(crate) fn comment_showing(post: PostId, id: AttachmentId) -> Operation {
    let attachments = vec![Attaching { id, alt: String::new() }];
    Operation::WriteComment(CommentWriting { post, reply_to: None, text: String::new(), mentions: vec![], attachments })
}

/// Whether a member may read an attachment's file.
async fn may_read(world: &World, member: MemberId, id: AttachmentId) -> bool {
    let community = world.community;
    let read = move |conn: &mut dyn Connection| readable(conn, (community, member), id, MediaSize::Full);
    match world.db.read(crate::db::Scope::Community(community), read).await {
        Ok(readable) => {
            assert!(readable.name.starts_with(&community.to_string()), "a file lies under its community");
            true
        }
        Err(Error::Refused(ErrorCode::NotFound)) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn code_of_begin(world: &World, member: MemberId) -> ErrorCode {
    code(begin(world, new_upload(world, member), 1).await)
}

fn code<T>(result: Result<T>) -> ErrorCode {
    result.err().expect("refused").code()
}

both_engines! {
    async fn a_piece_counts_once_and_only_where_the_upload_stands(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let upload = new_upload(&world, member);
        assert_eq!(begin(&world, upload, 100).await.unwrap().received, 0);
        for (start, bytes, received) in [(10, 5, 0), (0, 40, 40), (0, 40, 40), (0, 30, 40), (40, 61, 40), (40, 60, 100)] {
            let known = receive(&world, upload, start, bytes).await.unwrap();
            assert_eq!(known.received, received, "after the piece at {start} of {bytes}");
        }
        let pieces = change(&world, upload, move |conn, _| uploads::pieces(conn, &upload)).await.unwrap();
        assert_eq!(pieces.iter().map(|piece| (piece.start, piece.bytes)).collect::<Vec<_>>(), [(0, 40), (40, 60)]);
        assert_eq!(begin(&world, upload, 100).await.unwrap().received, 100, "beginning again goes on");
        assert_eq!(code(begin(&world, upload, 99).await), ErrorCode::UploadBroken);
    }

    async fn an_upload_is_its_uploaders_alone(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Owner).await);
        let id = finished(&world, one, 1).await;
        let theirs = Upload { community: world.community, member: other, id };
        assert_eq!(change(&world, theirs, move |conn, _| uploads::find(conn, &theirs)).await.unwrap(), None);
        assert_eq!(code(begin(&world, theirs, 10).await), ErrorCode::NotFound);
        assert_eq!(code(receive(&world, theirs, 0, 10).await), ErrorCode::NotFound);
        change(&world, theirs, move |conn, _| uploads::cancel(conn, &theirs)).await.unwrap();
        assert_eq!(world.cannot(other, &showing(Stream::Community, "盗み見", &[id])).await, ErrorCode::AttachmentMissing);
        world.can(one, &showing(Stream::Community, "わたしの", &[id])).await;
    }

    async fn a_post_carries_what_it_shows_and_a_file_is_shown_once(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let (first, second) = (finished(&world, member, 1).await, finished(&world, member, 2).await);
        let post: PostId = world.can(member, &showing(Stream::Community, "", &[second, first])).await.into();
        let mut phone = Phone::new(member);
        phone.sync(&world).await;
        let Some(Entity::Post(held)) = phone.entity(Stream::Community, &EntityKind::Post, post.0) else { panic!("no post") };
        assert_eq!(held.attachments.iter().map(|shown| shown.id).collect::<Vec<_>>(), [second, first]);
        assert_eq!((&held.attachments[0].file, held.attachments[0].alt.as_str()), (&facts(), "川の写真"));
        assert_eq!(world.cannot(member, &showing(Stream::Community, "もう一度", &[first])).await, ErrorCode::AttachmentMissing);
        assert_eq!(world.cannot(member, &comment_showing(post, first)).await, ErrorCode::AttachmentMissing);
        let absent = AttachmentId(Uuid::now_v7());
        let third = finished(&world, member, 3).await;
        let refused = world.cannot(member, &showing(Stream::Community, "一つ足りない", &[third, absent])).await;
        assert_eq!(refused, ErrorCode::AttachmentMissing);
        world.can(member, &showing(Stream::Community, "三枚目", &[third])).await;
    }

    async fn too_many_files_too_long_words_and_no_words_at_all_are_refused(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let ids: Vec<_> = (0..=ATTACHMENTS).map(|_| AttachmentId(Uuid::now_v7())).collect();
        assert_eq!(world.cannot(member, &showing(Stream::Community, "多い", &ids)).await, ErrorCode::TooMany);
        assert_eq!(world.cannot(member, &showing(Stream::Community, " ", &[])).await, ErrorCode::TextEmpty);
        let attachments = vec![Attaching { id: finished(&world, member, 1).await, alt: "長".repeat(1_001) }];
        let (stream, kind, mentions, poll) = (Stream::Community, PostKind::Text, vec![], None);
        let wordy = Operation::WritePost(PostWriting { stream, kind, text: "言葉".into(), mentions, poll, attachments });
        assert_eq!(world.cannot(member, &wordy).await, ErrorCode::TextTooLong);
    }

    async fn a_file_is_read_through_the_stream_of_its_post_and_by_no_other_way(db: TestDatabase) {
        let world = World::new(db).await;
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let id = finished(&world, author, 1).await;
        assert!(!may_read(&world, author, id).await, "nothing shows it yet");
        let post: PostId = world.can(author, &showing(Stream::Community, "みなさんへ", &[id])).await.into();
        let answer = finished(&world, reader, 2).await;
        world.can(reader, &comment_showing(post, answer)).await;
        for file in [id, answer] {
            assert!(may_read(&world, author, file).await && may_read(&world, reader, file).await);
        }
        let club: GroupId = world.can(author, &group("部", Joining::Invitation, false)).await.into();
        world.can(author, &Operation::MovePost(PostMove { post, stream: Stream::Group(club) })).await;
        for file in [id, answer] {
            assert!(may_read(&world, author, file).await && !may_read(&world, reader, file).await, "after the move");
        }
        world.can(author, &Operation::DeletePost(PostDeletion { post })).await;
        assert!(!may_read(&world, author, id).await && !may_read(&world, author, answer).await, "after deleting it");
    }

    async fn leaving_a_group_ends_the_right_to_its_files(db: TestDatabase) {
        let world = World::new(db).await;
        let (keeper, member) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let club: GroupId = world.can(keeper, &open_group("部")).await.into();
        let id = finished(&world, keeper, 1).await;
        world.can(keeper, &showing(Stream::Group(club), "部の写真", &[id])).await;
        assert!(!may_read(&world, member, id).await);
        let note = String::new();
        world.can(member, &Operation::JoinGroup(enishi_protocol::groups::GroupJoining { group: club, note })).await;
        assert!(may_read(&world, member, id).await);
        world.can(member, &Operation::LeaveGroup(GroupLeaving { group: club })).await;
        assert!(!may_read(&world, member, id).await && may_read(&world, keeper, id).await);
    }

    async fn a_deleted_comment_takes_its_file_along(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let post = world.post(member, Stream::Community, "どうぞ").await;
        let id = finished(&world, member, 1).await;
        let comment = world.can(member, &comment_showing(post, id)).await.into();
        assert!(may_read(&world, member, id).await);
        world.can(member, &Operation::DeleteComment(CommentDeletion { comment })).await;
        assert!(!may_read(&world, member, id).await);
    }

    async fn what_is_hidden_shows_no_file_until_it_is_shown_again(db: TestDatabase) {
        let world = World::new(db).await;
        let staff = world.member("高橋", Role::Moderator).await;
        let (author, reader) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        let (own, said) = (finished(&world, author, 1).await, finished(&world, author, 2).await);
        let post: PostId = world.can(author, &showing(Stream::Community, "写真です", &[own])).await.into();
        let comment: CommentId = world.can(author, &comment_showing(post, said)).await.into();
        let told = async |world: &World| {
            let mut phone = Phone::new(reader);
            phone.sync(world).await;
            let rows = phone.streams.values().flat_map(|held| held.rows.values());
            let bodies: Vec<_> = rows.filter_map(|(_, body)| body.clone()).collect();
            [own, said].map(|id| bodies.iter().any(|body| body.contains(&id.to_string())))
        };
        assert_eq!(told(&world).await, [true, true]);
        for (subject, hidden, other) in [(Subject::Post(post), own, said), (Subject::Comment(comment), said, own)] {
            world.can(staff, &Operation::Hide(Hiding { subject, rule: 1 })).await;
            for member in [author, reader, staff] {
                assert!(!may_read(&world, member, hidden).await, "not even its author, nor who hid it");
                assert!(may_read(&world, member, other).await, "the other one is shown");
            }
            assert_eq!(told(&world).await, [own, said].map(|id| id == other), "the stub names no file");
            world.can(staff, &Operation::Unhide(Unhiding { subject })).await;
            assert!(may_read(&world, reader, hidden).await);
            assert_eq!(told(&world).await, [true, true]);
        }
        world.can(staff, &Operation::Hide(Hiding { subject: Subject::Post(post), rule: 1 })).await;
        world.can(author, &Operation::DeletePost(PostDeletion { post })).await;
        let sql = "SELECT name FROM media_leftover WHERE community = $1 AND until_us = 0 AND name NOT LIKE '%incoming%'";
        let left = crate::sync::tests::world::query(&world, sql).await;
        assert_eq!(left.len(), 4, "what was hidden goes with its file and thumbnail, and so does the comment's");
    }

    async fn no_file_from_behind_a_block_is_handed_out_on_either_side(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Owner).await, world.member("鈴木", Role::Member).await);
        let third = world.member("田中", Role::Member).await;
        let mut files = Vec::new();
        for number in 1..=6 {
            let uploader = [one, one, other, one, third, one][usize::from(number) - 1];
            files.push(finished(&world, uploader, number).await);
        }
        let [of_one, announced, of_other, said, answer, elsewhere] = files[..] else { panic!("six files") };
        world.can(one, &showing(Stream::Community, "一", &[of_one])).await;
        let Operation::WritePost(announcement) = showing(Stream::Community, "お知らせ", &[announced]) else { panic!() };
        let announcement = PostWriting { kind: PostKind::Announcement, ..announcement };
        world.can(one, &Operation::WritePost(announcement)).await;
        let theirs: PostId = world.can(other, &showing(Stream::Community, "二", &[of_other])).await.into();
        let thirds = world.post(third, Stream::Community, "三").await;
        let comment: CommentId = world.can(one, &comment_showing(thirds, said)).await.into();
        let Operation::WriteComment(reply) = comment_showing(thirds, answer) else { panic!() };
        let reply = CommentWriting { reply_to: Some(comment), ..reply };
        world.can(third, &Operation::WriteComment(reply)).await;
        world.can(one, &comment_showing(theirs, elsewhere)).await;
        let read = async |member| {
            let mut read = Vec::new();
            for file in [of_one, announced, of_other, said, answer, elsewhere] {
                read.push(may_read(&world, member, file).await);
            }
            read
        };
        let block = |on| Operation::Block(Blocking { member: other, on });
        assert_eq!(read(other).await, [true; 6]);
        world.can(one, &block(true)).await;
        assert_eq!(read(other).await, [false, true, true, false, false, false], "announcements are for everyone");
        assert_eq!(read(one).await, [true, true, false, true, true, false]);
        assert_eq!(read(third).await, [true; 6]);
        world.can(one, &block(false)).await;
        assert_eq!((read(one).await, read(other).await), (vec![true; 6], vec![true; 6]));
    }

    async fn whoever_is_suspended_or_gone_reads_and_sends_no_file_and_what_they_showed_stays(db: TestDatabase) {
        let world = World::new(db).await;
        let (owner, member) = (world.member("高橋", Role::Owner).await, world.member("佐藤", Role::Member).await);
        let (shown, unused) = (finished(&world, member, 1).await, finished(&world, member, 2).await);
        let of_owner = finished(&world, owner, 3).await;
        world.can(member, &showing(Stream::Community, "写真です", &[shown])).await;
        world.can(owner, &showing(Stream::Community, "こちらも", &[of_owner])).await;
        let reason = || "きまり1".to_owned();
        for (operation, code) in [
            (Operation::Suspend(Suspending { member, until_us: None, reason: reason() }), ErrorCode::MembershipSuspended),
            (Operation::Remove(Removing { member, reason: reason() }), ErrorCode::MembershipEnded),
        ] {
            world.can(owner, &operation).await;
            assert!(!may_read(&world, member, of_owner).await && !may_read(&world, member, shown).await);
            assert_eq!(code_of_begin(&world, member).await, code);
            assert!(may_read(&world, owner, shown).await, "what they showed stays");
        }
        let (community, surroundings) = (world.community, Arc::clone(&world.surroundings));
        while world.write({
            let surroundings = Arc::clone(&surroundings);
            move |conn| erasure::sweep(conn, &*surroundings, community)
        }).await.unwrap() {}
        assert!(may_read(&world, owner, shown).await, "also when all of the membership's end is done");
        world.pass_days(8);
        let folder = folder();
        let store = MediaStore::in_folder(&folder).unwrap();
        leftovers::sweep(&world.db, &store, world.surroundings.now_us(), community).await.unwrap();
        let upload = Upload { community, member, id: unused };
        assert_eq!(change(&world, upload, move |conn, _| uploads::find(conn, &upload)).await.unwrap(), None);
        assert!(may_read(&world, owner, shown).await);
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn what_a_day_allows_counts_tries_that_came_to_nothing_and_the_next_day_is_another(db: TestDatabase) {
        let world = World::new(db).await;
        let (member, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        assert_eq!(code(begin(&world, new_upload(&world, member), UPLOAD_BYTES + 1).await), ErrorCode::FileTooLarge);
        for _ in 0..UPLOAD_BYTES_PER_DAY / UPLOAD_BYTES {
            let upload = new_upload(&world, member);
            begin(&world, upload, UPLOAD_BYTES).await.unwrap();
            change(&world, upload, move |conn, _| uploads::cancel(conn, &upload)).await.unwrap();
        }
        assert_eq!(code(begin(&world, new_upload(&world, member), 1).await), ErrorCode::UploadQuota);
        begin(&world, new_upload(&world, other), 1).await.unwrap();
        world.pass_days(1);
        begin(&world, new_upload(&world, member), 1).await.unwrap();
    }

    async fn files_are_removed_once_nothing_of_the_community_shows_them(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let folder = folder();
        let store = MediaStore::in_folder(&folder).unwrap();
        // Two uploads of the same picture become the same file.
        let (one, other) = (finished(&world, member, 1).await, finished(&world, member, 1).await);
        let (file, thumb) = (uploads::name_of(world.community, &[1; 32]), uploads::name_of(world.community, &[101; 32]));
        for name in [&file, &thumb] {
            store.put(name, bytes::Bytes::from_static(b"bytes")).await.unwrap();
        }
        let first = world.can(member, &showing(Stream::Community, "一", &[one])).await.into();
        let second = world.can(member, &showing(Stream::Community, "二", &[other])).await.into();
        let sweep = || leftovers::sweep(&world.db, &store, world.surroundings.now_us(), world.community);
        world.can(member, &Operation::DeletePost(PostDeletion { post: first })).await;
        sweep().await.unwrap();
        assert!(store.get(&file).await.unwrap().is_some(), "the other post still shows it");
        world.can(member, &Operation::DeletePost(PostDeletion { post: second })).await;
        assert_eq!(sweep().await.unwrap(), 2);
        for name in [&file, &thumb] {
            assert_eq!(store.get(name).await.unwrap(), None);
        }
        assert_eq!(sweep().await.unwrap(), 0);
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn who_writes_a_file_again_waits_for_who_removes_it(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let id = finished(&world, member, 1).await;
        let post = world.can(member, &showing(Stream::Community, "一", &[id])).await.into();
        world.can(member, &Operation::DeletePost(PostDeletion { post })).await;
        let upload = new_upload(&world, member);
        begin(&world, upload, 10).await.unwrap();
        receive(&world, upload, 0, 10).await.unwrap();
        let removing = change(&world, upload, move |conn, now_us| {
            let sql = "UPDATE media_leftover SET taken_us = $2 WHERE community = $1 AND name = $3";
            let name = uploads::name_of(upload.community, &[1; 32]);
            Ok(conn.execute(sql, crate::values![upload.community, now_us, name])?)
        });
        assert_eq!(removing.await.unwrap(), 1);
        let reserve = || change(&world, upload, move |conn, now_us| uploads::reserve(conn, now_us, &upload, &[1; 32], None));
        assert_eq!(code(reserve().await), ErrorCode::TryAgain);
        let community = world.community;
        change(&world, upload, move |conn, _| {
            Ok(conn.execute("DELETE FROM media_leftover WHERE community = $1", crate::values![community])?)
        }).await.unwrap();
        assert!(reserve().await.unwrap());
    }

    async fn nothing_stays_of_an_upload_that_ended_while_it_was_being_stored(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let folder = folder();
        let store = MediaStore::in_folder(&folder).unwrap();
        let put = async |name: &str| store.put(name, bytes::Bytes::from_static(b"bytes")).await.unwrap();
        let sweep = || leftovers::sweep(&world.db, &store, world.surroundings.now_us(), world.community);
        let cancel = |upload: Upload| change(&world, upload, move |conn, _| uploads::cancel(conn, &upload));

        // A piece whose upload is given up before the database knows that it lies there.
        let upload = new_upload(&world, member);
        begin(&world, upload, 10).await.unwrap();
        let piece = Piece { start: 0, bytes: 10, name: uploads::piece_name(&upload, 0, b"bytes") };
        let expected = piece.clone();
        change(&world, upload, move |conn, now_us| uploads::expect(conn, now_us, &upload, &expected)).await.unwrap();
        cancel(upload).await.unwrap();
        sweep().await.unwrap();
        put(&piece.name).await;
        let late = piece.clone();
        change(&world, upload, move |conn, _| uploads::receive(conn, &upload, &late)).await.unwrap();
        assert_eq!(sweep().await.unwrap(), 1);
        assert_eq!(store.get(&piece.name).await.unwrap(), None);

        // One whose server ended in between.
        let upload = new_upload(&world, member);
        begin(&world, upload, 10).await.unwrap();
        let piece = Piece { name: uploads::piece_name(&upload, 0, b"bytes"), ..piece };
        let expected = piece.clone();
        change(&world, upload, move |conn, now_us| uploads::expect(conn, now_us, &upload, &expected)).await.unwrap();
        put(&piece.name).await;
        assert_eq!(sweep().await.unwrap(), 0, "it may be on its way still");
        world.pass_days(1);
        assert_eq!(sweep().await.unwrap(), 1);

        // A file whose upload is given up after it was reserved, and one that ended before.
        let (upload, made) = (new_upload(&world, member), stored(1));
        begin(&world, upload, 10).await.unwrap();
        receive(&world, upload, 0, 10).await.unwrap();
        let reserve = || change(&world, upload, move |conn, now_us| {
            uploads::reserve(conn, now_us, &upload, &[1; 32], Some(&[101; 32]))
        });
        assert!(reserve().await.unwrap());
        cancel(upload).await.unwrap();
        sweep().await.unwrap();
        let names = [[1; 32], [101; 32]].map(|hash| uploads::name_of(world.community, &hash));
        for name in &names {
            put(name).await;
        }
        let known = change(&world, upload, move |conn, _| uploads::ready(conn, &upload, &made)).await.unwrap();
        assert_eq!(known.unwrap().state, State::Cancelled);
        assert_eq!(sweep().await.unwrap(), 2);
        for name in &names {
            assert_eq!(store.get(name).await.unwrap(), None);
        }
        assert!(!reserve().await.unwrap(), "what has ended is not stored");
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn uploads_that_nothing_shows_are_swept_after_a_week(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let folder = folder();
        let store = MediaStore::in_folder(&folder).unwrap();
        let (unused, shown) = (finished(&world, member, 1).await, finished(&world, member, 2).await);
        let begun = new_upload(&world, member);
        begin(&world, begun, 100).await.unwrap();
        receive(&world, begun, 0, 40).await.unwrap();
        world.can(member, &showing(Stream::Community, "使う", &[shown])).await;
        let sweep = |world: &World| {
            let (db, store, community) = (world.database(), store.clone(), world.community);
            let now_us = world.surroundings.now_us();
            async move { leftovers::sweep(&db, &store, now_us, community).await }
        };
        world.pass_days(6);
        sweep(&world).await.unwrap();
        world.can(member, &showing(Stream::Community, "まだある", &[finished(&world, member, 3).await])).await;
        world.pass_days(2);
        assert!(sweep(&world).await.unwrap() >= 3, "a file, its thumbnail and a piece");
        assert_eq!(world.cannot(member, &showing(Stream::Community, "遅い", &[unused])).await, ErrorCode::AttachmentMissing);
        assert_eq!(change(&world, begun, move |conn, _| uploads::find(conn, &begun)).await.unwrap(), None);
        assert!(may_read(&world, member, shown).await);
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn an_erased_post_takes_the_ids_of_its_files_along(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let id = finished(&world, member, 1).await;
        let post = world.can(member, &showing(Stream::Community, "消す", &[id])).await;
        let (community, surroundings) = (world.community, Arc::clone(&world.surroundings));
        let what = What::Post(post.into());
        world.write(move |conn| erasure::erase(conn, &*surroundings, community, what)).await.unwrap();
        assert!(!may_read(&world, member, id).await);
        let again = Upload { community, member, id };
        assert_eq!(code(begin(&world, again, 10).await), ErrorCode::Erased);
        assert_eq!(world.cannot(member, &showing(Stream::Community, "戻す", &[id])).await, ErrorCode::Erased);
        // A restored backup knows the upload and is told what was erased.
        let unused = finished(&world, member, 2).await;
        let surroundings = Arc::clone(&world.surroundings);
        let erased = Erasure { what: What::Attachment(unused), day: 20_544 };
        world.write(move |conn| chores::new_era(conn, &*surroundings, community, &[erased])).await.unwrap();
        assert_eq!(world.cannot(member, &showing(Stream::Community, "戻す", &[unused])).await, ErrorCode::Erased);
    }
}
