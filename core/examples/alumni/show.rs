//! Printing what the core gives.

use crate::words::{Failure, Words};
use chrono::{DateTime, Local};
use enishi_core::{
    Community,
    account::link::InvitationLink,
    attention::Attention,
    client::AccountView,
    consents::ConsentView,
    feed::{Delivery, FeedPost, FeedWindow, PostPage},
    groups::{Belonging, GroupView},
    invitations::InvitationView,
    media::Upload,
    membership::MemberView,
    messages::{ConversationView, MessageView, MessageWindow},
    notifications::Notification,
    polls::PollView,
    sync::engine::Reach,
    welcome::{FirstStep, WelcomeView},
};
use enishi_protocol::{
    Stream,
    account::{ApprovalView, Notice, NoticeEvent, OwnRecovery},
    invitations::InvitationPreview,
    media::{Attachment, AttachmentKind},
    moderation::Hidden,
    notifications::{NotificationKind, NotificationSettings},
    polls,
    session::Device,
};
use uuid::Uuid;

/// The end of an id, which is random and so names a thing well enough on a screen.
pub(crate) fn short(id: Uuid) -> String {
    let text = id.simple().to_string();
    text[text.len() - 8..].to_owned()
}

pub(crate) fn time(us: i64) -> String {
    DateTime::from_timestamp_micros(us)
        .map_or_else(String::new, |at| at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string())
}

pub(crate) fn account(words: Words, account: &AccountView) {
    let state = if account.signed_in { "" } else { words.of("（サインアウト中）", " (signed out)") };
    println!("{} {}{state}", account.address, account.server);
    for membership in &account.memberships {
        println!("  {}  {}  [{}]", membership.name, membership.community, membership.standing.as_str());
    }
}

pub(crate) fn device(words: Words, device: &Device) {
    let this = if device.this { words.of("（これ）", " (this one)") } else { "" };
    println!("{}  {}{this}  {}", device.id, device.name, time(device.seen_us));
}

pub(crate) fn approval(words: Words, device: &ApprovalView) {
    let network = match device.same_network {
        Some(true) => words.of("同じネットワークから", "from this network"),
        Some(false) => words.of(
            "別のネットワークから（ご自身の端末か確かめてください）",
            "from another network: make sure it is yours",
        ),
        None => "",
    };
    println!("{}  {}  {network}", device.device_name, time(device.asked_us));
}

pub(crate) fn recovery(words: Words, recovery: &OwnRecovery) {
    let until = recovery.until_us.map(|us| format!("{} {}", words.of("まで", "until"), time(us))).unwrap_or_default();
    println!("{}  {}  [{}] {until}", recovery.id, recovery.name, recovery.state.as_str());
}

pub(crate) fn notice(words: Words, notice: &Notice) {
    let text = match &notice.event {
        NoticeEvent::NewDevice { device } => {
            format!("{}: {device}", words.of("新しい端末のサインイン", "A new device signed in"))
        }
        NoticeEvent::AddressAdded { address } => {
            format!("{}: {address}", words.of("アドレスの追加", "An address was added"))
        }
        NoticeEvent::AddressRemoved { address } => {
            format!("{}: {address}", words.of("アドレスの削除", "An address was removed"))
        }
        NoticeEvent::RecoveryCodeMade => words.of("リカバリーコードが作られました", "A recovery code was made").into(),
        NoticeEvent::RecoveryCodeUsed { device } => {
            format!("{}: {device}", words.of("リカバリーコードが使われました", "The recovery code was used"))
        }
        NoticeEvent::RecoveryAsked { recovery, name, until_us, .. } => format!(
            "{}: {name}  {}  stop-recovery {recovery}",
            words.of("参加の引き継ぎの申し出", "Somebody says that your membership is theirs"),
            until_us.map(time).unwrap_or_default()
        ),
        NoticeEvent::RecoveryStopped { name } => {
            format!("{}: {name}", words.of("引き継ぎは止められました", "The recovery was stopped"))
        }
        NoticeEvent::MembershipMoved { name } => {
            format!("{}: {name}", words.of("参加は別のアカウントに移りました", "The membership has gone over"))
        }
        NoticeEvent::Unknown => {
            words.of("お知らせがあります（アプリを新しくしてください）", "There is news: update").into()
        }
    };
    println!("{}  {text}", time(notice.at_us));
}

