//! Blocks: neither sees the other, and whoever is blocked cannot tell.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories are tests")]

use enishi_core::{
    Community, Error,
    feed::{SearchHits, Selection, Unread},
    moderation::Readers,
};
use enishi_protocol::{
    CommentId, ErrorCode, GroupId, MemberId, Position, PostId, Stream, feed::PostKind, groups::Joining,
    membership::Role, moderation::Subject,
};
use enishi_tests::{Place, Scene, TestPhone, both_engines, seen::Seen, waiting::in_time};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;

const JIRO: &str = "jiro@example.jp";

/// Everything that a phone's core shows, whatever one asks it.
#[derive(Debug, PartialEq)]
struct Everything {
    seen: Seen,
    found: SearchHits,
    found_by_server: SearchHits,
    unread: Vec<Unread>,
    readers: Vec<Readers>,
    people: Vec<(MemberId, bool)>,
    newcomers: usize,
    attention: usize,
    waiting: usize,
    reports: usize,
    hidden: usize,
    blocked: usize,
    invitations: usize,
    requests: usize,
    kinds: BTreeSet<String>,
}

async fn everything(phone: &TestPhone, people: &[MemberId], group: GroupId) -> Everything {
    let community = phone.community();
    let (feeds, never) = ([Stream::Community, Stream::Group(group)], CancellationToken::new());
    let asked = community.search_older(Selection::All, "山", Position(i64::MAX), &never);
    let mut found_by_server = in_time("the server's hits", asked).await.unwrap();
    found_by_server.posts.iter_mut().for_each(forget_own);
    found_by_server.comments.iter_mut().for_each(|hit| hit.comment.own = false);
    let mut found = community.search(Selection::All, "山").unwrap();
    found.posts.iter_mut().for_each(forget_own);
    let inbox = community.store().held(community.id(), Stream::Member(community.member())).unwrap();
    Everything {
        seen: phone.seen().of_everybody(),
        found,
        found_by_server,
        unread: community.unread().unwrap(),
        readers: feeds.map(|feed| community.readers(feed).unwrap()).to_vec(),
        people: people.iter().map(|id| (*id, community.find_member(*id).unwrap().is_some())).collect(),
        newcomers: community.newcomers(0, 100).unwrap().len(),
        attention: community.needs_attention().unwrap().len(),
        waiting: community.status().waiting,
        reports: community.own_reports().unwrap().len() + community.reports().unwrap().len(),
        hidden: community.own_hidden().unwrap().len() + community.desk_hidden().unwrap().len(),
        blocked: community.blocked().unwrap().len() + community.muted().unwrap().len(),
        invitations: community.own_invitations().unwrap().len(),
        requests: community.join_requests().unwrap().len(),
        kinds: inbox.iter().map(|change| change.kind.as_str().to_owned()).collect(),
    }
}

fn forget_own(post: &mut enishi_core::feed::FeedPost) {
    (post.own, post.bookmarked) = (false, false);
    post.reactions.iter_mut().for_each(|reaction| reaction.own = false);
}

impl Everything {
    /// What it would be if somebody and all that they wrote were not there.
    fn without(mut self, who: MemberId, unread: i64) -> Self {
        let seen = &mut self.seen;
        seen.posts.retain(|post| post.author != who);
        let posts: BTreeSet<PostId> = seen.posts.iter().map(|post| post.id).collect();
        seen.comments.retain(|post, _| posts.contains(post));
        for (post, comments) in &mut seen.comments {
            let theirs: BTreeSet<CommentId> =
                comments.iter().filter(|comment| comment.author == who).map(|comment| comment.id).collect();
            let before = comments.len();
            let hangs =
                |comment: &enishi_core::feed::FeedComment| comment.reply_to.is_some_and(|to| theirs.contains(&to));
            comments.retain(|comment| comment.author != who && !hangs(comment));
            let gone = i64::try_from(before - comments.len()).unwrap();
            seen.posts.iter_mut().filter(|held| held.id == *post).for_each(|held| held.comments -= gone);
        }
        for post in &mut seen.posts {
            post.mentions.retain(|member| *member != who);
        }
        seen.members.retain(|member| member.id != who);
        for (group, members) in &mut seen.group_members {
            let before = members.len();
            members.retain(|member| member.id != who);
            let gone = i64::try_from(before - members.len()).unwrap();
            let held = seen.groups.iter_mut().find(|held| held.id == *group).unwrap();
            held.members = held.members.map(|members| members - gone);
        }
        let posts = seen.posts.clone();
        for found in [&mut self.found, &mut self.found_by_server] {
            found.posts.retain(|post| post.author != who);
            for post in &mut found.posts {
                post.clone_from(posts.iter().find(|held| held.id == post.id).unwrap());
            }
            let shown: BTreeSet<PostId> = posts.iter().map(|post| post.id).collect();
            found.comments.retain(|hit| hit.comment.author != who && shown.contains(&hit.post));
        }
        self.people.iter_mut().filter(|(id, _)| *id == who).for_each(|(_, known)| *known = false);
        self.newcomers -= 1;
        self.readers.iter_mut().for_each(|readers| readers.members -= 1);
        self.unread[0].count -= unread;
        self
    }
}

