//! R4: a refused mutation is never silently dropped.

use crate::{ANN, BEN};
use enishi_protocol::{ErrorCode, Operation, Stream, feed::PostDeletion};
use enishi_tests::{
    Place, Scene, both_engines,
    simulation::{Act, Setup, World},
};

#[test]
fn r4_the_effect_is_undone_and_the_refused_mutation_stays_whatever_happens_to_the_phone() {
    let mut world = World::new(&Setup { posts: 3, ..Setup::default() });
    world.sync_all().unwrap();
    let post = *world.server.posts().unwrap().last().unwrap();
    let refused = world.write(BEN, Operation::DeletePost(PostDeletion { post }), None, false);
    let needs_attention = |world: &World| {
        let entries = world.phones[BEN].replica.outbox.iter().filter(|entry| entry.needs_attention());
        entries.map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(needs_attention(&world), []);
    assert_eq!(world.phones[BEN].shown_reactions(post), Ok(None), "its effect shows at once");
    world.sync(BEN).unwrap();
    assert_eq!(world.phones[BEN].shown_reactions(post), Ok(Some(0)), "the post is back");
    for act in [Act::Crash { phone: BEN, at: 0 }, Act::SignIn { phone: BEN }, Act::Expire, Act::Restart] {
        assert_eq!(needs_attention(&world), [refused], "before {act:?}");
        world.act(&act).unwrap();
        world.post(ANN, Stream::Community);
        world.sync_all().unwrap();
    }
    assert_eq!(needs_attention(&world), [refused]);
    world.act(&Act::Discard { phone: BEN, at: 0 }).unwrap();
    assert_eq!(needs_attention(&world), []);
    world.settle().unwrap();
}

both_engines! {
    async fn r4_it_waits_with_its_reason_until_it_is_retried_edited_or_discarded(place: Place) {
        let mut scene = Scene::at(&place).await;
        let posts: Vec<_> = ["一", "二", "三"].into_iter().map(|text| scene.hanako.post(text)).collect();
        scene.hanako.in_step().await;
        let tablet = scene.fresh(enishi_tests::scene::HANAKO).await;
        scene.hanako.network().set_up(false);
        scene.hanako.offline();
        for post in &posts {
            tablet.community().edit_post(*post, "タブレットで直しました。", &[]).unwrap();
            scene.hanako.community().edit_post(*post, "電話で直しました。", &[]).unwrap();
        }
        assert_eq!(scene.hanako.texts(), ["電話で直しました。"; 3], "shown at once");
        tablet.in_step().await;
        scene.hanako.network().set_up(true);
        scene.hanako.online();
        scene.hanako.in_step().await;
        for _ in 0..2 {
            assert_eq!(scene.hanako.texts(), ["タブレットで直しました。"; 3], "its effect is undone");
            let waiting = scene.hanako.community().needs_attention().unwrap();
            let shown: Vec<_> = waiting.iter().map(|one| (one.reason, one.yours.as_deref(), one.theirs.as_deref())).collect();
            let expected = (ErrorCode::Conflict, Some("電話で直しました。"), Some("タブレットで直しました。"));
            assert_eq!(shown, [expected; 3]);
            scene.hanako.restart().await;
            scene.hanako.in_step().await;
        }
        let community = scene.hanako.community();
        let ids: Vec<_> = community.needs_attention().unwrap().into_iter().map(|one| one.id).collect();
        community.retry(ids[0], None).unwrap();
        community.retry(ids[1], Some("両方を合わせました。")).unwrap();
        community.discard(ids[2]).unwrap();
        scene.hanako.in_step().await;
        assert_eq!(community.needs_attention().unwrap(), []);
        assert_eq!(scene.hanako.texts(), ["タブレットで直しました。", "両方を合わせました。", "電話で直しました。"]);
        scene.assert_all_alike().await;
    }
}
