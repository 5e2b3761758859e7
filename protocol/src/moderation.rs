//! Moderation: the rules of a community, reports, hiding with a stub, appeals, standings.
//!
//! Nothing here says who reported: a report at a desk carries what was reported and why, and its
//! outcome goes to the inbox of whoever made it.

use crate::{
    error::Language,
    ids::{CommentId, MemberId, MessageId, MutationId, PostId, ReportId},
    membership::{PersonName, ProfileField, Role, words},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

words! {
    /// How a report stands.
    ReportState {
        /// Nobody has decided about it.
        Open = "open",
        /// Something was done about it.
        ActedOn = "acted_on",
        /// It was looked at, and nothing had to be done.
        NothingDone = "nothing_done",
    }

    /// How an appeal stands.
    AppealState {
        /// Nobody has decided about it.
        Open = "open",
        /// What was hidden is shown again.
        Restored = "restored",
        /// It stays hidden.
        Upheld = "upheld",
    }

    /// In what office somebody moderated.
    Office {
        /// As owner.
        Owner = "owner",
        /// As admin.
        Admin = "admin",
        /// As moderator.
        Moderator = "moderator",
        /// As keeper of the group.
        Keeper = "keeper",
    }
}

/// One rule of a community, as it read when it was cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommunityRule {
    /// 1 for the first.
    pub number: i64,
    /// In Japanese; may be empty where English is not.
    #[serde(default)]
    pub ja: String,
    /// In English; may be empty where Japanese is not.
    #[serde(default)]
    pub en: String,
}

impl CommunityRule {
    /// The rule in a language, or in the other where it has no words in this one.
    pub fn text(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::Ja => (&self.ja, &self.en),
            Language::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }
}

/// The rules of a community, in its stream. Before any were set, [`default_rules`] hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommunityRules {
    /// In order, numbered from 1.
    pub rules: Vec<CommunityRule>,
    /// What set them: what the next setting must name as its base.
    pub text_by: MutationId,
    /// When, in microseconds since 1970 UTC.
    pub set_us: i64,
}

/// The rules of a community that has set none of its own.
pub fn default_rules() -> Vec<CommunityRule> {
    let texts = [
        (
            "人を傷つけることを書かない。悪口、脅し、差別をしない。",
            "Nobody is hurt here: no insults, no threats, no discrimination.",
        ),
        (
            "ほかの人の私事や連絡先、会社の秘密を書かない。",
            "Nobody else's private matters or contact details, and no company's secrets.",
        ),
        ("求められていない売り込みや勧誘をしない。", "No selling and no soliciting that nobody asked for."),
        ("ほかの人や会社になりすまさない。", "Nobody passes for another person or a company."),
        ("法に触れることをしない。", "Nothing that is against the law."),
    ];
    let numbered = (1..).zip(texts);
    numbered.map(|(number, (ja, en))| CommunityRule { number, ja: ja.into(), en: en.into() }).collect()
}

/// The words of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RuleText {
    /// At most [`crate::limits::RULE_CHARS`] characters; one of the two languages at least.
    #[serde(default)]
    pub ja: String,
    /// At most [`crate::limits::RULE_CHARS`] characters.
    #[serde(default)]
    pub en: String,
}

/// Sets the rules of the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesSetting {
    /// What set the rules that this setting was made on; none where none were set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<MutationId>,
    /// 1 to [`crate::limits::RULES`] of them, in order.
    pub rules: Vec<RuleText>,
}

/// What a report or a hiding is about. More kinds may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
    /// A message, which nobody but those in its conversation reads.
    Message(MessageId),
    /// A member, with what everyone sees of their profile.
    Member(MemberId),
}

impl Subject {
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Post(id) => id.0,
            Self::Comment(id) => id.0,
            Self::Message(id) => id.0,
            Self::Member(id) => id.0,
        }
    }

    /// What it is, as on the wire.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Message(_) => "message",
            Self::Member(_) => "member",
        }
    }
}

/// A report, at a desk. Who made it is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Report {
    /// What is reported.
    pub subject: Subject,
    /// Who wrote it, or whom it is about.
    pub author: MemberId,
    /// Their name then.
    pub author_name: PersonName,
    /// What it said then; empty for a member.
    #[serde(default)]
    pub text: String,
    /// Of a message: those beside it that whoever reported chose to show, in order. They and the text are
    /// what is in that member's own inbox, opened because they gave it; no desk reads more of a conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<ReportedMessage>,
    /// What everyone saw of the profile then; for a member only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub profile: BTreeMap<ProfileField, String>,
    /// The rule that was named.
    pub rule: CommunityRule,
    /// The word of whoever reported.
    #[serde(default)]
    pub word: String,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// How it stands.
    pub state: ReportState,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<MemberId>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_us: Option<i64>,
}

impl Report {
    /// Whether what it says was given by whoever reported, out of their own inbox.
    pub fn is_given_by_reporter(&self) -> bool {
        matches!(self.subject, Subject::Message(_))
    }
}

