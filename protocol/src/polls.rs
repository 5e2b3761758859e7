//! Polls: a post whose text is the question, and what each member chose, known one by one to nobody
//! but the server and whoever chose.

use crate::{error::Language, ids::PostId, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The number of an option, from 0.
pub type Choice = u8;

/// A poll, in the post that asks. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Poll {
    /// [`limits::POLL_OPTIONS_MIN`] to [`limits::POLL_OPTIONS`] different answers, each of 1 to
    /// [`limits::POLL_OPTION_CHARS`] characters.
    pub options: Vec<String>,
    /// Whether one may choose several.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// Until when one may vote, by the server's clock, in microseconds since 1970 UTC; none for as long
    /// as the post is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_us: Option<i64>,
}

impl Poll {
    /// Whether it is one that can be asked.
    pub fn is_sound(&self) -> bool {
        let texts: BTreeSet<&str> = self.options.iter().map(|option| option.trim()).collect();
        let fits = |option: &String| {
            let count = option.chars().count();
            (1..=limits::POLL_OPTION_CHARS).contains(&count) && !option.chars().any(char::is_control)
        };
        (limits::POLL_OPTIONS_MIN..=limits::POLL_OPTIONS).contains(&self.options.len())
            && self.options.iter().all(fits)
            && !texts.contains("")
            && texts.len() == self.options.len()
    }

    /// These choices sorted and each once, where the poll allows them; none chosen takes a vote back.
    pub fn allowed(&self, choices: &[Choice]) -> Option<Vec<Choice>> {
        let choices: BTreeSet<Choice> = choices.iter().copied().collect();
        let known = choices.iter().all(|choice| usize::from(*choice) < self.options.len());
        (known && (self.several || choices.len() <= 1)).then(|| choices.into_iter().collect())
    }
}

/// The votes of one poll, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PollCounts {
    /// Members who chose anything.
    pub voters: i64,
    /// Members per option; none below [`limits::POLL_VOTERS_SHOWN`] voters, when numbers would tell
    /// who chose what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub votes: Option<Vec<i64>>,
}

/// In an inbox: what this member chose in one poll.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyVote {
    /// The choices, sorted; never empty.
    pub choices: Vec<Choice>,
    /// What they took the place of: with it a phone knows what counts that are older than this vote
    /// have of this member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Choice>,
}

/// Votes, or votes anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voting {
    /// The post with the poll.
    pub post: PostId,
    /// All that this member chooses; none takes the vote back.
    pub choices: Vec<Choice>,
}

/// What a poll says to whoever is about to vote: who will know.
pub const fn notice(language: Language) -> &'static str {
    match language {
        Language::Ja => {
            "だれがどれを選んだかは、ほかのメンバーには表示されません。選択肢ごとの数は、5人が投票してから出ます。全員が同じものを選んだときなど、数から分かることはあります。記録はサーバーに残り、運営者は読めます。"
        }
        Language::En => {
            "Other members do not see who chose what. Numbers per option show once 5 members have voted. Numbers can still tell, as when all choose the same. The record is on the server, and whoever runs it can read it."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll(options: &[&str], several: bool) -> Poll {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Poll { options, several, closes_us: None }
    }

    #[test]
    fn a_poll_has_two_to_ten_different_answers() {
        assert!(poll(&["金曜", "土曜"], false).is_sound());
        let long = "長".repeat(limits::POLL_OPTION_CHARS + 1);
        let eleven: Vec<String> = (0..11).map(|number| number.to_string()).collect();
        let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
        let bad: [&[&str]; 6] =
            [&["金曜"], &["金曜", "金曜 "], &["金曜", " "], &["金曜", ""], &["金曜", &long], &eleven];
        for options in bad {
            assert!(!poll(options, true).is_sound(), "{options:?}");
        }
    }

    #[test]
    fn only_what_the_poll_allows_is_a_vote() {
        let (one, several) = (poll(&["金曜", "土曜"], false), poll(&["金曜", "土曜"], true));
        assert_eq!(one.allowed(&[1, 1]), Some(vec![1]));
        assert_eq!(one.allowed(&[0, 1]), None);
        assert_eq!(several.allowed(&[1, 0]), Some(vec![0, 1]));
        assert_eq!(several.allowed(&[2]), None);
        assert_eq!(one.allowed(&[]), Some(vec![]));
    }

    #[test]
    fn the_notice_names_the_number_that_the_server_keeps() {
        for language in [Language::Ja, Language::En] {
            assert!(notice(language).contains(&limits::POLL_VOTERS_SHOWN.to_string()));
        }
    }
}
