//! The chapters about a membership that somebody wants back: one that was never theirs, which its owner stops, and one
//! whose owner lost phone and mail, which goes over because nobody objects.

use super::{
    Failed,
    company::{self, Leaver},
    invitations::READER,
    moderation::Place,
    phone::{Phone, address},
    scanner,
    server::Server,
    story::OWNER,
    tell::{chapter, line},
};
use enishi_core::{client::Joining, invitations::NewInvitation};
use enishi_protocol::{
    RecoveryId, Stream,
    account::{NoticeEvent, RecoveryState},
    feed::PostKind,
    limits,
    membership::PersonName,
};
use std::{path::Path, time::Duration};

const STRANGER: &str = "stranger@example.net";
const NEW_ADDRESS: &str = "new.start@example.net";
const PATIENCE: Duration = Duration::from_mins(1);

/// Somebody says that Misaki's membership is theirs, HR believes it, and her phone objects.
pub(super) async fn is_stopped(server: &Server, url: &str, folder: &Path, misaki: &Phone) -> Result<(), Failed> {
    let claimant = (&*folder.join("phone of a stranger"), misaki.owner.clone());
    let stranger = Phone::sign_in_as(server, url, claimant, STRANGER).await?;
    let asked = asks(server, url, folder, &stranger, None).await?;
    line(
        "だれかが「その参加は自分のもの」と申し出て、人事が支持しました。移るのは72時間後、それまではご本人が止められます",
        "Somebody says that her membership is theirs, and HR supports it: it would go over in 72 hours",
    );
    server.in_mail(&address(&company::heroes()[0]), |mail| mail.contains("/stop/").then_some(())).await?;
    let (client, account) = misaki.client();
    client.refresh(account).await?;
    let told = client.notices(account)?.into_iter().find_map(|notice| match notice.event {
        NoticeEvent::RecoveryAsked { recovery, community, until_us: Some(_), .. } if recovery == asked => {
            Some(community)
        }
        _ => None,
    });
    client.stop_recovery(account, told.ok_or("her phone was not told")?, asked).await?;
    if state(&stranger, asked).await? != RecoveryState::Stopped {
        return Err("the objection was not heard".into());
    }
    line(
        "すべての端末とアドレスに知らせが届き、ご本人が電話から止めました。参加はそのままです",
        "All her phones and addresses were told, and she stopped it from her phone; nothing has gone over",
    );
    stranger.close().await;
    Ok(())
}

/// Whoever joined by a letter has lost phone and mail, and nobody objects for three days.
pub(super) async fn goes_over(place: &Place<'_>, lost: Phone) -> Result<(), Failed> {
    let (server, leaver) = (place.server, company::unreached());
    let name = lost.owner.family.clone();
    chapter(
        &format!("{name}さんは電話もメールもなくしました"),
        "Whoever joined by the letter has lost both phone and mail",
    );
    let written = lost.community()?.write_post(Stream::Community, PostKind::Text, "紙の手紙で来ました。", &[])?;
    lost.in_step().await?;
    let member = lost.community()?.member();
    let claimant = (&*place.folder.join("new phone of a reader"), lost.owner.clone());
    let mut phone = Phone::sign_in_as(server, place.url, claimant, NEW_ADDRESS).await?;
    let asked = asks(server, place.url, place.folder, &phone, Some(&leaver)).await?;
    server.in_mail(READER, |mail| mail.contains("/stop/").then_some(())).await?;
    scanner::opens_everything(server, place.url).await?;
    if state(&phone, asked).await? != RecoveryState::Waiting {
        return Err("a mail scanner stopped it".into());
    }
    line(
        &format!("新しいアドレスから{name}さんが申し出て、人事が支持しました。前のアドレスと端末には知らせが行きます"),
        "They ask from a new address, and HR supports it; the old address and phone are told",
    );
    server.stop().await?;
    antedate(server, limits::RECOVERY_WAIT_SECONDS * 1_000_000).await?;
    server.start().await?;
    line(
        "72時間、だれも止めませんでした（このデモは待てないので、止めたサーバーのデータベースで期限だけを72時間早めました）",
        "Nobody objects for 72 hours (which the demo cannot wait for: it moved the deadline in the stopped server's database)",
    );
    let done = async {
        while state(&phone, asked).await? != RecoveryState::Done {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok::<_, Failed>(())
    };
    tokio::time::timeout(PATIENCE, done).await.map_err(|_| "the membership did not go over")??;
    phone.receives_membership().await?;
    let page = phone.community()?.post(written, 1)?.ok_or("the post did not come back")?;
    if phone.community()?.member() != member || page.post.author != member {
        return Err("another membership came back".into());
    }
    lost.is_shut_out().await?;
    line(
        &format!(
            "参加は{name}さんの新しい電話に移りました。前に書いたものも名前もそのまま、なくした電話には何も届きません"
        ),
        "The membership went over with name and posts; the lost phone is shut out",
    );
    phone.close().await;
    lost.close().await;
    Ok(())
}

/// Says that a membership is theirs, and HR supports it: from now on it waits.
async fn asks(
    server: &Server,
    url: &str,
    folder: &Path,
    claimant: &Phone,
    proves: Option<&Leaver>,
) -> Result<RecoveryId, Failed> {
    let hr_name = PersonName { family: "人事".into(), given: "窓口".into() };
    let hr = Phone::sign_in_as(server, url, (&folder.join("phone of hr"), hr_name), OWNER).await?;
    hr.in_step().await?;
    let made = hr.community()?.invite(&NewInvitation::default())?;
    hr.in_step().await?;
    let fact = proves.map(|leaver| leaver.birth.format("%Y-%m-%d").to_string());
    let note = "電話もメールもなくしました。".into();
    let who = Joining { name: claimant.owner.clone(), fact, note, ..Joining::default() };
    let (client, account) = claimant.client();
    let asked = client.ask_for_recovery(account, &made.code, &who).await?;
    hr.in_step().await?;
    let wish =
        hr.community()?.recoveries()?.into_iter().find(|wish| wish.id == asked.id).ok_or("no wish on the desk")?;
    hr.community()?.support_recovery(asked.id, wish.recovery.member.ok_or("nobody of that name")?)?;
    hr.in_step().await?;
    hr.close().await;
    match state(claimant, asked.id).await? {
        RecoveryState::Waiting => Ok(asked.id),
        other => Err(format!("the supported recovery does not wait: {other:?}").into()),
    }
}

async fn state(phone: &Phone, id: RecoveryId) -> Result<RecoveryState, Failed> {
    let (client, account) = phone.client();
    let list = client.recoveries(account).await?;
    Ok(list.into_iter().find(|own| own.id == id).ok_or("the recovery is not there")?.state)
}

/// Lets every recovery that waits on a stopped server have begun so much earlier.
async fn antedate(server: &Server, by_us: i64) -> Result<(), Failed> {
    let all = format!(
        "UPDATE recovery SET asked_us = asked_us - {by_us}, until_us = until_us - {by_us} WHERE state = 'waiting'; \
         UPDATE recovery_stop SET until_us = until_us - {by_us};"
    );
    match server.postgres() {
        None => rusqlite::Connection::open(server.data().join("enishi.db"))?.execute_batch(&all)?,
        Some(url) => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            let asking = async move { client.batch_execute(&format!("SET app.whole = 'on'; {all}")).await };
            let (asked, _) = tokio::join!(asking, connection);
            asked?;
        }
    }
    Ok(())
}
