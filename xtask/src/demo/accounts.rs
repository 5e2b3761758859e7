//! The chapter about accounts that last: a second address, a new phone let in by the old one, a printed
//! code, and somebody who wants a membership that is not theirs.

use super::{
    Failed, company,
    phone::{Phone, address},
    server::Server,
    story::OWNER,
    tell::{chapter, line},
};
use enishi_core::client::Joining;
use enishi_protocol::{
    RecoveryId,
    account::{NoticeEvent, RecoveryState},
    membership::PersonName,
};
use std::path::Path;

const SECOND: &str = "misaki.second@example.net";
const STRANGER: &str = "stranger@example.net";

pub(super) async fn tell(server: &Server, url: &str, folder: &Path, misaki: &Phone) -> Result<(), Failed> {
    chapter("アカウントを失わないために", "So that an account is not lost");
    second_address(server, misaki).await?;
    let new = new_phone(url, folder, misaki).await?;
    printed_code(misaki).await?;
    objection(server, url, folder, &new).await?;
    new.close().await;
    Ok(())
}

async fn second_address(server: &Server, misaki: &Phone) -> Result<(), Failed> {
    let (client, account) = misaki.client();
    let sent = client.add_address(account, SECOND, None).await?;
    let code = server.code_for(SECOND).await?;
    let addresses = client.confirm_address(account, sent.attempt, &code).await?;
    let old = address(&company::heroes()[0]);
    server.in_mail(&old, |mail| mail.contains(SECOND).then_some(())).await?;
    line(
        &format!(
            "{}さんが二つ目のアドレスを確かめて加えました（{}件）。元のアドレスにも知らせが届きました",
            misaki.owner.family,
            addresses.len()
        ),
        "She added a second address with a code; her first address was told",
    );
    Ok(())
}

async fn new_phone(url: &str, folder: &Path, misaki: &Phone) -> Result<Phone, Failed> {
    let (new, link) = misaki.let_in(url, &folder.join("second phone of misaki")).await?;
    let took = new.in_step().await?;
    let (client, account) = misaki.client();
    client.refresh(account).await?;
    let told = client.notices(account)?.into_iter();
    if told.filter(|notice| matches!(notice.event, NoticeEvent::NewDevice { .. })).count() != 1 {
        return Err("the old phone was not told of the new one".into());
    }
    line(
        &format!(
            "新しい電話が見せたQR（{link}）を元の電話が読み取り、承認しました。すべて届くまで{}",
            super::tell::time(took)
        ),
        "Her new phone showed a QR code, the old one scanned and approved it; then everything arrived",
    );
    Ok(new)
}

async fn printed_code(misaki: &Phone) -> Result<(), Failed> {
    let (client, account) = misaki.client();
    let code = client.make_recovery_code(account).await?;
    client.refresh(account).await?;
    let ways = client.accounts().into_iter().find(|view| view.key == account).and_then(|view| view.ways);
    if !ways.is_some_and(|ways| ways.recovery_code && ways.has_second()) {
        return Err("the account does not know of its recovery code".into());
    }
    line(
        &format!("紙に書き写すリカバリーコードも作りました: {code}（使えるのは一度だけ）"),
        "She also made a recovery code to keep on paper; it works once",
    );
    Ok(())
}

/// Somebody says that Misaki's membership is theirs, HR believes it, and her phone objects.
async fn objection(server: &Server, url: &str, folder: &Path, misaki: &Phone) -> Result<(), Failed> {
    let hr_name = PersonName { family: "人事".into(), given: "窓口".into() };
    let hr = Phone::sign_in_as(server, url, (&folder.join("phone of hr"), hr_name), OWNER).await?;
    hr.in_step().await?;
    let made = hr.community()?.invite(&enishi_core::invitations::NewInvitation::default())?;
    hr.in_step().await?;
    let stranger_name = misaki.owner.clone();
    let place = folder.join("phone of a stranger");
    let stranger = Phone::sign_in_as(server, url, (&place, stranger_name.clone()), STRANGER).await?;
    let who =
        Joining {
            name: stranger_name, fact: None, note: "電話もメールもなくしました。".into(), ..Joining::default()
        };
    let (client, account) = stranger.client();
    let asked = client.ask_for_recovery(account, &made.code, &who).await?;
    hr.in_step().await?;
    let wish =
        hr.community()?.recoveries()?.into_iter().find(|wish| wish.id == asked.id).ok_or("no wish on the desk")?;
    hr.community()?.support_recovery(asked.id, wish.recovery.member.ok_or("nobody of that name")?)?;
    hr.in_step().await?;
    let until = state(&stranger, asked.id).await?;
    if until != RecoveryState::Waiting {
        return Err(format!("the supported recovery does not wait: {until:?}").into());
    }
    line(
        "だれかが「その参加は自分のもの」と申し出て、人事が支持しました。移るのは72時間後、それまではご本人が止められます",
        "Somebody says that her membership is theirs, and HR supports it: it would go over in 72 hours",
    );
    server.in_mail(&address(&company::heroes()[0]), |mail| mail.contains("/stop/").then_some(())).await?;
    let (client, account) = misaki.client();
    client.refresh(account).await?;
    let told = client.notices(account)?.into_iter().find_map(|notice| match notice.event {
        NoticeEvent::RecoveryAsked { recovery, community, until_us: Some(_), .. } if recovery == asked.id => {
            Some(community)
        }
        _ => None,
    });
    client.stop_recovery(account, told.ok_or("her phone was not told")?, asked.id).await?;
    if state(&stranger, asked.id).await? != RecoveryState::Stopped {
        return Err("the objection was not heard".into());
    }
    line(
        "すべての端末とアドレスに知らせが届き、ご本人が電話から止めました。参加はそのままです",
        "All her phones and addresses were told, and she stopped it from her phone; nothing has gone over",
    );
    hr.close().await;
    stranger.close().await;
    Ok(())
}

async fn state(phone: &Phone, id: RecoveryId) -> Result<RecoveryState, Failed> {
    let (client, account) = phone.client();
    let list = client.recoveries(account).await?;
    Ok(list.into_iter().find(|own| own.id == id).ok_or("the recovery is not there")?.state)
}
