//! Profiles and the first screen on real phones: a preview is what others get, and joining shows people.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{membership::Viewer, welcome::FirstStep};
use enishi_protocol::{
    Language,
    consents::Purpose,
    groups::Joining,
    invitations::Fact,
    membership::{Audience, ProfileField, Role},
};
use enishi_server::{consents, db::Scope};
use enishi_tests::{Place, Scene, TestPhone, TestServer, both_engines, scene::HANAKO};
use std::collections::BTreeMap;

fn seen_by(viewer: &TestPhone, of: &TestPhone) -> BTreeMap<ProfileField, String> {
    viewer.community().find_member(of.community().member()).unwrap().unwrap().fields
}

both_engines! {
    async fn a_preview_is_exactly_what_each_audience_gets(place: Place) {
        let scene = Scene::at(&place).await;
        let stranger = scene.server.member(scene.community, "高橋 次郎", Role::Member).await;
        let taro = scene.taro.community();
        let group = taro.create_group("写真部", "", Joining::Open, false).unwrap();
        for (field, audience) in [
            (ProfileField::Department, Audience::Everyone),
            (ProfileField::Employer, Audience::Groups),
            (ProfileField::Contact, Audience::Hr),
            (ProfileField::About, Audience::Nobody),
        ] {
            taro.set_profile(field, Some(field.as_str()), audience).unwrap();
        }
        taro.give_consent(Purpose::DirectoryExport, Language::Ja).unwrap();
        let before: Vec<_> =
            [Viewer::Everyone, Viewer::Group(group), Viewer::Hr].map(|viewer| taro.profile_as(viewer).unwrap()).into();
        scene.taro.in_step().await;
        scene.hanako.in_step().await;
        scene.hanako.community().join_group(group, "").unwrap();
        for phone in [&scene.hanako, &scene.taro, &scene.hanako, &stranger] {
            phone.in_step().await;
        }
        assert_eq!(seen_by(&stranger, &scene.taro), before[0]);
        assert_eq!(seen_by(&scene.hanako, &scene.taro), before[1]);
        let community = scene.community;
        let list = move |conn: &mut dyn enishi_server::db::Connection| {
            Ok(consents::members(conn, community, None, 10)?)
        };
        let listed = scene.server.write(Scope::Community(community), list).await.unwrap();
        assert_eq!(listed.into_iter().map(|row| row.fields).collect::<Vec<_>>(), [before[2].clone()]);
        assert_eq!(before.iter().map(BTreeMap::len).collect::<Vec<_>>(), [1, 2, 2]);
        for (viewer, before) in [Viewer::Everyone, Viewer::Group(group), Viewer::Hr].into_iter().zip(&before) {
            assert_eq!(&taro.profile_as(viewer).unwrap(), before, "sending it changes nothing");
        }
    }

    async fn a_consent_without_network_arrives_and_its_receipt_is_on_every_device(place: Place) {
        let scene = Scene::at(&place).await;
        scene.hanako.offline();
        scene.hanako.community().give_consent(Purpose::RegistryLink, Language::Ja).unwrap();
        let given = |phone: &TestPhone| {
            let all = phone.community().consents(Language::Ja).unwrap();
            let held = all.into_iter().find(|consent| consent.purpose == Purpose::RegistryLink).unwrap();
            (held.given, held.receipts.len())
        };
        assert_eq!(given(&scene.hanako), (true, 0));
        scene.hanako.online();
        scene.hanako.in_step().await;
        assert_eq!(given(&scene.hanako), (true, 1));
        let tablet = scene.fresh(HANAKO).await;
        assert_eq!(given(&tablet), (true, 1));
        tablet.community().withdraw_consent(Purpose::RegistryLink).unwrap();
        tablet.in_step().await;
        scene.hanako.in_step().await;
        assert_eq!(given(&scene.hanako), (false, 1));
    }

    async fn whoever_joins_sees_who_runs_it_and_what_to_do_also_without_network(place: Place) {
        let server = TestServer::start(&place).await;
        let community = server.community("縁商事", Fact::BirthDate).await;
        let owner = server.member(community, "人事 窓口", Role::Owner).await;
        owner.community().set_welcome(Some("同じ釜の飯を食べた仲間の場所です。")).unwrap();
        owner.in_step().await;
        server.registry(community, &[("17-00001", "佐藤 花子", "1985-04-08")]).await;
        let entry = server.entry(community, "17-00001").await;
        let link = server.invite(community, owner.community().member(), Some(entry)).await;
        let hanako = TestPhone::signed_in(&server, HANAKO).await;
        hanako.join(&link, "佐藤 花子", Some("1985-04-08")).await.unwrap();
        hanako.in_step().await;
        hanako.offline();
        let view = hanako.community().welcome().unwrap();
        assert_eq!(view.text.as_deref(), Some("同じ釜の飯を食べた仲間の場所です。"));
        assert_eq!(view.runs.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["人事 窓口"]);
        assert_eq!(view.people.len(), 1);
        assert_eq!(view.to_do, Some(FirstStep::FillField(ProfileField::Department)));
        let own = hanako.community().own_profile().unwrap().fields;
        let left = &own[&ProfileField::LeftYear];
        assert_eq!((left.value.as_str(), left.audience), ("2024", Audience::Nobody), "the company's record, for her alone");
    }
}
