//! Commands about the account: addresses, devices, ways in, recovery, the end.

use crate::{App, PATIENCE, arguments::AccountCommand, show, words::Failure};
use enishi_core::{account::AccountKey, transport::Server};
use enishi_protocol::account::{Address, NoticeEvent, Written};
use std::time::Duration;

/// How often a new device asks whether it was approved.
const ASK_EVERY: Duration = Duration::from_secs(1);

impl App {
    pub(crate) async fn about_account(&self, command: AccountCommand) -> Result<(), Failure> {
        match command {
            AccountCommand::AskApproval { server } => return self.ask_approval(&server).await,
            AccountCommand::UseRecoveryCode { server, code } => {
                let account = self.client.sign_in_with_recovery_code(&server, &code).await?;
                return self.entered(account).await;
            }
            command => self.of_account(self.account()?, command).await,
        }
    }

    async fn of_account(&self, account: AccountKey, command: AccountCommand) -> Result<(), Failure> {
        let (client, words) = (&self.client, self.words);
        match command {
            AccountCommand::Devices => {
                for device in client.devices(account).await? {
                    show::device(words, &device);
                }
            }
            AccountCommand::RevokeDevice { device: Some(device) } => client.revoke_device(account, device).await?,
            AccountCommand::RevokeDevice { device: None } => client.revoke_other_devices(account).await?,
            AccountCommand::Addresses => list(&client.addresses(account).await?),
            AccountCommand::AddAddress { address, replaces } => {
                let sent = client.add_address(account, &address, replaces.as_deref()).await?;
                let hint = words.of("に届いたコードで確認してください:", "gets a code; confirm with:");
                println!("{address} {hint} confirm-address {} CODE", sent.attempt);
            }
            AccountCommand::ConfirmAddress { attempt, code } => {
                list(&client.confirm_address(account, attempt, &code).await?);
            }
            AccountCommand::RemoveAddress { address } => list(&client.remove_address(account, &address).await?),
            AccountCommand::Approve { link, yes } => {
                show::approval(words, &client.look_at_device(account, &link).await?);
                if yes {
                    client.approve_device(account, &link).await?;
                    println!("{}", words.of("承認しました。", "Approved."));
                }
            }
            AccountCommand::RecoveryCode => println!("{}", client.make_recovery_code(account).await?),
            AccountCommand::Notices => self.notices(account).await?,
            AccountCommand::Recover(joining) => {
                let (link, who) = joining.into_parts();
                show::recovery(words, &client.ask_for_recovery(account, &link.code, &who).await?);
            }
            AccountCommand::Recoveries => {
                for recovery in client.recoveries(account).await? {
                    show::recovery(words, &recovery);
                }
            }
            AccountCommand::StopRecovery { recovery } => {
                let community = self.chosen()?.id();
                client.stop_recovery(account, community, recovery).await?;
                println!("{}", words.of("止めました。", "Stopped."));
            }
            AccountCommand::Leave => {
                let community = self.chosen()?;
                client.leave(community.account(), community.id()).await?;
                self.accounts();
            }
            AccountCommand::DeleteAccount { yes: true } => client.delete_account(account, Written::Keep).await?,
            AccountCommand::DeleteAccount { yes: false } => println!(
                "{}",
                words.of(
                    "アカウントを削除すると元に戻せません。書いたものは名前とともに残ります。--yes を付けると削除します。",
                    "Deleting the account cannot be undone. What you wrote stays under your name. Add --yes to do it.",
                )
            ),
            AccountCommand::AskApproval { .. } | AccountCommand::UseRecoveryCode { .. } => {}
        }
        Ok(())
    }

    /// Shows the link and waits until a device that is signed in approves it, or too long.
    async fn ask_approval(&self, server: &Server) -> Result<(), Failure> {
        let shown = self.client.ask_for_approval(server).await?;
        println!("{}", shown.link);
        println!(
            "{}",
            self.words.of("サインイン済みの端末で承認してください。", "Approve it on a device that is signed in.")
        );
        loop {
            if let Some(account) = self.client.approved(shown.attempt).await? {
                return self.entered(account).await;
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    async fn entered(&self, account: AccountKey) -> Result<(), Failure> {
        println!("{} {account}", self.words.of("サインインしました:", "Signed in:"));
        for community in self.client.communities().iter().filter(|community| community.account() == account) {
            self.catch_up(community).await;
        }
        self.accounts();
        Ok(())
    }

    async fn notices(&self, account: AccountKey) -> Result<(), Failure> {
        tokio::time::timeout(PATIENCE, self.client.refresh(account))
            .await
            .unwrap_or(Err(enishi_core::Error::Offline))?;
        let notices = self.client.notices(account)?;
        for notice in &notices {
            show::notice(self.words, notice);
        }
        // One that can still be stopped stays until it is over.
        let stays = |event: &NoticeEvent| matches!(event, NoticeEvent::RecoveryAsked { .. });
        let shown: Vec<_> = notices.iter().filter(|notice| !stays(&notice.event)).map(|notice| notice.id).collect();
        self.client.notices_shown(account, &shown).await?;
        Ok(())
    }
}

fn list(addresses: &[Address]) {
    for held in addresses {
        println!("{}", held.address);
    }
}
