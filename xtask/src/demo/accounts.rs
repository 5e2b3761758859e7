//! The chapter about accounts that last: a second address, a new phone let in by the old one, a printed code.

use super::{
    Failed, company,
    phone::{Phone, address},
    recovery,
    server::Server,
    tell::{chapter, line},
};
use enishi_protocol::account::NoticeEvent;
use std::path::Path;

const SECOND: &str = "misaki.second@example.net";

pub(super) async fn tell(server: &Server, url: &str, folder: &Path, misaki: &Phone) -> Result<(), Failed> {
    chapter("アカウントを失わないために", "So that an account is not lost");
    second_address(server, misaki).await?;
    let new = new_phone(url, folder, misaki).await?;
    printed_code(misaki).await?;
    recovery::is_stopped(server, url, folder, &new).await?;
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
