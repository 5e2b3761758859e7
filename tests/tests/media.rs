//! Photographs and documents: picked offline, sent over bad lines, looked into by a process of their
//! own, and seen by those who may see what shows them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Community, Error,
    feed::{Delivery, FeedPost},
    media::Picked,
};
use enishi_protocol::{
    AttachmentId, ErrorCode, MutationId, Operation, PostId, Stream,
    account::Written,
    feed::{PostKind, PostMove, PostWriting},
    groups::Joining,
    limits::{IMAGE_EDGE, METERED_UPLOAD_BYTES, PIECE_BYTES, THUMB_EDGE},
    media::{Attaching, AttachmentKind, FileFacts, MediaSize},
    membership::Role,
    moderation::Subject,
};
use enishi_tests::{
    Fault, Place, Raw, Scene, TestPhone, TestServer, both_engines, pictures, place,
    scene::{HANAKO, TARO},
    seen::posts,
    waiting::until,
};
use image::GenericImageView;
use std::{
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
};

fn pick(phone: &TestPhone, bytes: &[u8]) -> Picked {
    phone.community().pick(&mut &bytes[..]).unwrap()
}

fn writing(stream: Stream, text: &str, shows: &[Picked]) -> PostWriting {
    let attachments = shows.iter().map(|picked| Attaching { id: picked.id, alt: "梓川".into() }).collect();
    PostWriting { stream, kind: PostKind::Text, text: text.into(), mentions: Vec::new(), poll: None, attachments }
}

/// Posts a picked file to everybody.
fn post(phone: &TestPhone, text: &str, bytes: &[u8]) -> (PostId, AttachmentId) {
    let picked = pick(phone, bytes);
    (phone.community().write_post_as(writing(Stream::Community, text, &[picked])).unwrap(), picked.id)
}

/// Waits until nothing waits to be sent.
async fn sent(phone: &TestPhone) {
    phone.until("everything to be sent", |community| (community.status().waiting == 0).then_some(())).await;
}

fn shown(community: &Community, post: PostId) -> Option<FeedPost> {
    posts(community).into_iter().find(|shown| shown.id == post)
}

