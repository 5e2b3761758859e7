//! What mail says. Its words are in `japanese` and `english`.

use super::{english, japanese};
use enishi_protocol::{
    Language,
    membership::{Affiliation, CommunityKind, Role},
};
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
    /// A code for an address that somebody wants to add. Stands alone on its line.
    AddressCode {
        /// Six digits.
        code: String,
    },
    /// An address was added to the account.
    AddressAdded {
        /// Which one.
        address: String,
    },
    /// An address was removed from the account; goes to that one, too.
    AddressRemoved {
        /// Which one.
        address: String,
    },
    /// A recovery code was made.
    RecoveryCodeMade,
    /// The recovery code was used.
    RecoveryCodeUsed {
        /// What its owner calls the device that it signed in.
        device: String,
    },
    /// Somebody says that a membership of the account is theirs; nobody has supported it yet.
    RecoveryAsked {
        /// The community's name.
        community: String,
    },
    /// A membership of the account goes over to another unless it is stopped.
    RecoveryWaits {
        /// The community's name.
        community: String,
        /// The code of the link that stops it.
        stop: String,
    },
    /// A recovery was stopped; goes to both accounts.
    RecoveryStopped {
        /// The community's name.
        community: String,
    },
    /// A membership has gone over; goes to the account that had it.
    MembershipMoved {
        /// The community's name.
        community: String,
    },
    /// A recovery was decided; goes to whoever asked for it.
    RecoveryDecided {
        /// The community's name.
        community: String,
        /// The membership is theirs, or is not.
        done: bool,
    },
    /// The account is being deleted.
    AccountDeleted,
    /// Somebody joined as the person of a registry entry; goes to the entry's known address.
    JoinedAsYou {
        /// The community's name.
        community: String,
    },
    /// Those who run a community invite; goes to a registry entry's known address, once, and once more to remind.
    Invitation {
        /// The community's name.
        community: String,
        /// What it is.
        community_kind: CommunityKind,
        /// Who invites.
        invited_by: String,
        /// Their role.
        role: Role,
        /// How they belong.
        affiliation: Affiliation,
        /// The invitation's code.
        code: String,
        /// Until when it is good, in microseconds since 1970 UTC.
        until_us: i64,
        /// Whether it was told of before.
        reminder: bool,
    },
    /// A request to join was decided.
    Decided {
        /// The community's name.
        community: String,
        /// Let in, or not.
        accepted: bool,
    },
    /// A membership was suspended.
    Suspended {
        /// The community's name.
        community: String,
        /// Until when, in microseconds since 1970 UTC; none until somebody restores it.
        until_us: Option<i64>,
        /// Why, in the words of whoever decided.
        reason: String,
    },
    /// A suspension is over.
    Restored {
        /// The community's name.
        community: String,
    },
    /// A membership was ended by those who run the community.
    Removed {
        /// The community's name.
        community: String,
        /// Why, in the words of whoever decided.
        reason: String,
    },
}

/// A time as a mail writes it, in Japan's time.
pub(super) fn written(us: i64) -> String {
    let japan = chrono::FixedOffset::east_opt(9 * 3600);
    let time = japan.and_then(|japan| Some(chrono::DateTime::from_timestamp_micros(us)?.with_timezone(&japan)));
    time.map_or_else(String::new, |time| time.format("%Y/%m/%d %H:%M (JST)").to_string())
}

/// A day as a mail or a letter writes it, in Japan's time.
pub(crate) fn day(us: i64, language: Language) -> String {
    let japan = chrono::FixedOffset::east_opt(9 * 3600);
    let time = japan.and_then(|japan| Some(chrono::DateTime::from_timestamp_micros(us)?.with_timezone(&japan)));
    let form = match language {
        Language::Ja => "%Y年%-m月%-d日",
        Language::En => "%-d %B %Y",
    };
    time.map_or_else(String::new, |time| time.format(form).to_string())
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
    /// Where no more mail of its kind can be asked for by one POST, where there is such a place.
    pub unsubscribe: Option<String>,
}

impl Message {
    /// The letter that says this. `server` is the server's URL, for links to its pages.
    pub fn letter(&self, to: &str, language: Language, server: &str) -> Letter {
        let (subject, text) = match language {
            Language::Ja => japanese::words(self, server),
            Language::En => english::words(self, server),
        };
        let unsubscribe = match self {
            Self::Invitation { code, .. } => Some(format!("{server}/decline/{code}")),
            _ => None,
        };
        Letter { to: to.to_owned(), subject, text, unsubscribe }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suspension_says_why_and_until_when() {
        let until_us = Some(1_775_001_600_000_000);
        let message =
            Message::Suspended { community: "縁商事".into(), until_us, reason: "きまり1に三度".into() };
        for language in [Language::Ja, Language::En] {
            let letter = message.letter("a@example.com", language, "https://a.example.jp");
            for part in ["きまり1に三度", "2026/04/01 09:00"] {
                assert!(letter.text.contains(part), "{part}: {}", letter.text);
            }
        }
    }

    #[test]
    fn a_code_stands_alone_on_its_line_in_both_languages() {
        let code = || "012345".to_owned();
        for message in [Message::Code { code: code() }, Message::AddressCode { code: code() }] {
            for language in [Language::Ja, Language::En] {
                let letter = message.letter("a@example.com", language, "https://a.example.jp");
                assert!(letter.text.lines().any(|line| line == "012345"), "{language:?}");
                assert!(!letter.subject.contains("012345"), "a subject shows on a locked screen");
            }
        }
    }
}