pub(crate) fn preview(words: Words, link: &InvitationLink, preview: &InvitationPreview) {
    let server = link.server.as_ref().map(|server| server.host().to_owned()).unwrap_or_default();
    println!("{} {server}", words.of("サーバー:", "Server:"));
    println!("{} {}", words.of("コミュニティ:", "Community:"), preview.community);
    println!("{} {} [{}]", words.of("招待した人:", "Invited by:"), preview.invited_by.full(), preview.inviter.as_str());
    println!("{} {}", words.of("状態:", "State:"), preview.state.as_str());
    if let Some(fact) = preview.fact {
        println!("{} --fact <{}>", words.of("確かめること:", "To prove:"), fact.as_str());
    }
    println!("{}", words.of("ここでのきまり:", "The rules here:"));
    for rule in &preview.rules {
        println!("  {}. {}", rule.number, rule.text(words.0));
    }
}

pub(crate) fn status(words: Words, community: &Community) {
    let status = community.status();
    let reach = match status.reach {
        Reach::Online => words.of("つながっています", "online").to_owned(),
        Reach::Offline => words.of("オフライン", "offline").to_owned(),
        Reach::Halted(code) => code.message(words.0).to_owned(),
    };
    let whole = if status.whole { "" } else { words.of("（受信中）", " (still arriving)") };
    let (waiting, attention) = (words.of("送信待ち", "waiting"), words.of("確認が必要", "needs attention"));
    println!(
        "{}: {reach}{whole}  {waiting} {}  {attention} {}",
        community.membership().name,
        status.waiting,
        status.attention
    );
}

pub(crate) fn conversation(words: Words, conversation: &ConversationView) {
    let others = conversation.participants.iter().filter(|participant| !participant.own);
    let names: Vec<_> = others.map(|participant| participant.name.as_str()).collect();
    let names = names.join(words.of("、", ", "));
    let title = conversation.title.as_ref().map_or(names.clone(), |title| format!("{title} ({names})"));
    let asked = if conversation.asked_by.is_some() { words.of("（リクエスト）", " (request)") } else { "" };
    let muted = if conversation.muted { " 🔕" } else { "" };
    let unread = if conversation.unread > 0 { format!("  +{}", conversation.unread) } else { String::new() };
    println!("[{}] {title}{asked}{muted}{unread}{}", short(conversation.id.0), delivery(words, conversation.delivery));
    if let Some(newest) = &conversation.newest {
        println!("  {}", newest.text.lines().next().unwrap_or_default());
    }
}

pub(crate) fn messages(words: Words, window: &MessageWindow) {
    conversation(words, &window.conversation);
    for shown in &window.messages {
        message(words, shown);
    }
    if window.filling {
        println!("{}", words.of("（古いメッセージを受信中）", "(older messages are still arriving)"));
    }
}

pub(crate) fn message(words: Words, message: &MessageView) {
    let author = message.author_name.as_deref().unwrap_or("?");
    let edited = if message.edited { words.of("（編集済み）", " (edited)") } else { "" };
    let (at, state) = (time(message.created_us), delivery(words, message.delivery));
    println!("── {author}  {at}{edited}  [{}]{state}", short(message.id.0));
    println!("{}", message.text);
}

pub(crate) fn window(words: Words, window: &FeedWindow) {
    for shown in window.posts.iter().rev() {
        post(words, shown);
    }
    if window.filling {
        println!("{}", words.of("（古い投稿を受信中）", "(older posts are still arriving)"));
    }
}

pub(crate) fn post(words: Words, post: &FeedPost) {
    let author = post.author_name.as_deref().unwrap_or("?");
    let place = match post.stream {
        Stream::Group(group) => format!(" #{}", short(group.0)),
        _ => String::new(),
    };
    let edited = if post.edited { words.of("（編集済み）", " (edited)") } else { "" };
    let pinned = if post.pinned { " 📌" } else { "" };
    println!(
        "── {author}  {}{place}{pinned}{edited}  [{}]{}",
        time(post.created_us),
        short(post.id.0),
        delivery(words, post.delivery)
    );
    match &post.hidden {
        Some(why) => println!("{}", hidden(words, why)),
        None if post.text.is_empty() => {}
        None => println!("{}", post.text),
    }
    attachments("   ", &post.attachments);
    if let Some(shown) = &post.poll {
        poll(words, shown);
    }
    let mut line: Vec<String> = post
        .reactions
        .iter()
        .map(|reaction| format!("{} {}{}", reaction.reaction, reaction.count, if reaction.own { "*" } else { "" }))
        .collect();
    if post.comments > 0 {
        line.push(format!("💬 {}", post.comments));
    }
    if post.bookmarked {
        line.push("🔖".into());
    }
    if !line.is_empty() {
        println!("   {}", line.join("  "));
    }
}