async fn file(phone: &TestPhone, (post, id): (PostId, AttachmentId), size: MediaSize) -> Result<Vec<u8>, Error> {
    enishi_tests::waiting::in_time("a file", phone.community().file(post, id, size)).await
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

both_engines! {
    async fn a_photograph_posted_offline_is_seen_without_the_place_it_was_taken(place: Place) {
        let mut scene = Scene::with_files(&place).await;
        scene.hanako.network().set_up(false);
        scene.hanako.offline();
        let photo = pictures::photo(640, 480);
        assert!(contains(&photo, pictures::WHERE), "the camera wrote down where it was");
        let (id, attachment) = post(&scene.hanako, "梓川です。", &photo);
        scene.hanako.restart().await;
        let pending = shown(&scene.hanako.community(), id).unwrap();
        assert_eq!((pending.delivery, pending.attachments[0].id), (Delivery::Pending, attachment));
        assert_eq!(file(&scene.hanako, (id, attachment), MediaSize::Full).await.unwrap(), photo, "seen offline");
        let unencrypted = std::fs::read(scene.hanako.folder().join("accounts").join(scene.hanako.account().to_string()).join("store.db"));
        assert!(!contains(&unencrypted.unwrap(), pictures::WHERE), "encrypted at rest");
        scene.hanako.network().set_up(true);
        scene.hanako.online();
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        let seen = shown(&scene.taro.community(), id).unwrap();
        let FileFacts { kind, width, height, .. } = seen.attachments[0].file;
        // It was taken with the camera on its side, and stands upright now.
        assert_eq!((kind, width, height), (AttachmentKind::Image, 480, 640));
        assert_eq!(seen.attachments[0].alt, "梓川");
        let full = file(&scene.taro, (id, attachment), MediaSize::Full).await.unwrap();
        assert!(!contains(&full, pictures::WHERE) && !contains(&full, b"Exif"), "nobody learns where it was");
        assert_eq!(image::load_from_memory(&full).unwrap().dimensions(), (480, 640));
        let thumb = file(&scene.taro, (id, attachment), MediaSize::Thumb).await.unwrap();
        assert_eq!(image::load_from_memory(&thumb).unwrap().dimensions(), (THUMB_EDGE * 3 / 4, THUMB_EDGE));
        scene.taro.network().set_up(false);
        assert_eq!(file(&scene.taro, (id, attachment), MediaSize::Full).await.unwrap(), full, "kept for offline");
        scene.taro.network().set_up(true);
        scene.assert_all_alike().await;
    }

    async fn an_upload_cut_at_every_piece_arrives_once_and_whole(place: Place) {
        let scene = Scene::with_files(&place).await;
        let photo = pictures::photo(900, 600);
        let faults = [Fault::AnswerLost, Fault::RequestLost, Fault::CutAfter(20), Fault::Portal];
        let every_other = faults.into_iter().cycle().take(16).flat_map(|fault| [fault, Fault::None]);
        scene.hanako.network().plan_for("PUT /v1/communities/", every_other);
        let (id, attachment) = post(&scene.hanako, "線路ぎわから", &photo);
        sent(&scene.hanako).await;
        assert!(scene.hanako.network().requests_to("PUT ") > photo.len() / PIECE_BYTES + 8, "it was cut again and again");
        scene.taro.in_step().await;
        assert_eq!(posts(&scene.taro.community()).len(), 1);
        assert!(file(&scene.taro, (id, attachment), MediaSize::Full).await.is_ok());
    }

    async fn a_reply_lost_from_any_call_costs_nothing(place: Place) {
        let scene = Scene::with_files(&place).await;
        let photo = pictures::photo(200, 100);
        let calls = ["GET /v1/communities/", "PUT /v1/communities/", "POST /v1/communities/", "POST /v1/sync"];
        for (number, call) in calls.iter().enumerate() {
            for fault in [Fault::AnswerLost, Fault::CutAfter(30), Fault::RequestLost] {
                scene.hanako.network().plan_for(call, [fault]);
                post(&scene.hanako, &format!("{number}枚目"), &photo);
                sent(&scene.hanako).await;
                assert_eq!(scene.hanako.network().left(), 0, "{call} {fault:?}");
            }
        }
        scene.taro.in_step().await;
        let seen = posts(&scene.taro.community());
        assert_eq!(seen.len(), calls.len() * 3);
        for post in seen {
            assert!(file(&scene.taro, (post.id, post.attachments[0].id), MediaSize::Thumb).await.is_ok());
        }
    }

    async fn a_phone_killed_at_every_piece_goes_on_from_where_the_server_stands(place: Place) {
        let mut scene = Scene::with_files(&place).await;
        let photo = pictures::photo(800, 600);
        let (id, attachment) = post(&scene.hanako, "電池が切れそうです", &photo);
        let mut kills = 0;
        while scene.hanako.community().status().waiting > 0 {
            scene.hanako.network().plan_for("PUT /v1/communities/", [Fault::AnswerHeld]);
            let held = async { scene.hanako.network().holds_an_answer().await; true };
            let through = async { sent(&scene.hanako).await; false };
            let held = tokio::select! { held = held => held, through = through => through };
            if !held {
                break;
            }
            scene.hanako.kill().await;
            scene.hanako.network().release();
            scene.hanako.start_again();
            kills += 1;
            assert!(kills < 100);
        }
        assert!(kills > 3, "it was killed {kills} times");
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        assert_eq!(posts(&scene.taro.community()).len(), 1);
        assert!(file(&scene.taro, (id, attachment), MediaSize::Full).await.is_ok());
    }

    async fn a_server_killed_in_the_middle_of_an_upload_loses_no_piece_that_it_acknowledged(place: Place) {
        let mut scene = Scene::on(TestServer::start_process(&place).await).await;
        scene.hanako.network().plan_for("PUT /v1/communities/", [Fault::None, Fault::None, Fault::AnswerHeld]);
        let (id, attachment) = post(&scene.hanako, "サーバーが落ちても", &pictures::photo(700, 500));
        scene.hanako.network().holds_an_answer().await;
        let before = scene.hanako.community().uploads().unwrap()[0].sent;
        scene.server.kill().await;
        scene.hanako.network().release();
        scene.server.start_process_again().await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let path = format!("/v1/communities/{}/attachments/{attachment}/upload", scene.community);
        let standing: enishi_protocol::media::UploadStanding = raw.get(&path).await.read();
        assert!(before > 0 && standing.received >= before, "{before} of {}", standing.received);
        scene.hanako.client().push();
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        assert!(file(&scene.taro, (id, attachment), MediaSize::Full).await.is_ok());
    }

    async fn what_is_written_after_a_slow_photograph_passes_it(place: Place) {
        let scene = Scene::with_files(&place).await;
        scene.hanako.network().plan_for("PUT /v1/communities/", [Fault::AnswerHeld]);
        let (slow, _) = post(&scene.hanako, "大きな写真", &pictures::photo(600, 400));
        scene.hanako.network().holds_an_answer().await;
        scene.hanako.community().write_comment(slow, None, "写真への返事", &[]).unwrap();
        scene.hanako.post("あとから書いた一言");
        let passes = |community: &Community| posts(community).iter().any(|post| post.text == "あとから書いた一言").then_some(());
        scene.taro.live().await;
        scene.taro.until("what was written later", passes).await;
        assert_eq!(scene.taro.texts(), ["あとから書いた一言"]);
        let waiting = shown(&scene.hanako.community(), slow).unwrap();
        assert_eq!((waiting.delivery, waiting.comments), (Delivery::Pending, 1));
        scene.hanako.network().release();
        sent(&scene.hanako).await;
        scene.assert_all_alike().await;
        assert_eq!(scene.taro.texts(), ["大きな写真", "あとから書いた一言"]);
    }

    async fn a_file_that_the_server_will_not_take_leaves_the_text_to_its_author(place: Place) {
        let scene = Scene::with_files(&place).await;
        let mut broken = pictures::photo(300, 200);
        broken.truncate(broken.len() / 3);
        let (id, _) = post(&scene.hanako, "壊れた写真と大事な文章", &broken);
        scene.hanako.community().write_comment(id, None, "ついでに", &[]).unwrap();
        let both = |community: &Community| (community.status().attention == 2).then_some(());
        scene.hanako.until("both to need attention", both).await;
        scene.hanako.status("the status to say so", |status| status.attention == 2).await;
        let attention = scene.hanako.community().needs_attention().unwrap();
        assert_eq!(attention[0].reason, ErrorCode::FileUnreadable);
        assert_eq!(attention[0].yours.as_deref(), Some("壊れた写真と大事な文章"));
        assert_eq!(attention[1].reason, ErrorCode::ParentRefused);
        scene.hanako.community().retry_without_files(attention[0].id, None).unwrap();
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        let seen = posts(&scene.taro.community());
        assert_eq!((seen[0].text.as_str(), seen[0].attachments.len(), seen[0].comments), ("壊れた写真と大事な文章", 0, 1));
        assert_eq!(scene.hanako.community().status().attention, 0);
    }

    async fn an_upload_that_was_stopped_keeps_the_text_and_can_be_sent_again(place: Place) {
        let scene = Scene::with_files(&place).await;
        scene.hanako.network().plan_for("PUT /v1/communities/", [Fault::AnswerHeld]);
        let (id, attachment) = post(&scene.hanako, "やめておきます", &pictures::photo(600, 400));
        scene.hanako.network().holds_an_answer().await;
        let upload = scene.hanako.community().uploads().unwrap()[0];
        assert_eq!((upload.id, upload.shown_by, upload.finished), (attachment, MutationId(id.0), false));
        scene.hanako.community().cancel_upload(upload.shown_by).unwrap();
        let attention = scene.hanako.community().needs_attention().unwrap();
        assert_eq!(attention[0].reason, ErrorCode::UploadCancelled);
        scene.hanako.network().release();
        until("the server to be told", async || {
            (scene.hanako.network().requests_to("DELETE /v1/communities/") > 0).then_some(())
        }).await;
        scene.hanako.community().retry(attention[0].id, Some("やはり送ります")).unwrap();
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        let seen = posts(&scene.taro.community());
        assert_eq!((seen[0].text.as_str(), seen[0].attachments[0].id), ("やはり送ります", attachment));
    }

    async fn on_a_metered_network_a_large_file_waits_until_it_is_asked_for(place: Place) {
        let scene = Scene::with_files(&place).await;
        scene.hanako.client().set_metered(true);
        scene.hanako.status("the network to be metered", |status| status.metered).await;
        let large = pictures::photo(2000, 1500);
        assert!(u64::try_from(large.len()).unwrap() > METERED_UPLOAD_BYTES);
        let (_, waiting) = post(&scene.hanako, "大きい", &large);
        let (small, _) = post(&scene.hanako, "小さい", &pictures::photo(100, 100));
        let small_sent = |community: &Community| {
            shown(community, small).filter(|post| post.delivery == Delivery::Sent && post.position.is_some())
        };
        scene.hanako.until("the small one to be sent", small_sent).await;
        let uploads = scene.hanako.community().uploads().unwrap();
        assert_eq!(uploads.iter().map(|upload| (upload.id, upload.sent)).collect::<Vec<_>>(), [(waiting, 0)]);
        assert!(uploads[0].waits_for_unmetered);
        scene.hanako.community().upload_now(waiting).unwrap();
        sent(&scene.hanako).await;
    }

    async fn after_a_move_or_on_leaving_nothing_shows_the_file_any_more_on_any_phone(place: Place) {
        let scene = Scene::with_files(&place).await;
        let club = scene.hanako.community().create_group("山の会", "", Joining::Open, false).unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        scene.taro.community().join_group(club, "").unwrap();
        scene.taro.in_step().await;
        let picked = pick(&scene.hanako, &pictures::photo(120, 90));
        let inside = scene.hanako.community().write_post_as(writing(Stream::Group(club), "山頂", &[picked])).unwrap();
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        assert!(file(&scene.taro, (inside, picked.id), MediaSize::Full).await.is_ok());
        let raw = Raw::signed_in(&scene.server, TARO).await;
        assert!(raw.file(scene.community, picked.id, MediaSize::Full).await.status.is_success());
        scene.taro.community().leave_group(club).unwrap();
        scene.taro.in_step().await;
        let gone = Error::Rejected { code: ErrorCode::NotFound };
        scene.taro.network().set_up(false);
        assert_eq!(file(&scene.taro, (inside, picked.id), MediaSize::Full).await.unwrap_err(), gone, "nor what was kept");
        let nowhere = raw.file(scene.community, AttachmentId(uuid::Uuid::now_v7()), MediaSize::Full).await;
        let there = raw.file(scene.community, picked.id, MediaSize::Full).await;
        assert_eq!((there.status, there.bytes), (nowhere.status, nowhere.bytes), "answered like one that does not exist");
    }

    async fn a_file_is_handed_out_so_that_no_browser_runs_it_and_no_proxy_keeps_it(place: Place) {
        let scene = Scene::with_files(&place).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let (picture, made) = raw.upload(scene.community, &pictures::photo(64, 48)).await;
        assert_eq!(made.read::<FileFacts>().kind, AttachmentKind::Image);
        let (document, made) = raw.upload(scene.community, &pictures::pdf(3)).await;
        let facts: FileFacts = made.read();
        assert_eq!((facts.kind, facts.pages, facts.width, facts.height), (AttachmentKind::Pdf, Some(3), 595, 842));
        let unshown = raw.file(scene.community, picture, MediaSize::Full).await;
        assert_eq!(unshown.code(), Some(ErrorCode::NotFound), "nothing shows it yet");
        let shows = [picture, document].map(|id| Attaching { id, alt: String::new() }).to_vec();
        let write = PostWriting { attachments: shows, ..writing(Stream::Community, "資料です", &[]) };
        raw.accepted(scene.community, &[Operation::WritePost(write)]).await;
        let reader = Raw::signed_in(&scene.server, TARO).await;
        for (id, kind, disposition) in [(picture, "image/jpeg", "inline"), (document, "application/pdf", "attachment")] {
            let answer = reader.file(scene.community, id, MediaSize::Full).await;
            let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
            assert_eq!((answer.status.as_u16(), header("content-type").as_str()), (200, kind));
            assert!(header("content-disposition").starts_with(disposition));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(header("content-security-policy").contains("sandbox"));
            assert!(header("cache-control").contains("private"));
            assert!(!contains(&answer.bytes, pictures::AUTHOR.as_bytes()), "nobody learns who wrote it");
            let path = format!("/v1/communities/{}/attachments/{id}", scene.community);
            let again = reader.call(reqwest::Method::GET, &path, &[("if-none-match", &header("etag"))], Vec::new()).await;
            assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
        }
        let without = reader.file(scene.community, document, MediaSize::Thumb).await;
        assert_eq!(without.code(), Some(ErrorCode::NotFound), "a PDF has no thumbnail");
        let nobody = Raw::nobody(&scene.server);
        assert_eq!(nobody.file(scene.community, picture, MediaSize::Full).await.code(), Some(ErrorCode::SignedOut));
    }

    async fn a_restored_database_without_its_files_says_so_and_goes_on(place: Place) {
        let scene = Scene::with_files(&place).await;
        let (id, attachment) = post(&scene.hanako, "大事な写真", &pictures::photo(64, 48));
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        std::fs::remove_dir_all(scene.server.config().media_folder()).unwrap();
        let missing = Error::Rejected { code: ErrorCode::FileMissing };
        assert_eq!(file(&scene.taro, (id, attachment), MediaSize::Full).await.unwrap_err(), missing);
        post(&scene.hanako, "新しい写真", &pictures::photo(65, 48));
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["新しい写真", "大事な写真"]);
    }

    async fn deleting_a_post_removes_its_files_unless_another_shows_them(place: Place) {
        let scene = Scene::with_files(&place).await;
        let photo = pictures::photo(64, 48);
        let (first, _) = post(&scene.hanako, "一", &photo);
        let (second, kept) = post(&scene.hanako, "二", &photo);
        sent(&scene.hanako).await;
        let folder = scene.server.config().media_folder().join(scene.community.to_string());
        let files = || walk(&folder);
        // A picture and its thumbnail, once, and no pieces.
        swept_to(&scene, &folder, 2).await;
        scene.hanako.community().delete_post(first).unwrap();
        scene.hanako.in_step().await;
        scene.server.sweep_files().await;
        assert_eq!(files(), 2);
        scene.taro.in_step().await;
        assert!(file(&scene.taro, (second, kept), MediaSize::Full).await.is_ok());
        scene.hanako.community().delete_post(second).unwrap();
        scene.hanako.in_step().await;
        swept_to(&scene, &folder, 0).await;
    }

    async fn files_that_would_harm_are_refused_by_name_and_the_server_stays_as_it_was(place: Place) {
        let scene = Scene::on(TestServer::start_process(&place).await).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let photo = pictures::photo(300, 200);
        let mut noise = b"\x89PNG\r\n\x1a\n".to_vec();
        noise.extend((0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()));
        let mut half_pdf = pictures::pdf(2);
        half_pdf.truncate(half_pdf.len() / 2);
        let hostile = [
            ("a PNG of 3,600 megapixels", pictures::bomb(), ErrorCode::ImageTooLarge),
            ("60 megapixels", pictures::plain(10_000, 6_000), ErrorCode::ImageTooLarge),
            ("a photograph cut short", photo[..photo.len() / 2].to_vec(), ErrorCode::FileUnreadable),
            ("noise that begins like a PNG", noise, ErrorCode::FileUnreadable),
            ("an SVG with a script", pictures::svg(), ErrorCode::FileKindUnknown),
            ("a program", b"\x7fELF\x02\x01\x01".to_vec(), ErrorCode::FileKindUnknown),
            ("a PDF with a script", pictures::pdf_with_script(), ErrorCode::PdfActive),
            ("a PDF of 501 pages", pictures::pdf(501), ErrorCode::PdfTooLong),
            ("half a PDF", half_pdf, ErrorCode::FileUnreadable),
        ];
        let quiet = memory(scene.server.process());
        let answered = AtomicUsize::new(0);
        let asking = async {
            let other = Raw::signed_in(&scene.server, TARO).await;
            loop {
                other.present(scene.community).await;
                answered.fetch_add(1, Ordering::Relaxed);
            }
        };
        let sending = async {
            for (what, bytes, code) in hostile {
                let before = answered.load(Ordering::Relaxed);
                let (id, refused) = raw.upload(scene.community, &bytes).await;
                assert_eq!(refused.code(), Some(code), "{what}");
                let again = raw.finish(scene.community, id, &bytes).await;
                assert_eq!(again.code(), Some(code), "{what}, asked again");
                until("others to be answered", async || (answered.load(Ordering::Relaxed) > before).then_some(())).await;
            }
            // Fifty megapixels are what a good telephone takes: they are taken, and made smaller.
            let (_, taken) = raw.upload(scene.community, &pictures::plain(8_192, 6_144)).await;
            let facts: FileFacts = taken.read();
            assert_eq!((facts.width, facts.height), (IMAGE_EDGE, IMAGE_EDGE * 3 / 4));
        };
        tokio::select! {
            () = sending => {}
            () = asking => {}
        }
        let most = memory(scene.server.process());
        assert!(most < quiet + 150_000, "the server's own memory went from {quiet} KiB to {most} KiB");
        let wrong = raw.finish(scene.community, raw.upload(scene.community, &photo).await.0, b"other bytes").await;
        assert!(wrong.status.is_success(), "what is finished stays so");
        let id = AttachmentId(uuid::Uuid::now_v7());
        raw.piece(scene.community, id, 0, photo.len(), &photo).await;
        assert_eq!(raw.finish(scene.community, id, b"other bytes").await.code(), Some(ErrorCode::UploadBroken));
    }

    async fn a_picture_whose_words_unpack_to_very_much_is_looked_at_without_unpacking_them(place: Place) {
        let scene = Scene::on(TestServer::start_process(&place).await).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        let quiet = memory(scene.server.process());
        for (kind, bytes) in pictures::wordy() {
            assert!(bytes.len() < pictures::WORDS / 500, "{kind}: {} bytes", bytes.len());
            let (id, made) = raw.upload(scene.community, &bytes).await;
            let facts: FileFacts = made.read();
            assert_eq!((facts.width, facts.height), (8, 8), "{kind}");
            let shows = vec![Attaching { id, alt: String::new() }];
            let write = PostWriting { attachments: shows, ..writing(Stream::Community, kind, &[]) };
            raw.accepted(scene.community, &[Operation::WritePost(write)]).await;
            let full = raw.file(scene.community, id, MediaSize::Full).await.bytes;
            assert!(full.len() < 1_000 && !contains(&full, kind.as_bytes()), "{kind}: its words are gone");
        }
        let most = memory(scene.server.process());
        assert!(most < quiet + 150_000, "the server's own memory went from {quiet} KiB to {most} KiB");
    }

    async fn a_hidden_photograph_is_on_no_phone_and_handed_to_nobody(place: Place) {
        let scene = Scene::with_files(&place).await;
        let staff = scene.server.member(scene.community, "担当 一", Role::Moderator).await;
        let shown_file = post(&scene.hanako, "見せてはいけない写真", &pictures::photo(64, 48));
        sent(&scene.hanako).await;
        scene.taro.in_step().await;
        let seen = file(&scene.taro, shown_file, MediaSize::Full).await.unwrap();
        staff.in_step().await;
        staff.community().hide(Subject::Post(shown_file.0), 1).unwrap();
        assert_eq!(shown(&staff.community(), shown_file.0).unwrap().attachments, [], "the stub shows before it is sent");
        staff.in_step().await;
        let raw = Raw::signed_in(&scene.server, TARO).await;
        let nowhere = raw.file(scene.community, AttachmentId(uuid::Uuid::now_v7()), MediaSize::Full).await;
        let hidden = raw.file(scene.community, shown_file.1, MediaSize::Full).await;
        assert_eq!((hidden.status, hidden.bytes), (nowhere.status, nowhere.bytes), "answered like one that does not exist");
        scene.taro.in_step().await;
        assert_eq!(shown(&scene.taro.community(), shown_file.0).unwrap().attachments, []);
        let gone = Error::Rejected { code: ErrorCode::NotFound };
        assert_eq!(file(&scene.taro, shown_file, MediaSize::Full).await.unwrap_err(), gone, "nor what was kept");
        staff.community().unhide(Subject::Post(shown_file.0)).unwrap();
        staff.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(file(&scene.taro, shown_file, MediaSize::Full).await.unwrap(), seen);
        scene.assert_all_alike().await;
    }

    async fn what_is_erased_by_command_leaves_no_file(place: Place) {
        let mut scene = Scene::with_files(&place).await;
        let photo = pictures::photo(64, 48);
        let (erased, _) = post(&scene.hanako, "消してほしい写真", &photo);
        post(&scene.taro, "残る写真", &pictures::photo(65, 48));
        sent(&scene.hanako).await;
        sent(&scene.taro).await;
        // Picked and uploaded, and never posted: it is hers as well.
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        raw.upload(scene.community, &pictures::photo(66, 48)).await.1.read::<FileFacts>();
        scene.taro.in_step().await;
        let folder = scene.server.config().media_folder().join(scene.community.to_string());
        swept_to(&scene, &folder, 6).await;
        let (community, member) = (scene.community.to_string(), scene.hanako.community().member().to_string());
        scene.server.stop().await;
        for (what, id, left) in [("--post", erased.to_string(), 4), ("--member", member, 2)] {
            let told = scene.server.command(&["erase", "--community", &community, what, &id]).await;
            assert_eq!((told.trim(), walk(&folder)), ("erased", left), "{what}");
        }
        scene.server.start_again().await;
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["残る写真"]);
    }

    async fn what_somebody_showed_stays_when_their_account_is_deleted(place: Place) {
        let scene = Scene::with_files(&place).await;
        let shown_file = post(&scene.hanako, "思い出に", &pictures::photo(64, 48));
        sent(&scene.hanako).await;
        let raw = Raw::signed_in(&scene.server, HANAKO).await;
        assert!(raw.file(scene.community, shown_file.1, MediaSize::Thumb).await.status.is_success());
        let account = scene.hanako.account();
        scene.hanako.client().delete_account(account, Written::Keep).await.unwrap();
        let closed = raw.file(scene.community, shown_file.1, MediaSize::Thumb).await;
        assert_eq!(closed.code(), Some(ErrorCode::SignedOut));
        scene.server.sweep_files().await;
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["思い出に"]);
        assert!(file(&scene.taro, shown_file, MediaSize::Full).await.is_ok());
    }

    async fn a_move_into_a_group_takes_the_file_out_of_everybodys_reach(place: Place) {
        let scene = Scene::with_files(&place).await;
        let (id, attachment) = post(&scene.hanako, "みんなに見せるつもりでした", &pictures::photo(64, 48));
        sent(&scene.hanako).await;
        let club = scene.hanako.community().create_group("内輪", "", Joining::Invitation, false).unwrap();
        scene.hanako.in_step().await;
        let raw = Raw::signed_in(&scene.server, TARO).await;
        assert!(raw.file(scene.community, attachment, MediaSize::Thumb).await.status.is_success());
        let author = Raw::signed_in(&scene.server, HANAKO).await;
        author.accepted(scene.community, &[Operation::MovePost(PostMove { post: id, stream: Stream::Group(club) })]).await;
        assert_eq!(raw.file(scene.community, attachment, MediaSize::Thumb).await.code(), Some(ErrorCode::NotFound));
        assert!(author.file(scene.community, attachment, MediaSize::Thumb).await.status.is_success());
    }
}

