//! Moderation with real phones: rules, reports, hiding, appeals, standings, and who can read what.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Error,
    feed::{Delivery, Selection},
    sync::engine::Reach,
};
use enishi_protocol::{
    ErrorCode, PostId, Stream,
    groups::Joining,
    invitations::{Fact, InvitationPreview},
    membership::{Role, Standing},
    moderation::{AppealState, ReportState, RuleText, Subject},
};
use enishi_server::{
    db::{Connection, Scope},
    values,
};
use enishi_tests::{Place, Raw, Scene, TestPhone, TestServer, both_engines, scene::HANAKO, waiting::in_time};
use std::time::{Duration, Instant};

async fn staff(scene: &Scene, name: &str, role: Role) -> TestPhone {
    scene.server.member(scene.community, name, role).await
}

fn text_of(phone: &TestPhone, post: PostId) -> String {
    phone.community().post(post, 10).unwrap().unwrap().post.text
}

/// How many members the server lets read a stream.
async fn granted(server: &TestServer, scope: Scope, stream: Stream) -> i64 {
    let Scope::Community(community) = scope else { unreachable!() };
    let count = move |conn: &mut dyn Connection| -> Result<i64, enishi_server::error::Error> {
        let sql = "SELECT count(*) FROM stream_grant WHERE community = $1 AND stream = $2";
        Ok(conn.first(sql, values![community, stream])?.unwrap().get(0)?)
    };
    server.write(scope, count).await.unwrap()
}