fn poll(words: Words, poll: &PollView) {
    for (number, option) in poll.options.iter().enumerate() {
        let votes = option.votes.map(|votes| format!("  {votes}")).unwrap_or_default();
        println!("   {} {}. {}{votes}", if option.own { "●" } else { "○" }, number + 1, option.text);
    }
    let closes = poll.closes_us.map(|at| format!("  {} {}", words.of("締め切り", "closes"), time(at)));
    println!("   {} {}{}", poll.voters, words.of("人が投票", "voted"), closes.unwrap_or_default());
    if poll.options.iter().all(|option| !option.own) {
        println!("   {}", polls::notice(words.0));
    }
}

fn hidden(words: Words, why: &Hidden) -> String {
    let said = words.of("非表示になりました。きまり", "Hidden. Rule");
    format!("{said} {}: {} ({} {})", why.rule.number, why.rule.text(words.0), why.office.as_str(), why.by_name.full())
}

fn attachments(indent: &str, attachments: &[Attachment]) {
    for attachment in attachments {
        let file = &attachment.file;
        let measure = match (file.kind, file.pages) {
            (AttachmentKind::Pdf, Some(pages)) => format!("PDF, {pages} p."),
            (AttachmentKind::Image, _) if file.width > 0 => format!("{} x {}", file.width, file.height),
            (kind, _) => kind.as_str().to_owned(),
        };
        println!("{indent}📎 [{}] {measure}, {} KB  {}", short(attachment.id.0), file.bytes / 1_000, attachment.alt);
    }
}

pub(crate) fn upload(words: Words, upload: &Upload) {
    let state = match (upload.finished, upload.waits_for_unmetered) {
        (true, _) => words.of("（届きました）", " (arrived)"),
        (false, true) => words.of("（従量制でない回線を待っています）", " (waits for a network that is not metered)"),
        (false, false) => "",
    };
    println!("[{}] {} / {}{state}", short(upload.shown_by.0), upload.sent, upload.total);
}

fn delivery(words: Words, delivery: Delivery) -> String {
    match delivery {
        Delivery::Sent => String::new(),
        Delivery::Pending => words.of("（送信待ち）", " (waiting)").into(),
        Delivery::NeedsAttention(code) => format!(" ⚠ {}", code.message(words.0)),
    }
}

pub(crate) fn page(words: Words, page: &PostPage) {
    post(words, &page.post);
    for comment in &page.comments {
        let author = comment.author_name.as_deref().unwrap_or("?");
        let indent = if comment.reply_to.is_some() { "      " } else { "   " };
        println!(
            "{indent}{author}  {}  [{}]{}",
            time(comment.created_us),
            short(comment.id.0),
            delivery(words, comment.delivery)
        );
        let text = comment.hidden.as_ref().map_or_else(|| comment.text.clone(), |why| hidden(words, why));
        println!("{indent}{text}");
        attachments(indent, &comment.attachments);
    }
}

pub(crate) fn attention(words: Words, item: &Attention) {
    println!("[{}] {}  {}", short(item.id.0), item.kind, item.reason.message(words.0));
    if let Some(yours) = &item.yours {
        println!("   {} {yours}", words.of("あなたの文章:", "Yours:"));
    }
    if let Some(theirs) = &item.theirs {
        println!("   {} {theirs}", words.of("今の文章:", "Now:"));
    }
}

pub(crate) fn notification(words: Words, item: &Notification) {
    let what = match item.kind {
        NotificationKind::Mention => words.of("があなたの名前を挙げました", "mentioned you"),
        NotificationKind::Reply => words.of("が返信しました", "replied to you"),
        NotificationKind::Comment => words.of("がコメントしました", "commented on your post"),
        NotificationKind::GroupInvitation => words.of("がグループに招いています", "invites you to a group"),
        NotificationKind::JoinRequest => words.of("が参加を希望しています", "asks to join"),
        NotificationKind::Decision if item.accepted == Some(true) => {
            words.of("参加できるようになりました", "You were let in")
        }
        NotificationKind::Decision => words.of("今回は参加できませんでした", "You were not let in this time"),
        NotificationKind::Announcement => words.of("からのお知らせ", "has an announcement"),
        NotificationKind::Message => words.of("からメッセージがあります", "wrote a message"),
        NotificationKind::MessageRequest => {
            words.of("がメッセージを送りたいと言っています", "would like to write to you")
        }
    };
    let mark = if item.unread { "●" } else { " " };
    let by = item.by_name.as_deref().unwrap_or_default();
    println!("{mark} {}  {by} {what}: {}", time(item.at_us), item.text);
}