/// A message beside a reported one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportedMessage {
    /// Which message.
    pub message: MessageId,
    /// Whether it came before the reported one.
    pub before: bool,
    /// Who wrote it.
    pub author: MemberId,
    /// Their name then.
    pub author_name: PersonName,
    /// What it said then.
    pub text: String,
    /// When it was written, in microseconds since 1970 UTC.
    pub created_us: i64,
}

/// A report in the inbox of whoever made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnReport {
    /// What is reported.
    pub subject: Subject,
    /// The rule that was named.
    pub rule: CommunityRule,
    /// One's own word.
    #[serde(default)]
    pub word: String,
    /// Whether it lies at the desk of those who run the community, or of the group's keepers.
    pub to_staff: bool,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// How it stands.
    pub state: ReportState,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_us: Option<i64>,
}

/// Reports something that one can read. Its id is the mutation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporting {
    /// What.
    pub subject: Subject,
    /// Of a message: at most [`crate::limits::REPORTED_AROUND`] others of its conversation to be shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<MessageId>,
    /// The number of the rule that it breaks.
    pub rule: i64,
    /// A word about it, at most [`crate::limits::NOTE_CHARS`] characters.
    #[serde(default)]
    pub word: String,
    /// Of something in a group: hands it to those who run the community, and not to the group's keepers.
    #[serde(default)]
    pub to_staff: bool,
}

/// Closes a report, and every other open one at that desk about the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportClosing {
    /// Which report.
    pub report: ReportId,
    /// Whether something was done.
    pub acted: bool,
}

/// In place of what was hidden: why, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hidden {
    /// The rule that it breaks.
    pub rule: CommunityRule,
    /// Who hid it; all zeros once they were erased.
    pub by: MemberId,
    /// Their name then; empty once they were erased.
    pub by_name: PersonName,
    /// In what office.
    pub office: Office,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// What a hidden post or comment says: in its author's inbox and at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HiddenText {
    /// What was hidden.
    pub subject: Subject,
    /// Who wrote it.
    pub author: MemberId,
    /// Their name then.
    pub author_name: PersonName,
    /// What it says.
    pub text: String,
    /// Why, by whom and when.
    pub hidden: Hidden,
    /// The author's appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<Appeal>,
    /// When it was shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_us: Option<i64>,
}

/// An author's appeal against a hiding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Appeal {
    /// The author's word.
    #[serde(default)]
    pub word: String,
    /// Whether those who run the community decide about it, or the group's keepers.
    pub to_staff: bool,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// How it stands.
    pub state: AppealState,
    /// Who decided: never who hid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<MemberId>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_us: Option<i64>,
}

/// Hides a post or comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hiding {
    /// Which one; a member cannot be hidden.
    pub subject: Subject,
    /// The number of the rule that it breaks.
    pub rule: i64,
}

/// Shows what was hidden again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unhiding {
    /// Which one.
    pub subject: Subject,
}

/// Appeals against the hiding of one's own post or comment, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appealing {
    /// Which one.
    pub subject: Subject,
    /// Why it should be shown: at most [`crate::limits::NOTE_CHARS`] characters.
    #[serde(default)]
    pub word: String,
    /// Of something in a group: those who run the community shall decide, and not the group's keepers.
    #[serde(default)]
    pub to_staff: bool,
}

/// Decides an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealDecision {
    /// What was hidden.
    pub subject: Subject,
    /// Show it again, or not.
    pub restore: bool,
}

/// Shuts a member out for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspending {
    /// Whom.
    pub member: MemberId,
    /// Until when, in microseconds since 1970 UTC; without it until somebody restores them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_us: Option<i64>,
    /// Why, as they are told: 1 to [`crate::limits::NOTE_CHARS`] characters.
    pub reason: String,
}

/// Lets a suspended member take part again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoring {
    /// Whom.
    pub member: MemberId,
}

/// Ends a membership against the member's will. What they wrote stays under their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removing {
    /// Whose.
    pub member: MemberId,
    /// Why, as they are told: 1 to [`crate::limits::NOTE_CHARS`] characters.
    pub reason: String,
}

/// Gives a member another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSetting {
    /// Whom.
    pub member: MemberId,
    /// Which role.
    pub role: Role,
}

/// Marks a member as a supporter, who welcomes newcomers, or takes the mark off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupporterSetting {
    /// Whom.
    pub member: MemberId,
    /// Whether they shall be one.
    pub on: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_on_the_wire_what_it_is() {
        let subject = Subject::Comment(CommentId(Uuid::from_u128(7)));
        let text = serde_json::to_string(&subject).expect("encodes");
        assert_eq!(text, r#"{"kind":"comment","id":"00000000-0000-0000-0000-000000000007"}"#);
        assert_eq!(serde_json::from_str::<Subject>(&text).ok(), Some(subject));
        assert_eq!((subject.kind(), subject.id()), ("comment", Uuid::from_u128(7)));
    }

    #[test]
    fn a_rule_is_read_in_the_language_that_it_has() {
        let rule = CommunityRule { number: 1, ja: "悪口を書かない。".into(), en: String::new() };
        assert_eq!(rule.text(Language::En), rule.text(Language::Ja));
        for rule in default_rules() {
            assert_ne!(rule.text(Language::En), rule.text(Language::Ja));
        }
    }
}
