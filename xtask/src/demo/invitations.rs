//! The chapter about invitations by letter and by mail: a code typed from paper, a mail that is declined, and a link
//! that was forwarded to a stranger before the right person joins in a browser.

use super::{
    Failed,
    browser::Browser,
    company::{self, Leaver},
    moderation::Place,
    phone::{Phone, address},
    scanner,
    tell::{chapter, line, time},
};
use enishi_core::{Error, account::link::InvitationLink, client::Joining};
use enishi_protocol::{ErrorCode, membership::PersonName};

pub(super) const READER: &str = "reader.of.the.letter@example.net";
const STRANGER: &str = "somebody.else@example.net";

/// Tells it, and returns the phone of whoever joined by a letter.
pub(super) async fn tell(place: &Place<'_>) -> Result<Phone, Failed> {
    chapter("人事が、手紙とメールで招きます", "HR invites by letter and by mail");
    let reader = by_letter(place, &company::unreached()).await?;
    let [decliner, forwarder] = company::reached();
    declines(place, &decliner).await?;
    joins_in_a_browser(place, &forwarder).await?;
    Ok(reader)
}

async fn run(place: &Place<'_>, command: &[&str], leaver: &Leaver) -> Result<String, Failed> {
    let community = place.community.to_string();
    let whom = ["--community", &community, "--employee-number", &leaver.number];
    place.server.run([command, &whom].concat()).await
}

/// Somebody without an address gets a letter and types its code.
async fn by_letter(place: &Place<'_>, leaver: &Leaver) -> Result<Phone, Failed> {
    let letters = place.folder.join("letters");
    let to = letters.to_string_lossy().into_owned();
    run(place, &["invite", "--letter", "--days", "60", "--to", &to], leaver).await?;
    let html = std::fs::read_to_string(letters.join(format!("{}.html", leaver.number)))?;
    let code =
        html.split("<dd class=\"code\">").nth(1).and_then(|rest| rest.get(..14)).ok_or("a letter without a code")?;
    if html.contains(&leaver.birth.format("%Y").to_string())
        && html.contains(&leaver.birth.format("%-m月%-d日").to_string())
    {
        return Err("the letter tells the fact".into());
    }
    let name = &leaver.name.0;
    let owner = PersonName { family: name.clone(), given: leaver.name.1.clone() };
    let own_folder = place.folder.join("phone of a reader");
    let mut phone = Phone::sign_in_as(place.server, place.url, (&own_folder, owner), READER).await?;
    let seen = phone.join(&format!("{}/i/{}", place.url, code.to_lowercase()), leaver).await?;
    line(
        &format!(
            "アドレスのわからない{name}さんには手紙を。紙のコード{code}を打ち込み、参加しました（最初の画面まで{}）",
            time(seen)
        ),
        &format!("Somebody without an address got a letter, typed {code} and joined"),
    );
    Ok(phone)
}

/// A mail is declined by its button; nobody writes to them again.
async fn declines(place: &Place<'_>, leaver: &Leaver) -> Result<(), Failed> {
    let said = [run(place, &["invite", "--mail"], leaver).await?, run(place, &["invite", "--mail"], leaver).await?];
    if !said[0].contains("queued: 1") || !said[1].contains("had it before: 1") {
        return Err(format!("the invitation was not mailed once: {said:?}").into());
    }
    let path = link_in_mail(place, leaver, "/decline/").await?;
    let community = place.community.to_string();
    let list = ["registry", "list", "--community", &community];
    let before = place.server.run(list).await?;
    let opened = scanner::opens_everything(place.server, place.url).await?;
    if place.server.run(list).await? != before {
        return Err("opening links changed the list of leavers".into());
    }
    line(
        &format!("届いたメールのリンク{opened}件を、迷惑メールの検査が先にすべて開きました。何も変わっていません"),
        &format!("A mail scanner opened all {opened} links first, and nothing was changed by it"),
    );
    let mut browser = Browser::at(place.url);
    let page = browser.open(&format!("{path}?lang=ja")).await?;
    browser.press(&page, &[]).await?.says("案内を止めました")?;
    let reminded = run(place, &["remind", "--after-days", "0"], leaver).await?;
    let listed = place.server.run(list).await?;
    let theirs = listed.lines().find(|line| line.contains(&leaver.number)).unwrap_or_default();
    if !reminded.contains("suppressed: 1") || !theirs.contains(",declined,") {
        return Err(format!("declining did not end the mail: {reminded} {theirs}").into());
    }
    line(
        &format!(
            "{}さんへのメールは一度だけ。ボタンで断られたので、人事の一覧には「辞退」と出て、もう送られません",
            leaver.name.0
        ),
        "One mail to the next; it was declined by its button, HR's list says so, and no more is sent",
    );
    Ok(())
}

/// A link that was forwarded opens nothing for a stranger; the right person joins by forms alone.
async fn joins_in_a_browser(place: &Place<'_>, leaver: &Leaver) -> Result<(), Failed> {
    run(place, &["invite", "--mail"], leaver).await?;
    let path = link_in_mail(place, leaver, "/i/").await?;
    let name = PersonName { family: leaver.name.0.clone(), given: leaver.name.1.clone() };
    let own_folder = place.folder.join("phone of somebody else");
    let stranger = Phone::sign_in_as(place.server, place.url, (&own_folder, name.clone()), STRANGER).await?;
    let link: InvitationLink = format!("{}{path}", place.url).parse()?;
    let guess = Joining { name: name.clone(), fact: Some("1900-01-01".into()), ..Joining::default() };
    let (client, account) = stranger.client();
    let refused = client.join(account, &link.code, &guess).await;
    if refused.err() != Some(Error::Rejected { code: ErrorCode::FactWrong }) {
        return Err("a stranger's guess was not refused".into());
    }
    if !client.join(account, &link.code, &Joining { fact: None, ..guess }).await?.waiting {
        return Err("a stranger came in by a forwarded link".into());
    }
    stranger.close().await;

    let mut browser = Browser::at(place.url);
    let first = browser.open(&format!("{path}/join?lang=ja")).await?;
    let address = address(leaver);
    let second = browser.press(&first, &[("address", &address)]).await?;
    let code = place.server.code_for(&address).await?;
    let third = browser.press(&second, &[("digits", &code)]).await?;
    let born = leaver.birth.format("%Y-%m-%d").to_string();
    let filled = [("family", name.family.as_str()), ("given", &name.given), ("fact", &born), ("consent", "yes")];
    browser.press(&third, &filled).await?.says("参加しました")?;
    line(
        &format!(
            "{}さんのリンクは人に転送されましたが、その人には何も見えず、待つだけでした。ご本人はブラウザーだけで参加しました",
            name.family
        ),
        "A link was forwarded: the stranger saw nothing and only waits; the right person joined in a browser",
    );
    Ok(())
}

/// The path of a link in the invitation that somebody got.
async fn link_in_mail(place: &Place<'_>, leaver: &Leaver, beginning: &str) -> Result<String, Failed> {
    let find = |mail: &str| {
        let at = mail.contains("/decline/").then(|| mail.find(beginning))??;
        mail[at..].lines().next().map(|line| line.trim().to_owned())
    };
    place.server.in_mail(&address(leaver), find).await
}
