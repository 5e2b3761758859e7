//! A chapter about safety: a report, a hiding, an appeal that somebody else decides, and a block that
//! whoever is blocked cannot tell.

use super::{
    Failed,
    company::{self, Leaver},
    phone::Phone,
    server::Server,
    tell::{chapter, line},
};
use enishi_core::feed::Selection;
use enishi_protocol::{
    CommunityId, ErrorCode, PostId, Stream,
    feed::PostKind,
    membership::{PersonName, Role},
    moderation::{AppealState, ReportState, Subject},
};
use std::path::Path;

/// What nobody wants to read about themselves.
const WORDS: &str = "飲み会の連絡は中野さんの携帯へ。番号は090-0000-0000です。";
/// The rule about other people's contact details.
const RULE: i64 = 2;

/// Where it happens, and who is there.
pub(super) struct Place<'a> {
    pub(super) server: &'a Server,
    pub(super) url: &'a str,
    pub(super) folder: &'a Path,
    pub(super) community: CommunityId,
    pub(super) owner_address: &'a str,
}

/// Tells the chapter. Whoever is in it is in step at the end.
pub(super) async fn keeps_safe(place: &Place<'_>, reporter: &Phone, author: &Phone) -> Result<(), Failed> {
    chapter("困った投稿がひとつあります", "One post should not have been written");
    let name = PersonName { family: "人事".into(), given: "窓口".into() };
    let own_folder = place.folder.join("phone on duty");
    let owner = Phone::sign_in_as(place.server, place.url, (&own_folder, name), place.owner_address).await?;
    owner.in_step().await?;
    let second = second_on_duty(place, &owner).await?;
    let post = is_reported(&owner, reporter, author).await?;
    is_appealed(&owner, &second, author, post).await?;
    is_blocked(reporter, author).await?;
    for phone in [&owner, &second, reporter, author] {
        phone.in_step().await?;
    }
    owner.close().await;
    second.close().await;
    Ok(())
}

/// Somebody else joins, and the owner names them moderator.
async fn second_on_duty(place: &Place<'_>, owner: &Phone) -> Result<Phone, Failed> {
    let leaver: Leaver = company::helper();
    let community = place.community.to_string();
    let arguments = ["invite", "--community", &community, "--employee-number", &leaver.number];
    let link = place.server.run(arguments).await?;
    let mut second = Phone::sign_in(place.server, place.url, place.folder, &leaver).await?;
    second.join(&link, &leaver).await?;
    second.in_step().await?;
    owner.in_step().await?;
    owner.community()?.set_role(second.community()?.member(), Role::Moderator)?;
    owner.in_step().await?;
    second.in_step().await?;
    line(
        &format!("人事は、先に退職した{}さんをモデレーターに指名しました", leaver.name.0),
        "HR named an alumnus as moderator, so that two are on duty",
    );
    Ok(second)
}

async fn is_reported(owner: &Phone, reporter: &Phone, author: &Phone) -> Result<PostId, Failed> {
    let post = author.community()?.write_post(Stream::Community, PostKind::Text, WORDS, &[])?;
    author.in_step().await?;
    reporter.in_step().await?;
    reporter.set_online(false);
    let report = reporter.community()?.report(Subject::Post(post), RULE, "私の番号です。消してください。", false)?;
    reporter.set_online(true);
    reporter.in_step().await?;
    owner.in_step().await?;
    let at_desk = owner.community()?.reports()?;
    let found = at_desk.iter().find(|view| view.id == report).ok_or("the report is not at the desk")?;
    if found.report.text != WORDS {
        return Err("the report has no copy of what was reported".into());
    }
    line(
        &format!(
            "{}さんは圏外で通報しました。人事の机には写しときまりが届き、だれが通報したかは届きません",
            reporter.owner.family
        ),
        "She reported it offline. HR's desk has a copy and the rule, and not who reported",
    );

    owner.community()?.hide(Subject::Post(post), RULE)?;
    owner.community()?.close_report(report, true)?;
    owner.in_step().await?;
    reporter.in_step().await?;
    let page = reporter.community()?.post(post, 1)?.ok_or("the stub is not there")?;
    let found = reporter.community()?.search(Selection::All, "飲み会の連絡")?;
    let state = reporter.community()?.own_reports()?.first().map(|own| own.report.state);
    let why = page.post.hidden.ok_or("the post is not hidden")?;
    if !page.post.text.is_empty() || found.posts.iter().any(|hit| hit.id == post) || state != Some(ReportState::ActedOn)
    {
        return Err("what was hidden can still be found".into());
    }
    line(
        &format!(
            "非表示になりました。残るのは「きまり{}、{}」という札だけで、検索にも出ません",
            why.rule.number,
            why.by_name.full()
        ),
        "It was hidden: a stub says by which rule and by whom, and no search finds it",
    );
    Ok(post)
}

