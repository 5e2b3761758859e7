//! Coming in: by an invitation, with a fact or by somebody's decision, over a network that loses things.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Error, account::link::InvitationLink, client::Joining, invitations::NewInvitation, sync::engine::Reach,
};
use enishi_protocol::{
    CommunityId, ErrorCode,
    invitations::{Fact, InvitationState},
    membership::Role,
};
use enishi_server::{db::Scope, values};
use enishi_tests::{Fault, Place, Raw, Scene, TestPhone, TestServer, both_engines, losing::through, people};

/// Members of a community, whatever their standing.
async fn members(server: &TestServer, community: CommunityId) -> i64 {
    let count = move |conn: &mut dyn enishi_server::db::Connection| {
        let row = conn.first("SELECT count(*) FROM member WHERE community = $1", values![community])?;
        Ok(row.unwrap().get(0)?)
    };
    server.write(Scope::Community(community), count).await.unwrap()
}

/// Signs in and joins; every call meets the fault once.
async fn join_through(server: &TestServer, address: &str, link: &str, fault: Fault) -> CommunityId {
    let mut phone = TestPhone::new(server).await;
    let link: InvitationLink = link.parse().unwrap();
    let preview = through(&phone, fault, "GET /v1/invitations/", async || {
        phone.client().preview(&InvitationLink { server: None, ..link.clone() }, Some(phone.server())).await
    });
    assert_eq!(preview.await.state, InvitationState::Open);
    let ask = async || phone.client().sign_in(phone.server(), address).await;
    let sent = through(&phone, fault, "POST /v1/sign-in", ask).await;
    let code = server.code_after(address, 0).await;
    let spend = async || phone.client().finish_sign_in(sent.attempt, &code).await;
    let account = through(&phone, fault, "POST /v1/sign-in/", spend).await;
    phone.set_account(account);
    let joining =
        Joining { name: people::name("佐藤 花子"), fact: Some("1980-04-01".into()), ..Joining::default() };
    let join = async || phone.client().join(account, &link.code, &joining).await;
    let joined = through(&phone, fault, "POST /v1/invitations/", join).await;
    assert!(!joined.waiting, "{fault:?}");
    assert_eq!(server.codes(address).len(), 1, "one code was mailed, {fault:?}");
    joined.community
}