/// Whoever looks at files has bounds before a byte of the file is read.
#[tokio::test]
async fn the_process_that_looks_at_files_bounds_itself_first() {
    let mut command = tokio::process::Command::new(enishi_tests::test_server::program());
    let piped = command.arg("look-at-file").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = piped.spawn().unwrap();
    let path = format!("/proc/{}/limits", child.id().unwrap());
    let bounds = [
        ("Max address space", "1073741824"),
        ("Max cpu time", "20"),
        ("Max open files", "16"),
        ("Max file size", "0"),
        ("Max core file size", "0"),
    ];
    until("all bounds", async || {
        let limits = std::fs::read_to_string(&path).unwrap();
        let bounded = |(name, most): &(&str, &str)| {
            let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().take(2).eq([*most, *most])
        };
        bounds.iter().all(bounded).then_some(())
    })
    .await;
    drop(child.stdin.take());
    let said = enishi_tests::waiting::in_time("it to say why not", child.wait_with_output()).await.unwrap();
    assert_eq!(String::from_utf8(said.stdout).unwrap().trim(), r#"{"Refused":"file_kind_unknown"}"#);
}

/// The most memory that a process has had, in KiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sweeps until there are so many files: the server's own chore may be at it as well.
async fn swept_to(scene: &Scene, folder: &std::path::Path, files: usize) {
    until(format!("{files} files"), async || {
        scene.server.sweep_files().await;
        (walk(folder) == files).then_some(())
    })
    .await;
}

/// How many files there are in a folder and those in it.
fn walk(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

async fn pieces_may_go_to_any_process(place: Place) {
    let (first, second) = (TestServer::start_with_files(&place).await, TestServer::start_with_files(&place).await);
    let scene = Scene::on(first).await;
    let (one, mut other) = (Raw::signed_in(&scene.server, HANAKO).await, Raw::nobody(&second));
    other.token.clone_from(&one.token);
    let photo = pictures::photo(400, 300);
    let (id, half) = (AttachmentId(uuid::Uuid::now_v7()), photo.len() / 2);
    assert!(one.piece(scene.community, id, 0, photo.len(), &photo[..half]).await.status.is_success());
    assert!(other.piece(scene.community, id, half, photo.len(), &photo[half..]).await.status.is_success());
    let (left, right) =
        tokio::join!(one.finish(scene.community, id, &photo), other.finish(scene.community, id, &photo));
    assert_eq!(left.read::<FileFacts>(), right.read::<FileFacts>(), "both at once come to the same");
    let shows = vec![Attaching { id, alt: String::new() }];
    let write = PostWriting { attachments: shows, ..writing(Stream::Community, "二つのサーバーから", &[]) };
    one.accepted(scene.community, &[Operation::WritePost(write)]).await;
    assert!(other.file(scene.community, id, MediaSize::Full).await.status.is_success());
}

#[test]
fn pieces_may_go_to_any_process_on_postgres() {
    place::on_postgres(pieces_may_go_to_any_process);
}