async fn is_appealed(owner: &Phone, second: &Phone, author: &Phone, post: PostId) -> Result<(), Failed> {
    author.in_step().await?;
    author.community()?.appeal(Subject::Post(post), "本人に頼まれたと思っていました。", false)?;
    author.in_step().await?;
    owner.in_step().await?;
    let tried = owner.community()?.decide_appeal(Subject::Post(post), false)?;
    owner.in_step().await?;
    let refused = owner.community()?.needs_attention()?.into_iter().find(|item| item.id == tried);
    if refused.map(|item| item.reason) != Some(ErrorCode::OwnCase) {
        return Err("who hid it could decide the appeal".into());
    }
    owner.community()?.discard(tried)?;
    second.in_step().await?;
    second.community()?.decide_appeal(Subject::Post(post), false)?;
    second.in_step().await?;
    author.in_step().await?;
    let own = author.community()?.own_hidden()?;
    let told = own.first().and_then(|view| view.text.appeal.as_ref()).ok_or("the author was not told")?;
    if (told.state, told.decided_by) != (AppealState::Upheld, Some(second.community()?.member())) {
        return Err("the appeal did not end as decided".into());
    }
    line(
        &format!(
            "{}さんの異議は、隠した本人には決められず、{}さんが見直して、そのままになりました",
            author.owner.family, second.owner.family
        ),
        "His appeal could not be decided by who hid it; the other one looked again and left it hidden",
    );
    Ok(())
}

/// How many posts somebody's phone shows.
fn shows(phone: &Phone) -> Result<usize, Failed> {
    Ok(phone.window(100_000)?.posts.len())
}

async fn is_blocked(she: &Phone, he: &Phone) -> Result<(), Failed> {
    let (own, other) = (she.community()?.member(), he.community()?.member());
    let community = he.community()?;
    for phone in [she, he] {
        phone.in_step().await?;
    }
    let all = shows(he)?;
    she.community()?.block(other, true)?;
    she.in_step().await?;
    he.in_step().await?;
    community.write_post(Stream::Community, PostKind::Text, "中野さん、お元気ですか。", &[own])?;
    he.in_step().await?;
    she.in_step().await?;
    let status = community.status();
    let hers = he.window(100_000)?.posts.iter().filter(|post| post.author == own).count();
    let his = she.window(100_000)?.posts.iter().filter(|post| post.author == other).count();
    if (hers, his, status.waiting, status.attention) != (0, 0, 0, 0)
        || community.find_member(own)?.is_some()
        || !community.blocked()?.is_empty()
    {
        return Err("the block shows".into());
    }
    she.community()?.block(other, false)?;
    she.in_step().await?;
    he.in_step().await?;
    if shows(he)? != all + 1 || community.find_member(own)?.is_none() {
        return Err("not everything came back after the block".into());
    }
    line(
        &format!(
            "{}さんは{}さんをブロックしました。互いの投稿は見えず、{}さんの送信はいつもどおり受け付けられ、知らせはどこにもありません。解くとすべて戻りました",
            she.owner.family, he.owner.family, he.owner.family
        ),
        "She blocked him: neither saw the other, what he sent was taken as always, and nothing told him. Ending it brought all back",
    );
    Ok(())
}
