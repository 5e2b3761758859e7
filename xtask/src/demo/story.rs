//! The story itself, chapter by chapter. Each step checks what it tells.

use super::{
    Failed, accounts,
    company::{self, Leaver},
    invitations, media, messages, moderation, people,
    phone::{self, Phone},
    recovery, same,
    server::Server,
    tell::{bytes, chapter, line, time},
};
use enishi_core::{
    feed::{self, Delivery, FeedPost, Selection},
    invitations::NewInvitation,
};
use enishi_protocol::{CommunityId, PostId, Stream, feed::PostKind};
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    time::{Duration, Instant, SystemTime},
};

pub(super) const OWNER: &str = "jinji@aomine.example.jp";
const WORD: &str = "退職";

/// Tells everything, and returns the community in which it happened.
pub(super) async fn tell(server: &Server, folder: &Path) -> Result<CommunityId, Failed> {
    println!("縁 Enishi — {}", company::NAME);
    let community = found_community(server, folder).await?;
    let url = server.start().await?;
    line(&format!("サーバーを起動しました: {url}"), &format!("The server is up: {url}"));

    let [first, second] = company::heroes();
    let misaki = joins_by_hr(server, &url, folder, community, &first).await?;
    let tatsuya = joins_by_colleague(server, &url, folder, &misaki, &second).await?;
    let written = goes_offline(&misaki, &tatsuya).await?;
    let alone = loses_server(server, &misaki).await?;
    comes_back(server, &misaki, &tatsuya, &[written, alone].concat()).await?;
    media::posts_a_photograph(&misaki, &tatsuya).await?;
    media::sends_what_would_harm(&misaki, &tatsuya).await?;
    accounts::tell(server, &url, folder, &misaki).await?;
    let place = moderation::Place { server, url: &url, folder, community, owner_address: OWNER };
    moderation::keeps_safe(&place, &misaki, &tatsuya).await?;
    messages::tell(server, folder, &misaki, &tatsuya).await?;
    people::tell(server, folder, community, (&misaki, &tatsuya)).await?;
    let reader = invitations::tell(&place).await?;
    recovery::goes_over(&place, reader).await?;
    let repeated = misaki.meter().repeated() + tatsuya.meter().repeated();
    line(
        &format!(
            "この話の電話はみな、同期のほかに何かを変える呼び出しをするたび、最初の返事を失い、呼び直しました（中野さんと小口さんだけで{repeated}回）。それでも上のとおりです"
        ),
        &format!(
            "Every phone of this story lost the first reply to each call outside sync that changes something, and called again ({repeated} times by these two alone); all of the above came out so"
        ),
    );
    misaki.close().await;
    tatsuya.close().await;
    Ok(community)
}

async fn found_community(server: &Server, folder: &Path) -> Result<CommunityId, Failed> {
    chapter("会社がコミュニティを開きます", "A company opens its community");
    let created = server.run([
        "community",
        "create",
        "--name",
        company::NAME,
        "--owner-address",
        OWNER,
        "--owner-name",
        "人事 窓口",
    ]);
    let id: CommunityId = created.await?.parse()?;
    let files = folder.join("company");
    fs::create_dir_all(&files)?;

    let leavers = files.join("leavers-cp932.csv");
    fs::write(&leavers, company::registry::csv())?;
    let started = Instant::now();
    let place = leavers.to_string_lossy().into_owned();
    let said = server.run(["registry", "import", "--community", &id.to_string(), "--file", &place]).await?;
    let counts = said.lines().last().unwrap_or_default();
    if !counts.starts_with("added 5000,") {
        return Err(format!("the registry took other rows than it should: {counts}").into());
    }
    let refused = said.lines().filter(|line| line.starts_with("line ")).count();
    line(
        &format!(
            "退職者5,000名の名簿（CP932のCSV）を取り込みました。読めない{refused}行は理由とともに残しました（{}）",
            time(started.elapsed())
        ),
        &format!(
            "The registry of 5,000 leavers came from a CP932 CSV; {refused} rows that cannot be read were named with the reason"
        ),
    );

    let archive = files.join("archive.jsonl");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let mut lines = String::new();
    for record in company::archive(i64::try_from(now.as_micros())?) {
        writeln!(lines, "{}", serde_json::to_string(&record)?)?;
    }
    fs::write(&archive, lines)?;
    let started = Instant::now();
    let place = archive.to_string_lossy().into_owned();
    let said = server.run(["import", "--community", &id.to_string(), "--file", &place]).await?;
    let said = said.lines().last().unwrap_or_default();
    line(
        &format!("二年分の会話を前の道具から移しました: {said}（{}）", time(started.elapsed())),
        "Two years of conversation were brought along from the former tool",
    );
    Ok(id)
}

