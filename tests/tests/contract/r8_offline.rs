//! R8: offline is a state, not an error.

use enishi_core::{
    Community,
    feed::{Delivery, Selection},
    groups::Belonging,
    sync::{engine::Reach, status::SyncStatus},
};
use enishi_protocol::{
    GroupId, PostId, Stream,
    groups::Joining,
    membership::{Audience, ProfileField},
};
use enishi_tests::{Place, Scene, both_engines, seen::posts};

/// What is there before the server goes.
async fn before(scene: &Scene) -> (PostId, PostId, GroupId) {
    let theirs = scene.taro.post("退職して一年になりました。");
    let group = scene.taro.community().create_group("登山部", "山に登ります", Joining::Open, false).unwrap();
    scene.taro.in_step().await;
    let own = scene.hanako.post("花子です。");
    scene.hanako.in_step().await;
    (theirs, own, group)
}

/// Everything that the phone holds can be read.
fn reads(community: &Community, theirs: PostId) {
    assert_eq!(posts(community).len(), 2);
    let page = community.post(theirs, 50).unwrap().unwrap();
    assert_eq!(page.post.author_name.as_deref(), Some("鈴木 太郎"));
    assert_eq!(community.directory("鈴木", 10).unwrap().len(), 1);
    assert_eq!(community.groups().unwrap().len(), 1);
    for words in ["退", "退職", "一年に"] {
        assert_eq!(community.search(Selection::All, words).unwrap().posts.len(), 1, "{words}");
    }
}

/// A member writes, answers, reacts, changes and takes back; how many writes that is.
fn writes(community: &Community, theirs: PostId, own: PostId, group: GroupId) -> usize {
    let new =
        community.write_post(Stream::Community, enishi_protocol::feed::PostKind::Text, "圏外です。", &[]).unwrap();
    let comment = community.write_comment(theirs, None, "お元気ですか。", &[]).unwrap();
    community.write_comment(theirs, Some(comment), "また会いましょう。", &[]).unwrap();
    community.write_comment(new, None, "自分の投稿にも。", &[]).unwrap();
    community.react(theirs, "🌸", true).unwrap();
    community.bookmark(theirs, true).unwrap();
    community.edit_post(own, "花子です。直しました。", &[]).unwrap();
    community.set_profile(ProfileField::Employer, Some("株式会社みらい"), Audience::Everyone).unwrap();
    community.join_group(group, "").unwrap();
    9
}

/// All of it shows, and nothing of it is an error.
fn shows(community: &Community, theirs: PostId) {
    let shown = posts(community);
    let texts: Vec<_> = shown.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(texts, ["圏外です。", "花子です。直しました。", "退職して一年になりました。"]);
    assert_eq!((shown[0].delivery, shown[0].comments), (Delivery::Pending, 1));
    assert_eq!((shown[2].comments, shown[2].reactions[0].count, shown[2].bookmarked), (2, 1, true));
    assert_eq!(community.post(theirs, 50).unwrap().unwrap().comments.len(), 2);
    assert_eq!(community.search(Selection::All, "圏外").unwrap().posts.len(), 1, "what waits is found as well");
    assert_eq!(community.own_profile().unwrap().fields[&ProfileField::Employer].value, "株式会社みらい");
    assert_ne!(community.groups().unwrap()[0].belonging, Belonging::Outside);
    assert_eq!(community.needs_attention().unwrap(), []);
}

both_engines! {
    async fn r8_reading_searching_writing_and_answering_need_no_server(place: Place) {
        let mut scene = Scene::at(&place).await;
        let (theirs, own, group) = before(&scene).await;
        scene.server.kill().await;
        scene.hanako.restart().await;
        reads(&scene.hanako.community(), theirs);
        let written = writes(&scene.hanako.community(), theirs, own, group);
        shows(&scene.hanako.community(), theirs);
        let waits = |status: &SyncStatus| status.reach == Reach::Offline && status.waiting == written;
        scene.hanako.status("all of it to wait for a server", waits).await;
        scene.hanako.restart().await;
        shows(&scene.hanako.community(), theirs);
        scene.server.start_again().await;
        scene.assert_all_alike().await;
        scene.hanako.status("nothing to wait any more", |status| status.waiting == 0).await;
        assert_eq!(scene.hanako.community().needs_attention().unwrap(), []);
    }
}
