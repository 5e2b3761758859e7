//! Stories of the driver and the client, against a small server in memory.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

mod fake_server;

use enishi_core::{
    Client, ClientConfig, Community, Error,
    account::AccountKey,
    client::OnSignOut,
    feed::{Around, Selection},
    secrets::MemorySecretStore,
    surroundings::{RealSurroundings, Surroundings},
    sync::{engine::Reach, status::SyncStatus},
};
use enishi_protocol::{
    ErrorCode, Operation, Stream,
    feed::{PostKind, PostWriting},
};
use fake_server::{COMMUNITY, FakeServer, Network};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// Waits after a failure take no time here.
struct Impatient;

impl Surroundings for Impatient {
    fn now_us(&self) -> i64 {
        RealSurroundings.now_us()
    }

    fn random(&self, bytes: &mut [u8]) {
        if bytes.len() == 4 { bytes.fill(0) } else { RealSurroundings.random(bytes) }
    }
}

/// A phone in somebody's hand: what is on its disk stays when the app ends.
struct Phone {
    server: FakeServer,
    secrets: Arc<MemorySecretStore>,
    folder: PathBuf,
}

impl Phone {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("enishi-driving-{}", uuid::Uuid::new_v4()));
        Self { server: FakeServer::default(), secrets: Arc::default(), folder }
    }

    fn start(&self) -> Client {
        Client::open(self.config()).expect("opens")
    }

    fn config(&self) -> ClientConfig {
        let transports = Arc::new(self.server.clone());
        ClientConfig::over(&self.folder, self.secrets.clone(), transports).surroundings(Arc::new(Impatient))
    }

    async fn sign_in(&self, client: &Client) -> AccountKey {
        let server = "alumni.example.jp".parse().expect("server");
        let sent = client.sign_in(&server, "hanako@example.jp").await.expect("a code is sent");
        client.finish_sign_in(sent.attempt, "123456").await.expect("signed in")
    }

    async fn signed_in(&self) -> (Client, Community) {
        let client = self.start();
        let account = self.sign_in(&client).await;
        let community = client.community(account, COMMUNITY).expect("a member");
        community.in_step(&CancellationToken::new()).await.expect("in step");
        (client, community)
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn post(community: &Community, text: &str) {
    let (stream, kind, mentions) = (Stream::Community, PostKind::Text, Vec::new());
    let writing = PostWriting { stream, kind, text: text.into(), mentions, poll: None, attachments: Vec::new() };
    community.write(Operation::WritePost(writing), None).expect("written");
}

fn held(community: &Community) -> usize {
    community.store().held(COMMUNITY, Stream::Community).expect("reads").len()
}

async fn until(community: &Community, what: &str, is: impl Fn(&SyncStatus) -> bool) -> SyncStatus {
    let mut status = community.follow_status();
    let waited = tokio::time::timeout(Duration::from_secs(30), status.wait_for(|status| is(status))).await;
    *waited.unwrap_or_else(|_| panic!("never {what}: {:?}", community.status())).expect("the driver lives")
}

async fn until_held(community: &Community, posts: usize) {
    let mut changes = community.follow_changes();
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while held(community) != posts {
            changes.changed().await.expect("the driver lives");
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never {posts} posts but {}", held(community)));
}

#[tokio::test]
async fn a_post_written_offline_is_sent_when_the_network_comes() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    client.set_online(false);
    until(&community, "offline", |status| status.reach == Reach::Offline).await;
    post(&community, "電車の中から");
    assert_eq!(until(&community, "waiting", |status| status.waiting == 1).await.attention, 0);
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::Offline));
    assert_eq!(phone.server.posts(), 0);
    client.set_online(true);
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!((phone.server.posts(), held(&community), community.status().waiting), (1, 1, 0));
    client.close().await;
}

#[tokio::test]
async fn a_post_written_offline_survives_a_kill() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    client.set_online(false);
    post(&community, "書いてすぐに電源が切れた");
    drop((client, community));
    let client = loop {
        // The former app's task lets go of the folder when the runtime gets to it.
        match Client::open(phone.config()) {
            Err(Error::InUse) => tokio::task::yield_now().await,
            opened => break opened.expect("opens"),
        }
    };
    let community = client.communities().pop().expect("a community");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!((phone.server.posts(), held(&community)), (1, 1));
    client.close().await;
}