async fn joins_by_hr(
    server: &Server,
    url: &str,
    folder: &Path,
    community: CommunityId,
    leaver: &Leaver,
) -> Result<Phone, Failed> {
    let name = &leaver.name.0;
    chapter(&format!("{name}さんが人事の招待で参加します"), "Misaki Nakano joins by an invitation from HR");
    let arguments = ["invite", "--community", &community.to_string(), "--employee-number", &leaver.number];
    let link = server.run(arguments).await?;
    line(&format!("人事からの招待: {link}"), "HR's invitation, for her entry in the registry");
    let mut phone = Phone::sign_in(server, url, folder, leaver).await?;
    line(
        "メールの6桁のコードでサインインし、生年月日で本人と確かめました",
        "She signed in by the code from her mail and proved who she is by her date of birth",
    );
    let seen = phone.join(&link, leaver).await?;
    line(
        &format!("最初の画面まで{}。空の端末から、書いた人の名前がそろった投稿が並びました", time(seen)),
        &format!("First screen after {}: from an empty phone to posts with their authors", time(seen)),
    );
    tell_synced(&phone).await?;
    Ok(phone)
}

async fn tell_synced(phone: &Phone) -> Result<(), Failed> {
    let took = phone.in_step().await?;
    let posts = phone.window(100_000)?.posts.len();
    let (sent, received) = phone.bytes();
    line(
        &format!(
            "続く{}で{posts}件の投稿がすべて手元に届きました（受信{}、送信{}、圧縮前）",
            time(took),
            bytes(received),
            bytes(sent)
        ),
        &format!(
            "All {posts} posts were on the phone {} later ({} received, {} sent, before compression)",
            time(took),
            bytes(received),
            bytes(sent)
        ),
    );
    Ok(())
}

async fn joins_by_colleague(
    server: &Server,
    url: &str,
    folder: &Path,
    inviter: &Phone,
    leaver: &Leaver,
) -> Result<Phone, Failed> {
    let name = &leaver.name.0;
    chapter(
        &format!("{}さんが元同僚の{name}さんを招きます", inviter.owner.family),
        "She invites a former colleague, Tatsuya Oguchi",
    );
    let note = format!("元第二設計部の{name}さん");
    let made = inviter.community()?.invite(&NewInvitation { note, ..NewInvitation::default() })?;
    inviter.in_step().await?;
    let mut phone = Phone::sign_in(server, url, folder, leaver).await?;
    let seen = phone.join(&made.link, leaver).await?;
    line(
        &format!("{name}さんも参加しました。最初の画面まで{}", time(seen)),
        &format!("He joined, too; first screen after {}", time(seen)),
    );
    tell_synced(&phone).await?;
    Ok(phone)
}

/// One phone loses its network and its owner goes on. Returns the posts written.
async fn goes_offline(online: &Phone, offline: &Phone) -> Result<Vec<PostId>, Failed> {
    let name = &offline.owner.family;
    chapter(
        &format!("{name}さんの電車が山に入り、圏外になります"),
        "His train enters the mountains, and the network is gone",
    );
    offline.set_online(false);
    let community = offline.community()?;
    let newest = offline.window(50)?;
    let read = newest.posts.first().ok_or("the feed is empty")?.clone();
    line(
        &format!("圏外のまま{}件を読みました。いちばん新しいのは「{}」", newest.posts.len(), beginning(&read)),
        &format!("Offline he read {} posts", newest.posts.len()),
    );
    let (hits, took) = search(offline).await?;
    line(
        &format!("「{WORD}」を探すと{hits}件（{}）", time(took)),
        &format!("A search for {WORD} (leaving a company) found {hits} posts in {}", time(took)),
    );
    let post = community.write_post(
        Stream::Community,
        PostKind::Text,
        "小口です。岡谷から松本へ向かう電車の中で書いています。退職して五年、流量計の音がまだ耳に残っています。近くの方、蕎麦でもいかがですか。",
        &[],
    )?;
    community.write_comment(
        read.id,
        None,
        "電車の中から失礼します。いい話ですね、着いたらゆっくり返事を書きます。",
        &[],
    )?;
    community.react(read.id, "👍", true)?;
    let pending = offline.window(5)?.posts.iter().filter(|post| post.delivery == Delivery::Pending).count();
    let waiting = community.status().waiting;
    if pending != 1 || waiting != 3 {
        return Err(format!("offline, {pending} posts were pending and {waiting} writes waited").into());
    }
    line(
        "投稿し、コメントし、👍を押しました。すぐ画面に出て、送信待ちの印がついています（3件）",
        "He posted, commented and left a 👍: all on the screen at once, marked as waiting",
    );

    let theirs = online.community()?.write_post(
        Stream::Community,
        PostKind::Question,
        "品質保証課にいた方へ質問です。退職した会社の校正証明書を監査で求められたことはありますか。",
        &[],
    )?;
    online.community()?.write_comment(read.id, None, "私もそう思います。続きを聞かせてください。", &[])?;
    online.community()?.react(read.id, "👍", true)?;
    online.in_step().await?;
    line(
        &format!("そのあいだに{}さんも同じ投稿にコメントし、質問を投稿しました", online.owner.family),
        "Meanwhile she commented on the same post and asked a question of her own",
    );
    Ok(vec![post, theirs])
}