both_engines! {
    async fn a_report_a_hiding_and_an_appeal_decided_by_somebody_else(place: Place) {
        let scene = Scene::at(&place).await;
        let (one, other) = (staff(&scene, "担当 一", Role::Moderator).await, staff(&scene, "担当 二", Role::Owner).await);
        let post = scene.taro.post("あの人の連絡先は縁町1-2-3です");
        scene.taro.in_step().await;
        scene.hanako.in_step().await;

        scene.hanako.offline();
        let report = scene.hanako.community().report(Subject::Post(post), 2, "私の住所です", false).unwrap();
        assert_eq!(scene.hanako.community().own_reports().unwrap()[0].delivery, Delivery::Pending);
        scene.hanako.online();
        scene.hanako.in_step().await;

        one.in_step().await;
        let at_desk = one.community().reports().unwrap();
        assert_eq!((at_desk.len(), at_desk[0].report.text.as_str()), (1, "あの人の連絡先は縁町1-2-3です"));
        one.community().hide(Subject::Post(post), 2).unwrap();
        assert_eq!(text_of(&one, post), "", "the stub shows before it is sent");
        one.community().close_report(report, true).unwrap();
        one.in_step().await;

        scene.hanako.in_step().await;
        assert_eq!(scene.hanako.community().own_reports().unwrap()[0].report.state, ReportState::ActedOn);
        let page = scene.hanako.community().post(post, 10).unwrap().unwrap();
        let why = page.post.hidden.unwrap();
        assert_eq!((page.post.text.as_str(), why.by_name.full().as_str(), why.rule.number), ("", "担当 一", 2));
        assert!(scene.hanako.community().search(Selection::All, "縁町").unwrap().posts.is_empty());
        scene.assert_fresh(&scene.hanako, HANAKO).await;

        scene.taro.in_step().await;
        let own = scene.taro.community().own_hidden().unwrap();
        assert_eq!(own[0].text.text, "あの人の連絡先は縁町1-2-3です");
        scene.taro.community().appeal(Subject::Post(post), "本人に頼まれました", false).unwrap();
        scene.taro.in_step().await;

        one.community().decide_appeal(Subject::Post(post), false).unwrap();
        one.in_step().await;
        assert_eq!(one.community().needs_attention().unwrap()[0].reason, ErrorCode::OwnCase);
        other.in_step().await;
        assert!(!other.community().desk_hidden().unwrap()[0].waits_for_another);
        other.community().decide_appeal(Subject::Post(post), true).unwrap();
        other.in_step().await;

        scene.taro.in_step().await;
        let told = scene.taro.community().own_hidden().unwrap().remove(0).text.appeal.unwrap();
        assert_eq!((told.state, told.decided_by), (AppealState::Restored, Some(other.community().member())));
        scene.hanako.in_step().await;
        assert_eq!(text_of(&scene.hanako, post), "あの人の連絡先は縁町1-2-3です");
        assert_eq!(scene.hanako.community().search(Selection::All, "縁町").unwrap().posts.len(), 1);
        scene.assert_all_alike().await;
    }

    async fn a_suspended_members_phone_is_shut_out_within_seconds_and_goes_on_afterwards(place: Place) {
        let scene = Scene::at(&place).await;
        let owner = staff(&scene, "担当 一", Role::Owner).await;
        owner.in_step().await;
        scene.hanako.live().await;
        let hanako = scene.hanako.community().member();
        owner.community().suspend(hanako, None, "きまり1に三度").unwrap();
        owner.in_step().await;
        let since = Instant::now();
        let shut_out = Reach::Halted(ErrorCode::MembershipSuspended);
        scene.hanako.status("being shut out", |status| status.reach == shut_out).await;
        assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
        let never = tokio_util::sync::CancellationToken::new();
        let refused = in_time("a refusal", scene.hanako.community().sync_now(&never)).await;
        assert_eq!(refused, Err(Error::Rejected { code: ErrorCode::MembershipSuspended }));
        scene.hanako.post("止められている間に書きました");

        scene.taro.in_step().await;
        let seen = scene.taro.community().find_member(hanako).unwrap().unwrap();
        assert_eq!(seen.standing, Standing::Suspended);
        owner.community().restore(hanako).unwrap();
        owner.in_step().await;
        scene.hanako.in_step().await;
        scene.assert_all_alike().await;
        assert_eq!(scene.taro.texts(), ["止められている間に書きました"]);
    }

    async fn whoever_was_removed_comes_in_again_only_by_a_decision(place: Place) {
        let scene = Scene::at(&place).await;
        let owner = staff(&scene, "担当 一", Role::Owner).await;
        scene.server.registry(scene.community, &[("1", "佐藤 花子", "1990-01-01")]).await;
        scene.hanako.post("残る言葉");
        scene.hanako.in_step().await;
        let hanako = scene.hanako.community().member();
        owner.community().remove(hanako, "きまり5").unwrap();
        owner.in_step().await;
        let ended = Reach::Halted(ErrorCode::MembershipEnded);
        scene.hanako.status("the end", |status| status.reach == ended).await;
        assert!(scene.hanako.texts().is_empty(), "nothing of the community stays readable");
        scene.taro.in_step().await;
        assert_eq!(scene.taro.texts(), ["残る言葉"]);
        assert_eq!(scene.taro.community().find_member(hanako).unwrap().unwrap().standing, Standing::Ended);

        let entry = scene.server.entry(scene.community, "1").await;
        let link = scene.server.invite(scene.community, owner.community().member(), Some(entry)).await;
        let joined = scene.hanako.join(&link, "佐藤 花子", Some("1990-01-01")).await.unwrap();
        assert!(joined.waiting, "the right fact is not enough");
    }

    async fn who_can_read_is_counted_on_the_phone_as_the_server_grants_it(place: Place) {
        let scene = Scene::at(&place).await;
        let owner = staff(&scene, "担当 一", Role::Owner).await;
        let (hanako, taro) = (scene.hanako.community(), scene.taro.community());
        let quiet = hanako.create_group_closed_to_staff("静かな会", "", Joining::Open, false).unwrap();
        assert_eq!(hanako.readers(Stream::Group(quiet)).unwrap().members, 1, "before it is sent");
        let loud = hanako.create_group("賑やかな会", "", Joining::Open, false).unwrap();
        scene.hanako.in_step().await;
        scene.taro.in_step().await;
        owner.in_step().await;
        for group in [quiet, loud] {
            taro.join_group(group, "").unwrap();
        }
        owner.community().join_group(loud, "").unwrap();
        scene.taro.in_step().await;
        owner.in_step().await;
        let check = async |members: i64| {
            scene.hanako.in_step().await;
            let scope = Scope::Community(scene.community);
            for (stream, staff, closed) in [
                (Stream::Community, true, false),
                (Stream::Group(quiet), false, true),
                (Stream::Group(loud), true, false),
            ] {
                let readers = hanako.readers(stream).unwrap();
                assert_eq!(readers.members, granted(&scene.server, scope, stream).await, "{stream}");
                assert_eq!((readers.staff, readers.closed_to_staff, readers.whole), (staff, closed, true), "{stream}");
            }
            assert_eq!(hanako.readers(Stream::Community).unwrap().members, members);
        };
        check(3).await;
        owner.community().suspend(taro.member(), None, "確認のため").unwrap();
        owner.in_step().await;
        check(2).await;
        owner.community().restore(taro.member()).unwrap();
        owner.in_step().await;
        check(3).await;
        owner.community().remove(taro.member(), "確認のため").unwrap();
        owner.in_step().await;
        check(2).await;
    }

    async fn the_rules_are_shown_before_anybody_joins_and_in_the_app(place: Place) {
        let scene = Scene::at(&place).await;
        let owner = staff(&scene, "担当 一", Role::Owner).await;
        assert_eq!(scene.hanako.community().rules().unwrap().rules.len(), 5, "there are rules from the first day");
        let rules = [
            RuleText { ja: "静かに話す".into(), en: "Speak quietly".into() },
            RuleText { ja: "秘密を守る".into(), en: String::new() },
        ];
        owner.community().set_rules(&rules).unwrap();
        owner.in_step().await;
        scene.hanako.in_step().await;
        let seen = scene.hanako.community().rules().unwrap();
        assert_eq!(seen.rules.iter().map(|rule| rule.ja.as_str()).collect::<Vec<_>>(), ["静かに話す", "秘密を守る"]);

        let link = scene.server.invite(scene.community, owner.community().member(), None).await;
        let code = link.rsplit('/').next().unwrap();
        let nobody = Raw::nobody(&scene.server);
        let preview: InvitationPreview = nobody.get(&format!("/v1/invitations/{code}")).await.read();
        assert_eq!(preview.rules, seen.rules);
        for (lang, words) in [("ja", ["静かに話す", "秘密を守る"]), ("en", ["Speak quietly", "秘密を守る"])] {
            let page = nobody.get(&format!("/i/{code}?lang={lang}")).await;
            let page = String::from_utf8(page.bytes).unwrap();
            assert!(words.iter().all(|words| page.contains(words)), "{page}");
            assert!(page.find(words[0]) < page.find("/join"), "before the way in: {page}");
        }
    }

    async fn rules_are_set_from_a_file_on_the_command_line(place: Place) {
        let server = TestServer::start_process(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await.to_string();
        let file = place.folder().join("rules.toml");
        std::fs::write(&file, "[[rule]]\nja = \"静かに話す\"\nen = \"Speak quietly\"\n").unwrap();
        let file = file.to_string_lossy().into_owned();
        let said = server.command(&["community", "rules", "--community", &community, "--file", &file]).await;
        assert_eq!(said.trim(), "1\t静かに話す\tSpeak quietly");
        let said = server.command(&["community", "rules", "--community", &community]).await;
        assert_eq!(said.trim(), "1\t静かに話す\tSpeak quietly");
    }
}
