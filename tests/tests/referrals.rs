//! Who brought whom, as real phones show it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{account::link::InvitationLink, client::Joining, invitations::NewInvitation};
use enishi_protocol::membership::Role;
use enishi_tests::{Place, Scene, TestPhone, both_engines, people};

both_engines! {
    async fn an_inviter_a_newcomer_and_the_company_see_who_brought_whom_as_far_as_agreed(place: Place) {
        let scene = Scene::at(&place).await;
        let desk = scene.server.member(scene.community, "人事 部", Role::Owner).await;
        scene.server.registry(scene.community, &[("1", "高橋 次郎", "1980-04-01")]).await;
        let taro = scene.taro.community();
        let made = taro.invite(&NewInvitation { to_company: true, ..NewInvitation::default() }).unwrap();
        scene.taro.in_step().await;
        let mut phone = TestPhone::signed_in(&scene.server, "jiro@example.jp").await;
        let link: InvitationLink = made.link.parse().unwrap();
        let joining = Joining {
            name: people::name("高橋 次郎"),
            fact: Some("1980-04-01".into()),
            to_inviter: true,
            ..Joining::default()
        };
        let joined = phone.client().join(phone.account(), &link.code, &joining).await.unwrap();
        assert!(!joined.waiting);
        phone.restart().await;
        phone.in_step().await;
        let jiro = phone.community();
        let own = jiro.referral().unwrap().unwrap();
        assert_eq!((own.inviter, own.to_inviter, own.to_company), (taro.member(), true, false));
        scene.taro.in_step().await;
        let shown = &taro.own_invitations().unwrap()[0];
        assert_eq!((shown.joined.as_slice(), shown.to_company), ([jiro.member()].as_slice(), true));
        desk.in_step().await;
        assert_eq!(desk.community().referrals().unwrap(), [], "the newcomer has not agreed");

        jiro.set_referral(None, Some(true)).unwrap();
        assert!(jiro.referral().unwrap().unwrap().to_company, "at once");
        phone.in_step().await;
        desk.in_step().await;
        assert_eq!(desk.community().referrals().unwrap(), [(jiro.member(), taro.member())]);
        assert_eq!(taro.referrals().unwrap(), [], "not every member is told");

        taro.tell_invitation(made.id, false).unwrap();
        jiro.set_referral(Some(false), None).unwrap();
        scene.taro.in_step().await;
        phone.in_step().await;
        desk.in_step().await;
        scene.taro.in_step().await;
        assert_eq!(desk.community().referrals().unwrap(), [], "taken back");
        assert_eq!(taro.own_invitations().unwrap()[0].joined, []);
        scene.assert_fresh(&scene.taro, enishi_tests::scene::TARO).await;
    }
}