/// 花子 will block 太郎; 次郎 looks on. All three write, answer each other and are in a group.
struct Town {
    scene: Scene,
    jiro: TestPhone,
    people: Vec<MemberId>,
    group: GroupId,
    of_hanako: PostId,
    of_jiro: PostId,
}

impl Town {
    async fn at(place: &Place) -> Self {
        let scene = Scene::at(place).await;
        scene.server.admit(scene.community, JIRO, "高橋 次郎", Role::Member).await;
        let jiro = scene.fresh(JIRO).await;
        let group = jiro.community().create_group("山の会", "", Joining::Open, false).unwrap();
        jiro.in_step().await;
        for phone in [&scene.hanako, &scene.taro] {
            phone.in_step().await;
            phone.community().join_group(group, "").unwrap();
            phone.in_step().await;
        }
        let of_hanako = scene.hanako.post("花子の山の話");
        scene.hanako.post_in(Stream::Group(group), "会での花子の山の話");
        let people = [&scene.hanako, &scene.taro, &jiro].map(|phone| phone.community().member());
        let of_jiro = jiro.community().write_post(Stream::Community, PostKind::Text, "次郎の山の話", &people).unwrap();
        for phone in [&jiro, &scene.hanako, &scene.taro, &jiro, &scene.hanako] {
            phone.in_step().await;
        }
        let town = Self { scene, jiro, people: people.to_vec(), group, of_hanako, of_jiro };
        for phone in town.phones() {
            let community = phone.community();
            for post in [of_hanako, of_jiro] {
                community.write_comment(post, None, "山ですね", &[]).unwrap();
                community.react(post, "👍", true).unwrap();
            }
        }
        town.all_in_step().await;
        // Under 花子's comment on 次郎's post somebody answers.
        let page = town.jiro.community().post(of_jiro, 100).unwrap().unwrap();
        let above = page.comments.iter().find(|comment| comment.author == people[0]).unwrap().id;
        town.jiro.community().write_comment(of_jiro, Some(above), "花子さんへ", &[]).unwrap();
        town.all_in_step().await;
        town
    }

    fn phones(&self) -> [&TestPhone; 3] {
        [&self.scene.hanako, &self.scene.taro, &self.jiro]
    }

    async fn all_in_step(&self) {
        for _ in 0..2 {
            for phone in self.phones() {
                phone.in_step().await;
            }
        }
    }

    async fn shows(&self, phone: &TestPhone) -> Everything {
        everything(phone, &self.people, self.group).await
    }
}

/// What becomes of wishes about somebody who is not there, and of those that are always taken.
fn tries(community: &Community, member: MemberId, post: PostId) -> Vec<Result<(), Error>> {
    let text = "山はどうでしたか";
    vec![
        community.write_comment(post, None, text, &[]).map(drop),
        community.react(post, "🎉", true).map(drop),
        community.bookmark(post, true).map(drop),
        community.report(Subject::Post(post), 1, "", false).map(drop),
        community.report(Subject::Member(member), 1, "", false).map(drop),
        community.block(member, true).map(drop),
        community.mute(member, true).map(drop),
    ]
}

