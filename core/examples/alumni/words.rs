//! What the program says, in Japanese or English.

use enishi_core::{Error, store::Salvage};
use enishi_protocol::{ErrorCode, Language};
use std::io;

/// Why a command did not do as asked.
#[derive(Debug)]
pub(crate) enum Failure {
    Core(Error),
    File(io::Error),
    NoAccount,
    NoCommunity,
    SeveralCommunities,
    NotFound(String),
    Several(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// The language that is spoken.
#[derive(Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    pub(crate) fn of<'w>(self, ja: &'w str, en: &'w str) -> &'w str {
        match self.0 {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    pub(crate) fn failure(self, failure: &Failure) -> String {
        match failure {
            Failure::Core(error) => self.error(error),
            Failure::File(error) => format!("{} {error}", self.of("ファイルを扱えませんでした:", "A file:")),
            Failure::NoAccount => self
                .of(
                    "まだサインインしていません。`alumni sign-in サーバー メールアドレス` で始めてください。",
                    "Nobody is signed in yet. Begin with `alumni sign-in SERVER ADDRESS`.",
                )
                .into(),
            Failure::NoCommunity => self
                .of(
                    "コミュニティが見つかりません。招待をお持ちなら `alumni join リンク` で参加できます。",
                    "There is no such community. With an invitation: `alumni join LINK`.",
                )
                .into(),
            Failure::SeveralCommunities => self
                .of(
                    "コミュニティが複数あります。-c で選んでください。",
                    "There are several communities. Choose with -c.",
                )
                .into(),
            Failure::NotFound(what) => format!("{}: {what}", self.of("見つかりません", "Not found")),
            Failure::Several(what) => format!("{}: {what}", self.of("一つに決まりません", "It could be several")),
        }
    }

    pub(crate) fn salvaged(self, salvage: &Salvage) -> String {
        let what = if salvage.other_key {
            self.of(
                "このフォルダーのデータは別の鍵で暗号化されていて開けないため、取りのけました:",
                "The data here is encrypted with another key and cannot be opened; it was set aside:",
            )
        } else {
            self.of(
                "データが壊れていたため取りのけました。内容は受け取り直します:",
                "The data was damaged and set aside; everything is fetched anew:",
            )
        };
        let kept = self.of("救えた送信待ち:", "saved from the outbox:");
        let lost = if salvage.whole {
            ""
        } else {
            self.of("、読み取れない送信待ちがあります", "; more of it may be lost")
        };
        format!("{what} {} ({kept} {}{lost})", salvage.set_aside.display(), salvage.writes)
    }

    pub(crate) fn error(self, error: &Error) -> String {
        let code = match error {
            Error::Rejected { code } => *code,
            Error::SignedOut => ErrorCode::SignedOut,
            Error::NotAllowed => ErrorCode::NotAllowed,
            Error::UpgradeRequired => ErrorCode::UpgradeRequired,
            other => return self.own(other),
        };
        code.message(self.0).into()
    }

    fn own(self, error: &Error) -> String {
        match error {
            Error::Offline => self.of(
                "サーバーにつながりません。書いたものは端末に残り、つながると送られます。",
                "The server cannot be reached. What you wrote is kept and will be sent once it can.",
            ),
            Error::InUse => self.of(
                "別のプロセスがこのフォルダーを使っています。終わらせてから、もう一度お試しください。",
                "Another process uses this folder. End it and try again.",
            ),
            Error::StorageFull => self.of(
                "この端末の空きがありません。何も失われていません。空きを作って、もう一度お試しください。",
                "No space is left on this device. Nothing was lost. Make space and try again.",
            ),
            Error::Cancelled => self.of("取り消しました。", "It was cancelled."),
            other => return format!("{} ({other})", self.of("うまくいきませんでした。", "That did not work.")),
        }
        .into()
    }
}
