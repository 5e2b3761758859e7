//! Accounts that last: addresses, new phones, printed codes, a membership that was lost, and the end.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{Error, account::link::ApprovalLink, client::Joining, sync::engine::Reach};
use enishi_protocol::{
    CommunityId, ErrorCode, RecoveryId,
    account::{NoticeEvent, RecoveryState, Written},
    invitations::Fact,
    membership::{Role, Standing},
};
use enishi_server::{db::Scope, values};
use enishi_tests::{
    Fault, Place, Raw, Scene, TestPhone, TestServer, both_engines,
    losing::through,
    people,
    scene::{HANAKO, TARO},
    waiting::until,
};
use std::time::Duration;

const NEW: &str = "hanako@example.org";
const FAULTS: [Fault; 4] = [Fault::RequestLost, Fault::AnswerLost, Fault::Portal, Fault::CutAfter(60)];

fn who(note: &str) -> Joining {
    Joining { name: people::name("佐藤 花子"), fact: None, note: note.into(), ..Joining::default() }
}

/// Three days, in which nobody objects.
const LONG: Duration = Duration::from_secs(72 * 3600 + 1);

async fn add_address(server: &TestServer, phone: &TestPhone, address: &str, fault: Fault) {
    let (client, account) = (phone.client(), phone.account());
    let before = server.codes(address).len();
    let ask = async || client.add_address(account, address, None).await;
    let sent = through(phone, fault, "POST /v1/addresses", ask).await;
    let code = server.code_after(address, before).await;
    let confirm = async || client.confirm_address(account, sent.attempt, &code).await;
    let list = through(phone, fault, "POST /v1/addresses/", confirm).await;
    assert!(list.iter().any(|held| held.address == address), "{fault:?}");
    assert_eq!(server.codes(address).len(), before + 1, "one code was mailed, {fault:?}");
}

/// A new phone that the old one lets in.
async fn let_in(server: &TestServer, old: &TestPhone, fault: Fault) -> TestPhone {
    let mut new = TestPhone::new(server).await;
    let ask = async || new.client().ask_for_approval(new.server()).await;
    let shown = through(&new, fault, "POST /v1/approvals", ask).await;
    assert_eq!(new.client().approved(shown.attempt).await, Ok(None), "nobody has approved it yet");
    let link: ApprovalLink = shown.link.parse().unwrap();
    assert_eq!(link.attempt, shown.attempt);
    let look = async || old.client().look_at_device(old.account(), &link).await;
    let seen = through(old, fault, "GET /v1/approvals/", look).await;
    assert_eq!((seen.device_name.as_str(), seen.same_network), ("Enishi", None), "loopback is no network");
    let approve = async || old.client().approve_device(old.account(), &link).await;
    through(old, fault, "POST /v1/approvals/", approve).await;
    let spend = async || new.client().approved(shown.attempt).await;
    let account = through(&new, fault, "POST /v1/approvals/", spend).await.expect("approved");
    new.set_account(account);
    new
}

/// 花子 lost everything; her new phone, signed in with another address, asks for her membership.
async fn lost(scene: &Scene, link: &str) -> (TestPhone, RecoveryId) {
    let phone = TestPhone::signed_in(&scene.server, NEW).await;
    let code = link.rsplit('/').next().unwrap();
    let asked = phone.client().ask_for_recovery(phone.account(), code, &who("電話をなくしました。")).await.unwrap();
    assert_eq!((asked.name.as_str(), asked.state), ("縁商事", RecoveryState::Asked));
    (phone, asked.id)
}

/// Somebody on duty supports it.
async fn supported(desk: &TestPhone, id: RecoveryId) {
    desk.in_step().await;
    let wish = desk.community().recoveries().unwrap().into_iter().find(|wish| wish.id == id).expect("on the desk");
    let member = wish.recovery.member.expect("the name is hers alone");
    desk.community().support_recovery(id, member).unwrap();
    desk.in_step().await;
}

async fn state(phone: &TestPhone, id: RecoveryId) -> RecoveryState {
    let list = phone.client().recoveries(phone.account()).await.unwrap();
    list.into_iter().find(|own| own.id == id).unwrap().state
}