both_engines! {
    async fn a_blocked_member_cannot_tell(place: Place) {
        let town = Town::at(&place).await;
        let (hanako, taro) = (town.people[0], town.people[1]);
        let before = (town.shows(&town.scene.taro).await, town.shows(&town.jiro).await);
        assert_eq!(before.0.seen, before.1.seen);
        let (unread_of_taro, unread_of_jiro) = (before.0.unread[0].count, before.1.unread[0].count);
        assert_eq!((unread_of_taro, unread_of_jiro), (2, 1));

        town.scene.hanako.community().block(taro, true).unwrap();
        town.all_in_step().await;
        let (of_taro, of_jiro) = (town.shows(&town.scene.taro).await, town.shows(&town.jiro).await);
        assert_eq!(of_jiro, before.1, "whoever looks on sees no difference");
        // 太郎 sees exactly what was there, as if 花子 were not, and nothing else has changed.
        let unread: Vec<_> = before.0.unread.iter().map(|unread| unread.count).collect();
        let mut expected = before.0.without(hanako, 1);
        expected.unread[1].count = unread[1] - 1;
        assert_eq!(of_taro, expected);
        let now: Vec<_> = of_taro.unread.iter().map(|unread| unread.count).collect();
        assert_eq!((unread, now), (vec![2, 1], vec![1, 0]));

        // What he tries about her ends as it does about somebody who never was.
        let community = town.scene.taro.community();
        let nobody = (MemberId(uuid::Uuid::from_u128(7)), PostId(uuid::Uuid::from_u128(7)));
        let (about_her, about_nobody) = (tries(&community, hanako, town.of_hanako), tries(&community, nobody.0, nobody.1));
        assert_eq!(about_her, about_nobody);
        assert!(about_her.iter().all(|tried| *tried == Err(Error::Rejected { code: ErrorCode::NotFound })));
        let history = [town.of_hanako, nobody.1].map(|post| community.post_history(post));
        let [hers, nobodys] = history;
        assert_eq!(in_time("a history", hers).await.unwrap_err(), in_time("a history", nobodys).await.unwrap_err());

        // What is always taken is taken, from him as from 次郎, and comes to nothing.
        for phone in [&town.scene.taro, &town.jiro] {
            let community = phone.community();
            community.write_post(Stream::Community, PostKind::Text, "花子さん、山へ", &[hanako]).unwrap();
            let secret = community.create_group("別の会", "", Joining::Invitation, true).unwrap();
            community.invite_to_group(secret, hanako).unwrap();
            phone.in_step().await;
            let status = community.status();
            assert_eq!((status.waiting, status.attention), (0, 0));
        }
        town.all_in_step().await;
        let shown = town.scene.hanako.seen();
        let authors: BTreeSet<MemberId> = shown.posts.iter().map(|post| post.author).collect();
        assert_eq!(authors, BTreeSet::from([hanako, town.people[2]]), "she sees nothing of his either");
        assert_eq!(shown.groups.iter().filter(|group| group.name == "別の会").count(), 1, "one invitation shows");

        // A phone that he signs in anew shows what his old one does, and so after the end of the block.
        town.scene.taro.seen().assert_same(&town.scene.fresh(enishi_tests::scene::TARO).await.seen());
        town.scene.hanako.community().block(taro, false).unwrap();
        town.all_in_step().await;
        town.scene.taro.seen().assert_same(&town.scene.fresh(enishi_tests::scene::TARO).await.seen());
        let (of_taro, of_jiro) = (town.scene.taro.seen().of_everybody(), town.jiro.seen().of_everybody());
        assert_eq!((of_taro.posts, of_taro.comments, of_taro.members), (of_jiro.posts, of_jiro.comments, of_jiro.members));
        assert!(town.scene.taro.community().post(town.of_hanako, 10).unwrap().is_some());
        assert!(town.scene.hanako.seen().posts.iter().any(|post| post.author == taro), "everything is back");
    }

    async fn a_block_holds_offline_and_on_every_phone_of_its_owner(place: Place) {
        let town = Town::at(&place).await;
        let taro = town.people[1];
        let hanako = &town.scene.hanako;
        hanako.offline();
        hanako.community().block(taro, true).unwrap();
        let comments = |phone: &TestPhone| phone.community().post(town.of_jiro, 100).unwrap().unwrap();
        let page = comments(hanako);
        assert!(page.comments.iter().all(|comment| comment.author != taro));
        assert_eq!(page.post.comments, i64::try_from(page.comments.len()).unwrap());
        let listed = hanako.community().blocked().unwrap();
        assert_eq!(listed.iter().map(|unseen| unseen.name.as_deref()).collect::<Vec<_>>(), [Some("鈴木 太郎")]);
        hanako.online();
        town.all_in_step().await;
        let other = town.scene.fresh(enishi_tests::scene::HANAKO).await;
        hanako.seen().assert_same(&other.seen());
        assert_eq!(other.community().blocked().unwrap().len(), 1);
    }

    async fn a_mute_is_nobody_elses_business(place: Place) {
        let town = Town::at(&place).await;
        let before = (town.shows(&town.scene.taro).await, town.shows(&town.jiro).await);
        town.scene.hanako.community().mute(town.people[1], true).unwrap();
        town.all_in_step().await;
        assert_eq!((town.shows(&town.scene.taro).await, town.shows(&town.jiro).await), before);
        let shown = town.scene.hanako.seen();
        assert!(shown.comments.values().flatten().all(|comment| comment.author != town.people[1]));
        assert!(shown.members.iter().any(|member| member.id == town.people[1]));
    }
}
