//! The chapter about people: who is welcomed how, a poll, a notification, a profile as others see it, a consent.

use super::{
    Failed,
    phone::Phone,
    server::Server,
    tell::{chapter, line},
};
use enishi_core::membership::Viewer;
use enishi_protocol::{
    CommunityId, Language, Stream,
    consents::Purpose,
    membership::{Audience, ProfileField},
    polls::Poll,
};
use std::path::Path;

const WELCOME: &str = "ようこそ。読むだけの参加も歓迎します。まずは、同じ職場にいた方を探してみてください。";

pub(super) async fn tell(
    server: &Server,
    folder: &Path,
    community: CommunityId,
    (misaki, tatsuya): (&Phone, &Phone),
) -> Result<(), Failed> {
    chapter("人と人", "People");
    let id = community.to_string();
    welcomes(server, folder, &id, misaki).await?;
    votes(misaki, tatsuya).await?;
    is_told(misaki, tatsuya).await?;
    shows_what_she_likes(misaki).await?;
    consents(server, &id, misaki).await?;
    tatsuya.in_step().await.map(drop)
}

async fn welcomes(server: &Server, folder: &Path, community: &str, misaki: &Phone) -> Result<(), Failed> {
    let file = folder.join("welcome.txt");
    std::fs::write(&file, WELCOME)?;
    server.run(["community", "welcome", "--community", community, "--file", &file.to_string_lossy()]).await?;
    misaki.in_step().await?;
    let welcome = misaki.community()?.welcome()?;
    if welcome.text.as_deref() != Some(WELCOME) || welcome.people.is_empty() {
        return Err("the first screen welcomes nobody".into());
    }
    line(
        &format!("最初の画面に、人事のあいさつと、知っていそうな{}人が並びます", welcome.people.len()),
        &format!("The first screen has HR's words and {} people whom she may know", welcome.people.len()),
    );
    Ok(())
}

async fn votes(misaki: &Phone, tatsuya: &Phone) -> Result<(), Failed> {
    let poll =
        Poll { options: ["金曜の夜", "土曜の昼"].map(str::to_owned).into(), several: false, closes_us: None };
    let post = tatsuya.community()?.write_poll(Stream::Community, "諏訪で集まるなら、いつがいいですか。", poll, &[])?;
    tatsuya.in_step().await?;
    misaki.in_step().await?;
    misaki.set_online(false);
    misaki.community()?.vote(post, &[1])?;
    misaki.set_online(true);
    misaki.in_step().await?;
    tatsuya.in_step().await?;
    let seen = tatsuya.community()?.post(post, 1)?.and_then(|page| page.post.poll).ok_or("the poll is not there")?;
    if seen.voters != 1 || seen.options.iter().any(|option| option.votes.is_some() || option.own) {
        return Err("the poll tells more, or less, than it may".into());
    }
    line(
        &format!("{}さんは圏外で投票しました。だれが何を選んだかは見えず、数も5人までは出ません", misaki.owner.family),
        "She voted without a network; nobody sees who chose what, and no numbers show below five voters",
    );
    Ok(())
}

async fn is_told(misaki: &Phone, tatsuya: &Phone) -> Result<(), Failed> {
    let place = tatsuya.community()?;
    if let Some(newest) = place.notifications(1)?.items.first() {
        place.read_notifications(newest.place)?;
        tatsuya.in_step().await?;
    }
    let post = misaki.window(1)?.posts.first().ok_or("the feed is empty")?.id;
    misaki.community()?.write_comment(post, None, "達也さん、どちらでも行きます。", &[place.member()])?;
    misaki.in_step().await?;
    tatsuya.in_step().await?;
    let told = place.notifications(10)?;
    let (Some(newest), 1) = (told.items.first(), told.unread) else {
        return Err(format!("he was not told once: {} unread", told.unread).into());
    };
    place.read_notifications(newest.place)?;
    if place.notifications(10)?.unread != 0 {
        return Err("what was read is not".into());
    }
    tatsuya.in_step().await?;
    line(
        &format!("{}さんに、名指しされたことが一件だけ知らされ、読むと消えました", tatsuya.owner.family),
        "He was told once that he was mentioned, and it was read",
    );
    Ok(())
}

async fn shows_what_she_likes(misaki: &Phone) -> Result<(), Failed> {
    let community = misaki.community()?;
    let shown = |viewer| Ok::<_, Failed>(community.profile_as(viewer)?.contains_key(&ProfileField::Employer));
    community.set_profile(ProfileField::Employer, Some("諏訪の小さな工房"), Audience::Hr)?;
    let (before, hr) = (shown(Viewer::Everyone)?, shown(Viewer::Hr)?);
    community.set_profile(ProfileField::Employer, Some("諏訪の小さな工房"), Audience::Everyone)?;
    if before || !shown(Viewer::Everyone)? {
        return Err(format!("the preview is not what others see (to HR: {hr})").into());
    }
    misaki.in_step().await?;
    line(
        "いまの勤め先を、まず人事だけに、それから全員に見せました。どう見えるかは、その前に自分で確かめられます",
        "She showed where she works to HR alone and then to everyone, and saw before how others see her",
    );
    Ok(())
}

async fn consents(server: &Server, community: &str, misaki: &Phone) -> Result<(), Failed> {
    let list = async || server.run(["community", "members", "--community", community]).await;
    let own = misaki.community()?.member().to_string();
    let before = list().await?.contains(&own);
    misaki.community()?.give_consent(Purpose::DirectoryExport, Language::Ja)?;
    misaki.in_step().await?;
    let given = list().await?.contains(&own);
    misaki.community()?.withdraw_consent(Purpose::DirectoryExport)?;
    misaki.in_step().await?;
    let withdrawn = list().await?.contains(&own);
    if (before, given, withdrawn) != (false, true, false) {
        return Err(format!("the list does not follow the consent: {before}, {given}, {withdrawn}").into());
    }
    line(
        "会社が取り出せる名簿には、同意しているあいだだけ載ります。同意して載り、取り消して外れました",
        "She is in the company's list only as long as she consents: she gave it, and took it back",
    );
    Ok(())
}