/// What was said about each kind and group; of all else one hears as usual.
pub(crate) fn notification_settings(
    words: Words,
    community: &Community,
    settings: &NotificationSettings,
) -> Result<(), Failure> {
    for (kind, level) in &settings.kinds {
        println!("{kind}: {}", level.as_str());
    }
    let groups = community.groups()?;
    for (id, level) in &settings.groups {
        let name = groups.iter().find(|group| group.id == *id).map_or("", |group| group.name.as_str());
        println!("[{}] {name}: {}", short(id.0), level.as_str());
    }
    let at = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    if let Some(quiet) = settings.quiet {
        println!("{}: {} – {}", words.of("静かな時間", "Quiet"), at(quiet.from), at(quiet.to));
    }
    Ok(())
}

pub(crate) fn welcome(words: Words, view: &WelcomeView) {
    if let Some(text) = &view.text {
        println!("{text}");
    }
    let runs: Vec<&str> = view.runs.iter().map(|member| member.name.as_str()).collect();
    println!("{}: {}", words.of("運営", "Run by"), runs.join(", "));
    for person in &view.people {
        let department = if person.same_department { words.of("同じ所属", "same department") } else { "" };
        println!("   {}  {department} {}", person.member.name, person.years);
    }
    match &view.to_do {
        Some(FirstStep::FillField(field)) => println!("{}: {}", words.of("記入", "Fill in"), field.as_str()),
        Some(FirstStep::ShowField(field)) => println!("{}: {}", words.of("公開先", "Who may see"), field.as_str()),
        Some(FirstStep::AnswerQuestion { post, text, .. }) => {
            println!("{} [{}]: {text}", words.of("答える", "Answer"), short(post.0));
        }
        Some(FirstStep::SayHello { name, .. }) => println!("{}: {name}", words.of("声をかける", "Say hello to")),
        Some(FirstStep::Introduce) => println!("{}", words.of("自己紹介を書く", "Introduce yourself")),
        None => {}
    }
}

pub(crate) fn consent(words: Words, consent: &ConsentView) {
    let given = if consent.given { "●" } else { "○" };
    println!("{given} {}  {}{}", consent.purpose.as_str(), consent.title, delivery(words, consent.delivery));
    println!("   {}", consent.text);
    for held in &consent.receipts {
        let until = held.receipt.withdrawn_us.map(|at| format!(" – {}", time(at))).unwrap_or_default();
        println!("   v{} {}{until}", held.receipt.version, time(held.receipt.given_us));
    }
}

pub(crate) fn member(member: &MemberView) {
    let supporter = if member.supporter { " supporter" } else { "" };
    println!("{}  [{}] {}{supporter}", member.name, short(member.id.0), member.affiliation.as_str());
    for (field, value) in &member.fields {
        println!("   {}: {value}", field.as_str());
    }
}

pub(crate) fn group(words: Words, group: &GroupView) {
    let belonging = match group.belonging {
        Belonging::Member => words.of("参加中", "member"),
        Belonging::Invited => words.of("招待されています", "invited"),
        Belonging::Requested => words.of("承認待ち", "requested"),
        Belonging::Outside => "",
    };
    let members = group.members.map(|members| format!(" ({members})")).unwrap_or_default();
    let closed =
        if group.closed_to_staff { words.of("（人事は入れません）", " (closed to staff)") } else { "" };
    println!("{}{members}  [{}] {}{closed}  {belonging}", group.name, short(group.id.0), group.joining.as_str());
    if !group.description.is_empty() {
        println!("   {}", group.description);
    }
}

pub(crate) fn invitation(words: Words, community: &Community, invitation: &InvitationView) {
    let link = invitation.code.as_ref().map(|code| community.link_to(code)).unwrap_or_default();
    let revoked = if invitation.revoked { words.of("（取り消し済み）", " (taken back)") } else { "" };
    println!(
        "[{}] {} {}/{}{revoked}{}  {link}",
        short(invitation.id.0),
        invitation.note,
        invitation.used,
        invitation.uses,
        delivery(words, invitation.delivery)
    );
    for member in &invitation.joined {
        println!("  <- {}", short(member.0));
    }
}