/// Searches until the index that is built behind the first sync has words to find.
async fn search(phone: &Phone) -> Result<(String, Duration), Failed> {
    let community = phone.community()?;
    for _ in 0..500 {
        let started = Instant::now();
        let hits = feed::search(community.store(), community.id(), Selection::All, WORD)?;
        let took = started.elapsed();
        if !hits.posts.is_empty() {
            let more = if hits.ended.is_some() { "+" } else { "" };
            return Ok((format!("{}{more}", hits.posts.len()), took));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("nothing was found for {WORD}").into())
}

/// The server is killed while a phone writes. Returns the posts written.
async fn loses_server(server: &Server, phone: &Phone) -> Result<Vec<PostId>, Failed> {
    chapter("サーバーの電源が落ちます（kill -9）", "The server loses power (kill -9)");
    let community = phone.community()?;
    let last = community.write_post(
        Stream::Community,
        PostKind::Text,
        "この投稿を送っている最中に、サーバーの電源が落ちました。届いても届かなくても、書いたものは残るはずです。",
        &[],
    )?;
    server.kill().await?;
    let alone = community.write_post(
        Stream::Community,
        PostKind::Text,
        "サーバーがいない間に書いています。いつもどおり書けるのが不思議です。",
        &[],
    )?;
    let shown = phone.window(5)?.posts.iter().filter(|post| [last, alone].contains(&post.id)).count();
    if shown != 2 {
        return Err("a post vanished when the server was killed".into());
    }
    line(
        &format!("{}さんは気づかず書き続けます。二つの投稿は画面に残っています", phone.owner.family),
        "She does not notice and goes on writing; both posts stay on her screen",
    );
    Ok(vec![last, alone])
}

async fn comes_back(server: &Server, one: &Phone, other: &Phone, written: &[PostId]) -> Result<(), Failed> {
    chapter("サーバーが戻り、電車が山を出ます", "The server is back, and the train leaves the mountains");
    let before = other.bytes();
    server.start().await?;
    let caught_up = one.in_step().await?;
    other.set_online(true);
    let sent = other.in_step().await?;
    one.in_step().await?;
    other.in_step().await?;
    line(
        &format!(
            "{}さんは{}、{}さんは{}で追いつきました",
            one.owner.family,
            time(caught_up),
            other.owner.family,
            time(sent)
        ),
        &format!("She was in step after {}, he after {}", time(caught_up), time(sent)),
    );
    let after = other.bytes();
    line(
        &format!("圏外の間の分は、受信{}、送信{}", exact(after.1 - before.1), exact(after.0 - before.0)),
        &format!("Catching up took {} received and {} sent", exact(after.1 - before.1), exact(after.0 - before.0)),
    );
    for phone in [one, other] {
        let posts = phone.window(100)?.posts;
        for post in written {
            if posts.iter().filter(|held| held.id == *post).count() != 1 {
                return Err(format!("post {post} is not there exactly once").into());
            }
        }
    }
    let same = same::compare(one, other)?;
    line(
        &format!(
            "二台の端末は同じです: 投稿{}、コメント{}、メンバー{}を一つずつ比べました。失われたものも、二重になったものもありません",
            same.posts, same.comments, same.members
        ),
        &format!(
            "Both phones hold the same: {} posts, {} comments, {} members compared one by one; nothing lost, nothing twice",
            same.posts, same.comments, same.members
        ),
    );
    Ok(())
}

/// How whoever watched can go on by themselves.
pub(super) async fn invite_to_try(server: &Server, folder: &Path, community: CommunityId) -> Result<(), Failed> {
    let [first, second] = company::heroes();
    let url = server.url().await;
    chapter("このまま触ってみてください（Ctrl-Cで終わります）", "Now try it yourself (Ctrl-C ends it)");
    println!("  server    {url}");
    println!("  mailbox   {}", server.mailbox().display());
    println!("  addresses {OWNER} (HR), {}, {}", phone::address(&first), phone::address(&second));
    println!("  files     {}", folder.join("company").display());
    println!();
    println!("  サインインのコードはmailboxに届きます / sign-in codes arrive in the mailbox:");
    let alumni = "cargo run -q -p enishi-core --example alumni -- --data .demo/alumni";
    println!("    {alumni} sign-in {url} {}", phone::address(&second));
    println!("    {alumni} read");
    println!("    {alumni} search {WORD}");
    println!("    {alumni} offline   # read, post, search; then: online, sync");
    println!("  もう一人招くには / to invite somebody else:");
    println!("    {}", server.shown(&format!("invite --community {community} --counted 10")).await);
    Ok(())
}

fn beginning(post: &FeedPost) -> String {
    let line = post.text.lines().next().unwrap_or_default();
    let mut start: String = line.chars().take(24).collect();
    if start.len() < line.len() {
        start.push('…');
    }
    start
}

fn exact(count: u64) -> String {
    format!("{count} bytes")
}
