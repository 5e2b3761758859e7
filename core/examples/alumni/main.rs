//! Enishi from a terminal, for developers: sign in, join, read, write, talk, search, go offline, sync.
//!
//! Shows what the core can do and how little a screen has to. Secrets lie in a file that only its
//! owner may read; a phone keeps them in its own keeper.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a terminal program speaks through these")]

mod account;
mod arguments;
mod messages;
mod moderation;
mod people;
mod posts;
mod show;
mod words;

use arguments::{Arguments, Command};
use clap::Parser;
use enishi_core::{
    Client, ClientConfig, Community, Error,
    account::{AccountKey, link::InvitationLink},
    client::OnSignOut,
    feed::{Around, Selection},
    secrets::FileSecretStore,
    transport::{Server, http::HttpOptions},
};
use enishi_protocol::{AttemptId, ErrorCode, Language};
use std::{
    io::{BufRead, Write},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use words::{Failure, Words};

/// How long a command waits for the network before it leaves the rest for later.
const PATIENCE: Duration = Duration::from_secs(15);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let words = Words(arguments.lang.into());
    match run(arguments, words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", words.failure(&failure));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments, words: Words) -> Result<(), Failure> {
    std::fs::create_dir_all(&arguments.data)?;
    if let Command::Online | Command::Offline = arguments.command {
        return switch(&arguments, words);
    }
    let app = App::open(&arguments, words)?;
    let done = app.perform(arguments.command).await;
    app.client.close().await;
    done
}

/// Goes offline or online, for this command and all that follow.
fn switch(arguments: &Arguments, words: Words) -> Result<(), Failure> {
    let mark = offline_mark(&arguments.data);
    if matches!(arguments.command, Command::Offline) {
        std::fs::write(mark, "")?;
        println!("{}", words.of("オフラインにしました。", "Offline from now on."));
    } else {
        if mark.exists() {
            std::fs::remove_file(mark)?;
        }
        println!("{}", words.of("オンラインにしました。", "Online from now on."));
    }
    Ok(())
}

fn offline_mark(data: &Path) -> std::path::PathBuf {
    data.join("offline")
}

/// The client with what the command line said about it.
struct App {
    client: Client,
    words: Words,
    online: bool,
    community: Option<String>,
    live: bool,
}

impl App {
    fn open(arguments: &Arguments, words: Words) -> Result<Self, Failure> {
        let secrets = FileSecretStore::open(arguments.data.join("secrets")).map_err(Error::from)?;
        let extra_root_pem = arguments.root.as_ref().map(std::fs::read).transpose()?;
        let online = !offline_mark(&arguments.data).exists();
        let live = matches!(arguments.command, Command::Watch);
        let config = ClientConfig::with_http(&arguments.data, Arc::new(secrets), &HttpOptions { extra_root_pem })?;
        let config = config.language(words.0).device_name("alumni (terminal)").online(online).foreground(live);
        let client = Client::open(config)?;
        for (_, salvage) in client.salvaged() {
            eprintln!("{}", words.salvaged(&salvage));
        }
        Ok(Self { client, words, online, community: arguments.community.clone(), live })
    }

    async fn perform(&self, command: Command) -> Result<(), Failure> {
        match command {
            Command::SignIn { server, address, code } => self.sign_in(&server, &address, code).await,
            Command::Code { attempt, code } => self.spend(attempt, &code).await,
            Command::Accounts => {
                self.accounts();
                Ok(())
            }
            Command::Account(command) => self.about_account(command).await,
            Command::SignOut { remove } => self.sign_out(remove).await,
            Command::Preview { link } => self.preview(&link).await,
            Command::Join(joining) => self.join(joining).await,
            Command::Sync => self.sync().await,
            Command::Watch => self.watch().await,
            Command::Status => {
                self.status().await;
                Ok(())
            }
            Command::Feed(command) => self.feed(command).await,
            Command::People(command) => self.people(command).await,
            Command::Moderation(command) => self.moderate(command).await,
            Command::Messages(command) => self.messages(command).await,
            Command::Online | Command::Offline => Ok(()),
        }
    }

    async fn sign_in(&self, server: &Server, address: &str, code: Option<String>) -> Result<(), Failure> {
        let sent = self.client.sign_in(server, address).await?;
        let code = match code {
            Some(code) => code,
            None => self.ask_for_code(&sent.sender, sent.attempt)?,
        };
        self.spend(sent.attempt, &code).await
    }

    fn ask_for_code(&self, sender: &str, attempt: AttemptId) -> Result<String, Failure> {
        let words = self.words.of("から届いた6桁のコード", "has sent a code of six digits");
        print!("{sender} {words} (attempt {attempt}): ");
        std::io::stdout().flush()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        Ok(line)
    }

    async fn spend(&self, attempt: AttemptId, code: &str) -> Result<(), Failure> {
        let account = self.client.finish_sign_in(attempt, code).await?;
        println!("{} {account}", self.words.of("サインインしました:", "Signed in:"));
        for community in self.client.communities().iter().filter(|community| community.account() == account) {
            self.catch_up(community).await;
        }
        self.accounts();
        Ok(())
    }

    pub(crate) fn accounts(&self) {
        for account in self.client.accounts() {
            show::account(self.words, &account);
        }
    }

    pub(crate) fn account(&self) -> Result<AccountKey, Failure> {
        let chosen = self.chosen().ok().map(|community| community.account());
        let first = || self.client.accounts().first().map(|account| account.key);
        chosen.or_else(first).ok_or(Failure::NoAccount)
    }

    async fn sign_out(&self, remove: bool) -> Result<(), Failure> {
        let then = if remove { OnSignOut::Remove } else { OnSignOut::Keep };
        self.client.sign_out(self.account()?, then).await?;
        println!("{}", self.words.of("サインアウトしました。", "Signed out."));
        Ok(())
    }

    async fn preview(&self, link: &InvitationLink) -> Result<(), Failure> {
        let server = self.server_for(link);
        let preview = self.client.preview(link, server.as_ref()).await?;
        show::preview(self.words, link, &preview);
        Ok(())
    }

    /// A bare code is looked up where this phone is signed in.
    fn server_for(&self, link: &InvitationLink) -> Option<Server> {
        link.server.clone().or_else(|| self.client.accounts().first().map(|account| account.server.clone()))
    }

    async fn join(&self, joining: arguments::Join) -> Result<(), Failure> {
        let server = self.server_for(&joining.link);
        let account = self.client.accounts().into_iter().find(|account| Some(&account.server) == server.as_ref());
        let account = account.ok_or(Failure::NoAccount)?.key;
        let (link, joining) = joining.into_parts();
        let joined = self.client.join(account, &link.code, &joining).await?;
        if joined.waiting {
            println!("{}", ErrorCode::MembershipWaiting.message(self.words.0));
            return Ok(());
        }
        println!("{}", self.words.of("参加しました。", "You have joined."));
        self.catch_up(&self.client.community(account, joined.community)?).await;
        self.accounts();
        Ok(())
    }

    async fn sync(&self) -> Result<(), Failure> {
        for account in self.client.accounts().iter().filter(|account| account.signed_in && self.online) {
            self.client.refresh(account.key).await?;
        }
        for community in self.client.communities() {
            tokio::time::timeout(PATIENCE * 20, community.sync_now(&CancellationToken::new()))
                .await
                .unwrap_or(Err(Error::Offline))?;
            show::status(self.words, &community);
        }
        Ok(())
    }

    async fn status(&self) {
        for community in self.client.communities() {
            self.freshen(&community).await;
            show::status(self.words, &community);
        }
    }

    /// Shows the top of the feed whenever it changes, until interrupted.
    async fn watch(&self) -> Result<(), Failure> {
        let community = self.chosen()?;
        let mut feed = community.follow_feed(Selection::All, Around::Newest, 10)?;
        let mut window = feed.latest();
        loop {
            show::window(self.words, &window);
            tokio::select! {
                next = feed.next() => match next {
                    Some(next) => window = next,
                    None => return Ok(()),
                },
                interrupted = tokio::signal::ctrl_c() => return Ok(interrupted?),
            }
        }
    }

    /// The community that was named, or the only one.
    pub(crate) fn chosen(&self) -> Result<Community, Failure> {
        let mut communities = self.client.communities();
        if let Some(named) = &self.community {
            communities.retain(|community| {
                community.membership().name.contains(named.as_str()) || community.id().to_string().starts_with(named)
            });
        }
        match (communities.pop(), communities.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(Failure::SeveralCommunities),
            (None, _) => Err(Failure::NoCommunity),
        }
    }

    /// Sends and fetches for a moment. What does not get through now waits in the outbox.
    pub(crate) async fn catch_up(&self, community: &Community) {
        if !self.online {
            println!("{}", self.words.of("（オフライン: 送信待ち）", "(offline: it waits in the outbox)"));
            return;
        }
        let synced = tokio::time::timeout(PATIENCE, community.sync_now(&CancellationToken::new())).await;
        if let Err(error) = synced.unwrap_or(Err(Error::Offline)) {
            println!("{} {}", self.words.of("（送信待ち）", "(it waits in the outbox)"), self.words.error(&error));
        }
    }

    /// Fetches for a moment before something is shown, where somebody waits for fresh things.
    async fn freshen(&self, community: &Community) {
        if self.online && !self.live {
            let _ = tokio::time::timeout(PATIENCE, community.sync_now(&CancellationToken::new())).await;
        }
    }
}

impl From<arguments::Lang> for Language {
    fn from(lang: arguments::Lang) -> Self {
        match lang {
            arguments::Lang::Ja => Self::Ja,
            arguments::Lang::En => Self::En,
        }
    }
}