both_engines! {
    async fn a_reply_lost_at_every_step_of_joining_locks_nobody_out(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        let cuts = (0..12).map(|step| Fault::CutAfter(step * 37));
        let faults = [Fault::RequestLost, Fault::AnswerLost, Fault::Portal].into_iter().chain(cuts);
        for (number, fault) in (1..).zip(faults) {
            server.registry(community, &[(&number.to_string(), "佐藤 花子", "1980-04-01")]).await;
            let entry = server.entry(community, &number.to_string()).await;
            let link = server.invite(community, owner, Some(entry)).await;
            let address = format!("hanako{number}@example.jp");
            assert_eq!(join_through(&server, &address, &link, fault).await, community);
            assert_eq!(members(&server, community).await, 1 + number, "one member more, {fault:?}");
        }
    }

    async fn an_invitation_for_an_entry_opens_with_the_fact_alone(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::EmployeeNumber).await;
        let owner = server.admit(community, "jinji@example.jp", "人事 部", Role::Owner).await;
        server.registry(community, &[("A-100", "佐藤 花子", "1980-04-01")]).await;
        let entry = server.entry(community, "A-100").await;
        let link = server.invite(community, owner, Some(entry)).await;
        let phone = TestPhone::signed_in(&server, "hanako@example.jp").await;
        let wrong = phone.join(&link, "佐藤 花子", Some("A-101")).await;
        assert_eq!(wrong, Err(Error::Rejected { code: ErrorCode::FactWrong }));
        assert_eq!(members(&server, community).await, 1);
        let joined = phone.join(&link, "佐藤 花子", Some("Ａ－１００")).await.unwrap();
        assert_eq!((joined.community, joined.waiting), (community, false));
        let other = TestPhone::signed_in(&server, "other@example.jp").await;
        let late = other.join(&link, "佐藤 花子", Some("A-100")).await;
        assert_eq!(late, Err(Error::Rejected { code: ErrorCode::InvitationUsed }));
        assert_eq!(members(&server, community).await, 2);
    }

    async fn a_colleagues_invitation_made_offline_brings_one_in_whom_the_desk_lets_in(place: Place) {
        let scene = Scene::at(&place).await;
        let owner = scene.server.member(scene.community, "人事 部", Role::Owner).await;
        scene.taro.network().set_up(false);
        let made = scene.taro.community().invite(&NewInvitation::default()).unwrap();
        let mut phone = TestPhone::signed_in(&scene.server, "jiro@example.jp").await;
        let early = phone.join(&made.code, "高橋 次郎", None).await;
        assert_eq!(early, Err(Error::Rejected { code: ErrorCode::InvitationUnknown }), "it works once it is sent");
        scene.taro.network().set_up(true);
        scene.taro.in_step().await;
        let joined = phone.join(&made.code, "高橋 次郎", None).await.unwrap();
        assert!(joined.waiting, "nobody has proved anything");
        assert_eq!(phone.join(&made.code, "高橋 次郎", None).await, Ok(joined), "asked again, it is the same");
        let halted = Reach::Halted(ErrorCode::MembershipWaiting);
        phone.status("being told to wait", |status| status.reach == halted).await;
        phone.restart().await;
        owner.in_step().await;
        let request = owner.community().join_requests().unwrap().remove(0);
        assert_eq!(request.request.invited_by, Some(scene.taro.community().member()));
        owner.community().decide(request.id, None, true).unwrap();
        owner.in_step().await;
        phone.client().push();
        phone.in_step().await;
        scene.taro.in_step().await;
        phone.seen().of_everybody().assert_same(&scene.taro.seen().of_everybody());
        assert_eq!(members(&scene.server, scene.community).await, 4);
        let own = scene.taro.community().own_invitations().unwrap();
        assert_eq!((own[0].used, own[0].code.as_ref()), (1, Some(&made.code)));
    }

    async fn a_link_forwarded_to_strangers_gives_them_nothing_and_the_right_person_still_joins(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let desk = server.member(community, "人事 部", Role::Owner).await;
        server.registry(community, &[("A-100", "佐藤 花子", "1980-04-01")]).await;
        let entry = server.entry(community, "A-100").await;
        let link = server.invite(community, desk.community().member(), Some(entry)).await;
        let path = format!("/v1/invitations/{}", link.rsplit('/').next().unwrap());
        let shown = String::from_utf8(Raw::nobody(&server).get(&path).await.bytes).unwrap();
        for hidden in ["A-100", "佐藤", "花子", "1980", &entry.to_string()] {
            assert!(!shown.contains(hidden), "{hidden} is shown: {shown}");
        }
        let guesses = ["1980-04-02", "1981-04-01", "1979-01-01"];
        let mut strangers = Vec::new();
        for number in 0..6 {
            let stranger = TestPhone::signed_in(&server, &format!("stranger{number}@example.jp")).await;
            if number == 0 {
                for guess in guesses {
                    let wrong = stranger.join(&link, "佐藤 花子", Some(guess)).await;
                    assert_eq!(wrong, Err(Error::Rejected { code: ErrorCode::FactWrong }));
                }
            }
            let asked = stranger.join(&link, "佐藤 花子", None).await;
            if number < 5 {
                assert!(asked.unwrap().waiting, "a stranger waits");
            } else {
                assert_eq!(asked, Err(Error::Rejected { code: ErrorCode::InvitationUsed }), "and not a thousand of them");
            }
            strangers.push(stranger);
        }
        desk.in_step().await;
        let requests = desk.community().join_requests().unwrap();
        assert_eq!(requests.len(), 5, "the desk sees each");
        desk.community().decide(requests[0].id, None, false).unwrap();
        desk.in_step().await;
        let halted = |code| Reach::Halted(code);
        strangers[0].client().push();
        strangers[0].status("being turned down", |status| status.reach == halted(ErrorCode::MembershipEnded)).await;
        let right = TestPhone::signed_in(&server, "hanako@example.jp").await;
        let joined = right.join(&link, "佐藤 花子", Some("1980-04-01")).await.unwrap();
        assert_eq!((joined.community, joined.waiting), (community, false));
        let late = strangers[5].join(&link, "佐藤 花子", Some("1980-04-01")).await;
        assert_eq!(late, Err(Error::Rejected { code: ErrorCode::InvitationUsed }));
        desk.in_step().await;
        let active = desk.community().directory("", 100).unwrap();
        assert_eq!(active.len(), 2, "nobody came in but the right person");
    }

    async fn an_address_at_the_former_employer_is_not_enough_to_join_and_what_was_said_is_kept(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        server.command(&["community", "set", "--community", &community.to_string(), "--employer-domain", "enishi.example"]).await;
        let owner = server.admit(community, "jinji@enishi.example", "人事 部", Role::Owner).await;
        server.registry(community, &[("1", "佐藤 花子", "1980-04-01")]).await;
        let entry = server.entry(community, "1").await;
        let link = server.invite(community, owner, Some(entry)).await;
        let mut phone = TestPhone::signed_in(&server, "hanako@mail.enishi.example").await;
        let needed = Err(Error::Rejected { code: ErrorCode::OwnAddressNeeded });
        assert_eq!(phone.join(&link, "佐藤 花子", Some("1980-04-01")).await, needed);
        assert_eq!(members(&server, community).await, 1);
        phone.restart().await;
        let (client, account) = (phone.client(), phone.account());
        let unfinished = client.unfinished_joinings(account);
        let [(code, said)] = &unfinished[..] else { panic!("{unfinished:?}") };
        assert_eq!(said.fact.as_deref(), Some("1980-04-01"));
        let sent = client.add_address(account, "hanako@example.jp", None).await.unwrap();
        let digits = server.code_after("hanako@example.jp", 0).await;
        client.confirm_address(account, sent.attempt, &digits).await.unwrap();
        let joined = client.join(account, code, said).await.unwrap();
        assert_eq!((joined.community, joined.waiting), (community, false));
        assert_eq!(client.unfinished_joinings(account), []);
        let ways = client.accounts().remove(0).ways.expect("known right after joining");
        assert!(ways.addresses == 2 && !ways.has_second(), "the app can offer a second way in");
    }
}