#[tokio::test]
async fn a_post_whose_answer_is_lost_is_accepted_once() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().network = Network::LosesAnswers;
    post(&community, "届いたかな");
    until(&community, "offline", |status| status.reach == Reach::Offline && status.waiting == 1).await;
    phone.server.world().network = Network::Up;
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!((phone.server.posts(), held(&community)), (1, 1));
    client.close().await;
}

#[tokio::test]
async fn a_hotels_network_signs_nobody_out() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().network = Network::Portal;
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::Offline));
    assert_eq!(community.status().reach, Reach::Offline);
    assert!(client.accounts()[0].signed_in);
    phone.server.world().network = Network::Up;
    community.in_step(&CancellationToken::new()).await.expect("in step");
    client.close().await;
}

#[tokio::test]
async fn signing_in_again_sends_what_was_written_while_signed_out() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().refuses = Some(ErrorCode::SignedOut);
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::SignedOut));
    post(&community, "まだここにいます");
    until(&community, "signed out", |status| {
        status.reach == Reach::Halted(ErrorCode::SignedOut) && status.waiting == 1
    })
    .await;
    phone.server.world().refuses = None;
    phone.sign_in(&client).await;
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!((phone.server.posts(), held(&community)), (1, 1));
    client.close().await;
}

#[tokio::test]
async fn the_end_of_a_former_session_does_not_end_the_present_one() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().network = Network::KeepsSyncsBack;
    phone.server.world().refuses = Some(ErrorCode::SignedOut);
    community.push();
    let under_way = async {
        while phone.server.world().kept_back == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), under_way).await.expect("it is under way");
    phone.server.world().refuses = None;
    phone.sign_in(&client).await;
    phone.server.let_go();
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!(community.status().reach, Reach::Online);
    client.close().await;
}

#[tokio::test]
async fn an_app_that_is_too_old_says_so_and_sends_what_was_written_once_it_is_updated() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().refuses = Some(ErrorCode::UpgradeRequired);
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::UpgradeRequired));
    post(&community, "更新を待っています");
    until(&community, "too old", |status| {
        status.reach == Reach::Halted(ErrorCode::UpgradeRequired) && status.waiting == 1
    })
    .await;
    let asked = phone.server.world().syncs;
    client.set_online(false);
    client.set_online(true);
    community.push();
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::UpgradeRequired));
    assert_eq!(phone.server.world().syncs, asked, "it does not go on asking");
    drop(community);
    client.close().await;
    phone.server.world().refuses = None;
    let client = phone.start();
    let community = client.communities().pop().expect("a community");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!((phone.server.posts(), held(&community)), (1, 1));
    drop(community);
    client.close().await;
}

#[tokio::test]
async fn nothing_that_says_who_somebody_is_lies_open_on_the_disk() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    post(&community, "ここだけの話");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    community.store().tidy().expect("tidies");
    drop(community);
    client.close().await;
    let (mut folders, mut files) = (vec![phone.folder.clone()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("reads") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).expect("reads");
            for secret in [fake_server::TOKEN, "hanako@example.jp", "ここだけの話", "post.write"] {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{secret} is in {}", path.display());
            }
        }
    }
    assert!(files >= 3, "there are files to look into");
}

#[tokio::test]
async fn a_membership_that_ended_leaves_nothing_readable_and_loses_no_text() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.somebody_posts("内輪の話");
    until_held(&community, 1).await;
    phone.server.world().refuses = Some(ErrorCode::MembershipEnded);
    post(&community, "さようなら");
    let ended = |status: &SyncStatus| status.attention == 1;
    assert_eq!(until(&community, "ended", ended).await.waiting, 0);
    assert_eq!(held(&community), 0);
    client.close().await;
}

