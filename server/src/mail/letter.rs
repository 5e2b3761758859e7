//! The words of every mail, in Japanese and English.

use enishi_protocol::Language;
use serde::{Deserialize, Serialize};

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Message {
    /// A code to sign in with. Stands alone on its line, so that it can be found and copied.
    Code {
        /// Six digits.
        code: String,
    },
    /// Another device has signed in.
    NewDevice {
        /// What its owner calls it.
        device: String,
    },
    /// Somebody joined as the person of a registry entry; goes to the entry's known address.
    JoinedAsYou {
        /// The community's name.
        community: String,
    },
    /// A request to join was decided.
    Decided {
        /// The community's name.
        community: String,
        /// Let in, or not.
        accepted: bool,
    },
}

/// A mail ready to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whom it goes to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Message {
    /// The letter that says this.
    pub fn letter(&self, to: &str, language: Language) -> Letter {
        let (subject, text) = match language {
            Language::Ja => self.japanese(),
            Language::En => self.english(),
        };
        Letter { to: to.to_owned(), subject, text }
    }

    fn japanese(&self) -> (String, String) {
        match self {
            Self::Code { code } => (
                "【縁】サインインのコード".into(),
                format!(
                    "サインインのコードです。10分以内に、アプリで入力してください。\n\n{code}\n\n\
                     このコードは、だれにも伝えないでください。\n\
                     心当たりがない場合は、このメールを無視してください。何も変わりません。\n"
                ),
            ),
            Self::NewDevice { device } => (
                "【縁】新しい端末でサインインがありました".into(),
                format!(
                    "新しい端末でサインインがありました。\n\n{device}\n\n\
                     ご自身でない場合は、アプリの「端末」からこの端末を取り消してください。\n"
                ),
            ),
            Self::JoinedAsYou { community } => (
                format!("【縁】「{community}」への参加がありました"),
                format!(
                    "「{community}」の記録にあるあなたとして、参加がありました。\n\n\
                     ご自身でない場合は、会社の担当者にお知らせください。\n"
                ),
            ),
            Self::Decided { community, accepted: true } => (
                format!("【縁】「{community}」に参加できるようになりました"),
                format!("「{community}」への参加が確認されました。アプリを開くと、始められます。\n"),
            ),
            Self::Decided { community, accepted: false } => (
                format!("【縁】「{community}」への参加について"),
                format!(
                    "「{community}」の担当者が確認しましたが、今回は参加いただけませんでした。\n\
                     お心当たりと違う場合は、招待した方か会社の担当者にお尋ねください。\n"
                ),
            ),
        }
    }

    fn english(&self) -> (String, String) {
        match self {
            Self::Code { code } => (
                "Enishi: your sign-in code".into(),
                format!(
                    "Here is your code to sign in. Enter it in the app within 10 minutes.\n\n{code}\n\n\
                     Tell this code to nobody.\n\
                     If you did not ask for it, ignore this mail. Nothing has changed.\n"
                ),
            ),
            Self::NewDevice { device } => (
                "Enishi: a new device signed in".into(),
                format!(
                    "A new device has signed in to your account.\n\n{device}\n\n\
                     If that was not you, revoke it in the app under Devices.\n"
                ),
            ),
            Self::JoinedAsYou { community } => (
                format!("Enishi: someone joined {community} as you"),
                format!(
                    "Someone joined {community} as the person that its records know under this address.\n\n\
                     If that was not you, please tell the company.\n"
                ),
            ),
            Self::Decided { community, accepted: true } => (
                format!("Enishi: welcome to {community}"),
                format!("Your request to join {community} was accepted. Open the app to begin.\n"),
            ),
            Self::Decided { community, accepted: false } => (
                format!("Enishi: your request to join {community}"),
                format!(
                    "Those who run {community} have looked at your request and could not accept it.\n\
                     If you think this is a mistake, ask whoever invited you, or the company.\n"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_alone_on_its_line_in_both_languages() {
        for language in [Language::Ja, Language::En] {
            let letter = Message::Code { code: "012345".into() }.letter("a@example.com", language);
            assert!(letter.text.lines().any(|line| line == "012345"), "{language:?}");
            assert!(!letter.subject.contains("012345"), "a subject shows on a locked screen");
        }
    }
}