async fn standing(server: &TestServer, community: CommunityId, family: &str) -> String {
    let family = family.to_owned();
    let look = move |conn: &mut dyn enishi_server::db::Connection| {
        let sql = "SELECT standing FROM member WHERE community = $1 AND family = $2";
        Ok(conn.first(sql, values![community, family])?.unwrap().get(0)?)
    };
    server.write(Scope::Community(community), look).await.unwrap()
}

both_engines! {
    async fn a_reply_lost_at_any_call_about_addresses_and_phones_does_nothing_twice(place: Place) {
        let scene = Scene::at(&place).await;
        let hanako = &scene.hanako;
        for (number, fault) in FAULTS.into_iter().enumerate() {
            let address = format!("hanako{number}@example.org");
            add_address(&scene.server, hanako, &address, fault).await;
            let new = let_in(&scene.server, hanako, fault).await;
            new.in_step().await;
            new.seen().assert_same(&hanako.seen());
            hanako.client().refresh(hanako.account()).await.unwrap();
            let notices = hanako.client().notices(hanako.account()).unwrap();
            assert_eq!(notices.len(), 1, "one new phone, told once: {notices:?}");
            let shown: Vec<_> = notices.iter().map(|notice| notice.id).collect();
            hanako.network().plan_for("POST /v1/notices/seen", [fault]);
            hanako.client().notices_shown(hanako.account(), &shown).await.unwrap();
            hanako.client().refresh(hanako.account()).await.unwrap();
            assert_eq!(hanako.client().notices(hanako.account()).unwrap(), [], "{fault:?}");
            let others = async || hanako.client().revoke_other_devices(hanako.account()).await;
            through(hanako, fault, "DELETE /v1/devices", others).await;
            let remove = async || hanako.client().remove_address(hanako.account(), &address).await;
            let left = through(hanako, fault, "POST /v1/addresses/remove", remove).await;
            assert_eq!(left.iter().map(|held| held.address.as_str()).collect::<Vec<_>>(), [HANAKO]);
        }
    }

    async fn a_reply_lost_at_any_use_of_a_printed_code_locks_nobody_out(place: Place) {
        let scene = Scene::at(&place).await;
        let hanako = &scene.hanako;
        for fault in FAULTS {
            let make = async || hanako.client().make_recovery_code(hanako.account()).await;
            let printed = through(hanako, fault, "POST /v1/recovery-code", make).await;
            let mut new = TestPhone::new(&scene.server).await;
            let spend = async || new.client().sign_in_with_recovery_code(new.server(), &printed.to_lowercase()).await;
            let account = through(&new, fault, "POST /v1/recovery-code/spend", spend).await;
            new.set_account(account);
            new.in_step().await;
            assert_eq!(new.client().accounts()[0].address, HANAKO);
            let other = TestPhone::new(&scene.server).await;
            let again = other.client().sign_in_with_recovery_code(other.server(), &printed).await;
            assert_eq!(again.err(), Some(Error::Rejected { code: ErrorCode::RecoveryCodeWrong }));
        }
    }

    async fn a_lost_membership_comes_back_when_nobody_objects(place: Place) {
        let scene = Scene::at(&place).await;
        let desk = scene.server.member(scene.community, "人事 部", Role::Owner).await;
        let written = scene.hanako.post("なくす前に書きました。");
        scene.hanako.community().bookmark(written, true).unwrap();
        scene.hanako.in_step().await;
        let link = scene.server.invite(scene.community, desk.community().member(), None).await;
        let (phone, id) = lost(&scene, &link).await;
        scene.server.mail_that_says(HANAKO, "申し出が、別のアカウントからありました").await;
        supported(&desk, id).await;
        scene.server.mail_that_says(HANAKO, "/stop/").await;
        assert_eq!(state(&phone, id).await, RecoveryState::Waiting);
        scene.server.clock().pass(LONG);
        until("the membership to go over", async || (state(&phone, id).await == RecoveryState::Done).then_some(())).await;
        phone.client().refresh(phone.account()).await.unwrap();
        phone.in_step().await;
        let back = phone.community();
        assert_eq!(back.member(), scene.hanako.community().member());
        assert!(phone.texts().contains(&"なくす前に書きました。".to_owned()));
        assert_eq!(back.post(written, 10).unwrap().map(|page| page.post.bookmarked), Some(false), "a bookmark is hers alone");
        scene.hanako.client().push();
        scene.hanako.status("being shut out", |status| matches!(status.reach, Reach::Halted(_))).await;
        back.write_post(enishi_protocol::Stream::Community, enishi_protocol::feed::PostKind::Text, "戻りました。", &[]).unwrap();
        phone.in_step().await;
        scene.taro.in_step().await;
        assert!(scene.taro.texts().contains(&"戻りました。".to_owned()));
        scene.server.mail_that_says(NEW, "引き継ぎました").await;
    }

    async fn a_recovery_is_stopped_by_the_button_in_the_mail_and_by_no_mail_scanner(place: Place) {
        let scene = Scene::at(&place).await;
        let desk = scene.server.member(scene.community, "人事 部", Role::Owner).await;
        let link = scene.server.invite(scene.community, desk.community().member(), None).await;
        let (phone, id) = lost(&scene, &link).await;
        supported(&desk, id).await;
        let mail = scene.server.mail_that_says(HANAKO, "/stop/").await;
        let page = mail.lines().find(|line| line.contains("/stop/")).unwrap();
        let path = &page[page.find("/stop/").unwrap()..];
        let anybody = Raw::nobody(&scene.server);
        for _ in 0..3 {
            let opened = anybody.get(path).await;
            let text = String::from_utf8_lossy(&opened.bytes).into_owned();
            assert!(opened.status.is_success() && text.contains("<form method=\"post\">"), "{text}");
        }
        assert_eq!(state(&phone, id).await, RecoveryState::Waiting, "opening it changed nothing");
        for _ in 0..2 {
            let pressed = anybody.post(path, &()).await;
            assert!(String::from_utf8_lossy(&pressed.bytes).contains("引き継ぎを止めました"));
        }
        assert_eq!(state(&phone, id).await, RecoveryState::Stopped);
        scene.server.clock().pass(LONG);
        scene.server.mail_that_says(NEW, "今回はできませんでした").await;
        scene.hanako.post("私のままです。");
        scene.hanako.in_step().await;
        assert_eq!(phone.client().refresh(phone.account()).await.unwrap(), []);
        assert_eq!(anybody.get("/stop/00000000000000000000000000").await.status.as_u16(), 410);
    }

    async fn a_reply_lost_at_any_call_about_a_recovery_does_nothing_twice(place: Place) {
        let scene = Scene::at(&place).await;
        let desk = scene.server.member(scene.community, "人事 部", Role::Owner).await;
        let link = scene.server.invite(scene.community, desk.community().member(), None).await;
        let code = link.rsplit('/').next().unwrap();
        for (number, fault) in FAULTS.into_iter().enumerate() {
            let phone = TestPhone::signed_in(&scene.server, &format!("new{number}@example.org")).await;
            let ask = async || phone.client().ask_for_recovery(phone.account(), code, &who("")).await;
            let asked = through(&phone, fault, "POST /v1/recoveries", ask).await;
            assert_eq!(phone.client().recoveries(phone.account()).await.unwrap(), std::slice::from_ref(&asked), "{fault:?}");
            supported(&desk, asked.id).await;
            let hanako = &scene.hanako;
            hanako.client().refresh(hanako.account()).await.unwrap();
            let notices = hanako.client().notices(hanako.account()).unwrap();
            let told = notices.iter().find_map(|notice| match &notice.event {
                NoticeEvent::RecoveryAsked { recovery, community, until_us: Some(_), .. } if *recovery == asked.id => Some(*community),
                _ => None,
            });
            let community = told.expect("her phone is told");
            let stop = async || hanako.client().stop_recovery(hanako.account(), community, asked.id).await;
            through(hanako, fault, "POST /v1/recoveries/", stop).await;
            assert_eq!(state(&phone, asked.id).await, RecoveryState::Stopped, "{fault:?}");
        }
    }

    async fn a_reply_lost_at_leaving_or_deleting_ends_it_once(place: Place) {
        let scene = Scene::at(&place).await;
        for (number, fault) in FAULTS.into_iter().enumerate() {
            let (leaver, goner) = (format!("退会 {number}郎"), format!("削除 {number}郎"));
            let phone = scene.server.member(scene.community, &leaver, Role::Member).await;
            phone.post("さようなら。");
            phone.in_step().await;
            let leave = async || phone.client().leave(phone.account(), scene.community).await;
            through(&phone, fault, "POST /v1/communities/", leave).await;
            let membership = phone.client().refresh(phone.account()).await.unwrap().remove(0);
            assert_eq!(membership.standing, Standing::Ended, "{fault:?}");
            let ended = Reach::Halted(ErrorCode::MembershipEnded);
            phone.status("being told that it ended", |status| status.reach == ended).await;

            let phone = scene.server.member(scene.community, &goner, Role::Member).await;
            let account = phone.account();
            let delete = async || phone.client().delete_account(account, Written::Keep).await;
            through(&phone, fault, "POST /v1/account/delete", delete).await;
            assert_eq!(phone.client().accounts(), [], "it is gone from the phone too");
        }
        until("every deleted account to leave", async || {
            (standing(&scene.server, scene.community, "削除").await == "ended").then_some(())
        })
        .await;
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts().iter().filter(|text| **text == "さようなら。").count(), FAULTS.len(), "posts stay");
        let directory = scene.taro.community().directory("", 100).unwrap();
        assert!(!directory.iter().any(|member| member.name.starts_with("退会")), "former members are not listed");
    }

    async fn an_import_that_changes_an_entrys_address_leaves_the_sign_in_alone(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        let import = async |address: &str| {
            let file = server.place().new_folder("csv").join("leavers.csv");
            std::fs::write(&file, format!("社員番号,氏名,生年月日,退職年月日,メールアドレス\n1,佐藤 花子,1980-04-01,2024/03/31,{address}\n")).unwrap();
            server.command(&["registry", "import", "--community", &community.to_string(), "--file", file.to_str().unwrap()]).await
        };
        import("hanako@old.example.jp").await;
        let entry = server.entry(community, "1").await;
        let link = server.invite(community, owner, Some(entry)).await;
        let phone = TestPhone::signed_in(&server, HANAKO).await;
        phone.join(&link, "佐藤 花子", Some("1980-04-01")).await.unwrap();
        assert!(import("taken-over@example.com").await.contains("changed 1"), "the entry has another address now");
        let addresses = phone.client().addresses(phone.account()).await.unwrap();
        assert_eq!(addresses.iter().map(|held| held.address.as_str()).collect::<Vec<_>>(), [HANAKO]);
        let taker = TestPhone::signed_in(&server, "taken-over@example.com").await;
        assert_eq!(taker.client().refresh(taker.account()).await.unwrap(), [], "it signs in to nothing of hers");
        let fresh = TestPhone::signed_in(&server, HANAKO).await;
        assert_eq!(fresh.community().member(), phone.community().member());
    }

    async fn a_device_that_is_revoked_among_all_others_loses_its_live_connection(place: Place) {
        let scene = Scene::at(&place).await;
        let other = scene.fresh(HANAKO).await;
        other.live().await;
        let devices = scene.hanako.client().devices(scene.hanako.account()).await.unwrap();
        assert_eq!(devices.iter().map(|device| device.this).collect::<Vec<_>>(), [true, false]);
        let begun = std::time::Instant::now();
        scene.hanako.client().revoke_other_devices(scene.hanako.account()).await.unwrap();
        let out = Reach::Halted(ErrorCode::SignedOut);
        other.status("being signed out", |status| status.reach == out).await;
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        scene.hanako.post("この端末はそのままです。");
        scene.hanako.in_step().await;
    }

    async fn a_community_of_others_is_left_like_one_that_does_not_exist(place: Place) {
        let scene = Scene::at(&place).await;
        let other = scene.server.community("無縁商事", Fact::BirthDate).await;
        scene.server.admit(other, "jiro@example.jp", "高橋 次郎", Role::Owner).await;
        let taro = Raw::signed_in(&scene.server, TARO).await;
        let id = uuid::Uuid::from_u128(7);
        let (there, nowhere) = (other, CommunityId(id));
        let mut answers = Vec::new();
        for community in [there, nowhere] {
            let leaving = taro.post(&format!("/v1/communities/{community}/leave"), &serde_json::json!({ "id": id })).await;
            let stopping = taro.post(&format!("/v1/recoveries/{id}/stop"), &serde_json::json!({ "community": community })).await;
            assert_eq!((leaving.code(), stopping.code()), (Some(ErrorCode::NotFound), Some(ErrorCode::NotFound)));
            answers.push((leaving.bytes, stopping.bytes));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1);
    }
}
