//! Consents: what a member allows the company to do with what it knows of them, per purpose, each with
//! a receipt that says which words were agreed to.
//!
//! There is no purpose here that no query of the server enforces. A change of words is a new version,
//! which needs a new consent; older versions stay, so that a receipt can always be read.

use crate::{error::Language, membership::words};
use serde::{Deserialize, Serialize};

words! {
    /// What something may be used for.
    Purpose {
        /// The list of members that those who run the community take out of it.
        DirectoryExport = "directory_export",
        /// The employee number beside the member in that list, which links profile and registry.
        RegistryLink = "registry_link",
    }
}

/// The words of one version in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What is allowed, by consenting, and what is not.
    pub text: &'static str,
}

struct Words {
    purpose: Purpose,
    version: i64,
    ja: ConsentText,
    en: ConsentText,
}

/// Every version there ever was. Never edited after it has landed: a mended text is a new version.
const TEXTS: &[Words] = &[
    Words {
        purpose: Purpose::DirectoryExport,
        version: 1,
        ja: ConsentText {
            title: "会社が書き出す名簿に載ること",
            text: "会社の担当者が、連絡や集まりの準備のために、メンバーの名簿をこのコミュニティの外へ書き出すことがあります。同意すると、あなたのお名前、参加した日、「全員」または「人事」に見せているプロフィールが載ります。同意しなくても、ほかのことはすべて同じように使えます。いつでも取り消せます。取り消すと、次の書き出しからは載りません。すでに書き出された名簿は消えません。",
        },
        en: ConsentText {
            title: "Being in the list that the company exports",
            text: "Those who run the community for the company may export a list of members, to get in touch or to prepare a meeting. If you consent, it has your name, the day you joined, and what your profile shows to everyone or to HR. If you do not, everything else works just the same. You can take it back at any time; from then on exports leave you out. Lists that were exported before do not vanish.",
        },
    },
    Words {
        purpose: Purpose::RegistryLink,
        version: 1,
        ja: ConsentText {
            title: "名簿で社員番号とつなげること",
            text: "会社が書き出す名簿に、在職時の社員番号を添えてよいということです。同意すると、会社はこのコミュニティのあなたと、退職者名簿の記録が同じ人だと分かります。名簿に載ること自体の同意は別にあります。同意しなくても、ほかのことはすべて同じように使えます。いつでも取り消せます。取り消すと、次の書き出しからは社員番号が空になります。",
        },
        en: ConsentText {
            title: "Linking you to your employee number in the list",
            text: "The list that the company exports may carry your former employee number. If you consent, the company knows that you here and the record in its registry are the same person. Being in the list at all is a consent of its own. If you do not consent, everything else works just the same. You can take it back at any time; from then on exports leave the number empty.",
        },
    },
];

impl Purpose {
    /// The version of the words that is asked for now.
    pub fn version(self) -> i64 {
        TEXTS.iter().filter(|words| words.purpose == self).map(|words| words.version).max().unwrap_or_default()
    }

    /// The words of a version; none for one that this build does not have.
    pub fn text(self, version: i64, language: Language) -> Option<ConsentText> {
        let words = TEXTS.iter().find(|words| words.purpose == self && words.version == version)?;
        Some(match language {
            Language::Ja => words.ja,
            Language::En => words.en,
        })
    }
}

/// In an inbox: a consent that was given, and perhaps taken back. Id: the mutation that gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// What for.
    pub purpose: Purpose,
    /// Which version of the words was agreed to.
    pub version: i64,
    /// In which language they were read.
    pub language: Language,
    /// When it was given, in microseconds since 1970 UTC.
    pub given_us: i64,
    /// When it was taken back, or another version took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_us: Option<i64>,
}

/// Consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiving {
    /// What for.
    pub purpose: Purpose,
    /// The version of the words that the member read.
    pub version: i64,
    /// The language in which they read them.
    pub language: Language,
}

/// Takes a consent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWithdrawal {
    /// What for.
    pub purpose: Purpose,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_has_words_in_both_languages_for_every_version() {
        for purpose in Purpose::ALL {
            assert!(purpose.version() > 0, "{purpose:?}");
            for version in 1..=purpose.version() {
                for language in [Language::Ja, Language::En] {
                    let words = purpose.text(version, language).expect("words");
                    assert!(!words.title.is_empty() && !words.text.contains('！'), "{purpose:?}");
                }
            }
            assert_eq!(purpose.text(purpose.version() + 1, Language::Ja), None);
        }
    }
}