#[tokio::test]
async fn what_others_post_arrives_by_itself_and_again_after_the_connection_ended() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    until(&community, "live", |status| status.live).await;
    let asked = phone.server.world().syncs;
    phone.server.somebody_posts("お久しぶりです");
    until_held(&community, 1).await;
    assert_eq!(phone.server.world().syncs, asked, "without asking");
    client.set_foreground(false);
    until(&community, "not live", |status| !status.live).await;
    phone.server.somebody_posts("誰もいないのかな");
    client.set_foreground(true);
    until_held(&community, 2).await;
    client.close().await;
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_has_ended() {
    let phone = Phone::new();
    let client = phone.start();
    assert_eq!(Client::open(phone.config()).expect_err("in use"), Error::InUse);
    client.close().await;
    phone.start().close().await;
}

#[tokio::test]
async fn signing_out_keeps_what_is_here_or_removes_it_as_chosen() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    post(&community, "下書きではなく投稿");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    let account = community.account();
    client.sign_out(account, OnSignOut::Keep).await.expect("signed out");
    until(&community, "signed out", |status| status.reach == Reach::Halted(ErrorCode::SignedOut)).await;
    assert!(!client.accounts()[0].signed_in);
    assert_eq!(held(&community), 1);
    client.sign_out(account, OnSignOut::Remove).await.expect("removed");
    assert!(client.accounts().is_empty() && client.communities().is_empty());
    assert!(!phone.folder.join("accounts").join(account.to_string()).exists());
    client.close().await;
}

#[tokio::test]
async fn nothing_is_sent_after_the_client_is_closed() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    client.close().await;
    let asked = phone.server.world().syncs;
    post(&community, "閉じたあと");
    assert_eq!(community.sync_now(&CancellationToken::new()).await, Err(Error::Cancelled));
    assert_eq!(phone.server.world().syncs, asked);
    assert!(!phone.server.is_followed_live());
}

#[tokio::test]
async fn waiting_for_the_network_can_be_cancelled() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    client.set_online(false);
    let cancel = CancellationToken::new();
    let waiting = tokio::spawn({
        let (community, cancel) = (community.clone(), cancel.clone());
        async move { community.in_step(&cancel).await }
    });
    until(&community, "offline", |status| status.reach == Reach::Offline).await;
    cancel.cancel();
    assert_eq!(waiting.await.expect("ends"), Err(Error::Cancelled));
    client.close().await;
}

#[tokio::test]
async fn what_was_written_while_the_server_was_away_is_sent_when_it_is_back() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    phone.server.world().network = Network::Down;
    post(&community, "サーバーが落ちている間に");
    until(&community, "offline", |status| status.reach == Reach::Offline).await;
    assert_eq!(phone.server.posts(), 0);
    phone.server.world().network = Network::Up;
    community.push();
    until_held(&community, 1).await;
    client.close().await;
}

#[tokio::test]
async fn a_damaged_store_is_set_aside_and_everything_comes_back() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    post(&community, "大切な思い出");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    let account = community.account();
    drop(community);
    client.close().await;
    let store = phone.folder.join("accounts").join(account.to_string()).join("store.db");
    std::fs::write(&store, vec![7; 8192]).expect("damaged");
    let client = phone.start();
    let (of, salvage) = client.salvaged().pop().expect("the member is told");
    assert!(of == account && salvage.set_aside.exists());
    let community = client.community(account, COMMUNITY).expect("still a member");
    community.in_step(&CancellationToken::new()).await.expect("in step");
    assert_eq!(held(&community), 1);
    client.close().await;
}

#[tokio::test]
async fn what_arrived_is_found_by_its_words_and_a_screen_follows_it() {
    let phone = Phone::new();
    let (client, community) = phone.signed_in().await;
    let mut feed = community.follow_feed(Selection::All, Around::Newest, 50).expect("follows");
    assert!(feed.latest().posts.is_empty());
    phone.server.somebody_posts("退職してから三年になります");
    let window = tokio::time::timeout(Duration::from_secs(30), feed.next()).await.expect("in time").expect("a window");
    assert_eq!(window.posts.len(), 1);
    assert_eq!(community.search(Selection::All, "退職").expect("searches").posts.len(), 1);
    assert!(community.search(Selection::All, "入社").expect("searches").posts.is_empty());
    client.close().await;
}
