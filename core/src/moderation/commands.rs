//! What a member can do about what is against the rules, and those on duty with it.
//!
//! Like all commands: checked here, decided by the server.

use crate::{
    blocks::is_shown,
    error::StoreError,
    feed::{
        commands::{check_length, check_text, post_parent},
        comments,
        details::by_id,
        stub::rules,
    },
    messages::find_message,
    store::{Store, Wish, view::View},
};
use enishi_protocol::{
    CommunityId, ErrorCode, MessageId, MutationId, Operation, ReportId,
    limits::{NOTE_CHARS, REPORTED_AROUND, RULE_CHARS, RULES},
    moderation::{
        AppealDecision, Appealing, CommunityRules, HiddenText, Hiding, ReportClosing, Reporting, RuleText,
        RulesSetting, Subject, Unhiding,
    },
};

/// Sets the rules of the community, based on those that the member sees now.
pub fn set_rules(store: &Store, community: CommunityId, texts: &[RuleText]) -> Result<Wish, StoreError> {
    if texts.is_empty() {
        return Err(StoreError::Refused(ErrorCode::TextEmpty));
    }
    if texts.len() > RULES {
        return Err(StoreError::Refused(ErrorCode::TooMany));
    }
    for text in texts {
        check_text(if text.ja.trim().is_empty() { &text.en } else { &text.ja }, RULE_CHARS)?;
        check_length(&text.en, RULE_CHARS)?;
    }
    store.view(community, |view| {
        let waiting = view.shown_operations().filter(|(_, operation)| matches!(operation, Operation::SetRules(_)));
        let parent = waiting.last().map(|(waiting, _)| waiting.id);
        let held: Option<CommunityRules> = view.entity(view.commons(), "rules", view.community.0)?;
        let base = parent.or(held.map(|held| held.text_by));
        Ok(Wish { operation: Operation::SetRules(RulesSetting { base, rules: texts.to_vec() }), parent })
    })
}

/// Reports a post, a comment, a message or a member, by the number of the rule that it breaks.
pub fn report(
    store: &Store,
    community: CommunityId,
    subject: Subject,
    rule: i64,
    word: &str,
    to_staff: bool,
) -> Result<Wish, StoreError> {
    let reporting = Reporting { subject, around: Vec::new(), rule, word: word.to_owned(), to_staff };
    make_report(store, community, reporting)
}

/// Reports a message, with those beside it that are to be shown with it: whoever decides sees these, and nothing else
/// of the conversation.
pub fn report_message(
    store: &Store,
    community: CommunityId,
    message: MessageId,
    around: &[MessageId],
    rule: i64,
    word: &str,
) -> Result<Wish, StoreError> {
    if around.len() > REPORTED_AROUND {
        return Err(StoreError::Refused(ErrorCode::TooMany));
    }
    let (subject, around) = (Subject::Message(message), around.to_vec());
    make_report(store, community, Reporting { subject, around, rule, word: word.to_owned(), to_staff: true })
}

fn make_report(store: &Store, community: CommunityId, reporting: Reporting) -> Result<Wish, StoreError> {
    check_length(&reporting.word, NOTE_CHARS)?;
    store.view(community, |view| {
        check_rule(view, reporting.rule)?;
        let parent = others(view, reporting.subject)?;
        Ok(Wish { operation: Operation::Report(reporting), parent })
    })
}

fn check_rule(view: &View<'_>, number: i64) -> Result<(), StoreError> {
    let known = rules(view)?.iter().any(|rule| rule.number == number);
    if known { Ok(()) } else { Err(StoreError::Refused(ErrorCode::RuleUnknown)) }
}

/// Makes sure that something is there and is somebody else's.
fn others(view: &View<'_>, subject: Subject) -> Result<Option<MutationId>, StoreError> {
    let (author, hidden) = match subject {
        Subject::Post(post) => match by_id(view, post)? {
            Some(details) => (details.post.entity.author, details.post.entity.hidden.is_some()),
            None => post_parent(view, post).map(|_| (view.member, false))?,
        },
        Subject::Comment(comment) => {
            let found = comments::find(view, comment)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            (found.author, found.hidden)
        }
        Subject::Message(message) => {
            let found = find_message(view, message)?.ok_or(StoreError::Refused(ErrorCode::NotFound))?;
            // Whoever has blocked this member is not there for them, nor is what they wrote.
            if !found.own && !is_shown(view, found.author)? {
                return Err(StoreError::Refused(ErrorCode::NotFound));
            }
            (found.author, false)
        }
        Subject::Member(member) => {
            if !is_shown(view, member)? {
                return Err(StoreError::Refused(ErrorCode::NotFound));
            }
            (member, false)
        }
    };
    if author == view.member {
        Err(StoreError::Refused(ErrorCode::NotAllowed))
    } else if hidden {
        Err(StoreError::Refused(ErrorCode::Hidden))
    } else {
        Ok(None)
    }
}

/// Closes a report, and others at its desk about the same.
pub fn close_report(report: ReportId, acted: bool) -> Wish {
    Wish::free(Operation::CloseReport(ReportClosing { report, acted }))
}

/// Hides a post or comment, by the number of the rule that it breaks. It need not be on this phone:
/// a report brings a copy of it.
pub fn hide(store: &Store, community: CommunityId, subject: Subject, rule: i64) -> Result<Wish, StoreError> {
    check_content(subject)?;
    store.view(community, |view| {
        check_rule(view, rule)?;
        Ok(Wish::free(Operation::Hide(Hiding { subject, rule })))
    })
}

/// Shows what was hidden again.
pub fn unhide(subject: Subject) -> Result<Wish, StoreError> {
    check_content(subject)?;
    Ok(Wish::free(Operation::Unhide(Unhiding { subject })))
}

fn check_content(subject: Subject) -> Result<(), StoreError> {
    match subject {
        Subject::Message(_) | Subject::Member(_) => Err(StoreError::Refused(ErrorCode::NotFound)),
        Subject::Post(_) | Subject::Comment(_) => Ok(()),
    }
}

/// Appeals against the hiding of this member's own post or comment.
pub fn appeal(
    store: &Store,
    community: CommunityId,
    subject: Subject,
    word: &str,
    to_staff: bool,
) -> Result<Wish, StoreError> {
    check_length(word, NOTE_CHARS)?;
    store.view(community, |view| {
        let held: Option<HiddenText> = view.entity(view.inbox(), "hidden_text", subject.id())?;
        let held = held.filter(|held| held.restored_us.is_none()).ok_or(StoreError::Refused(ErrorCode::NotFound))?;
        if held.appeal.is_some() {
            return Err(StoreError::Refused(ErrorCode::AlreadyExists));
        }
        let appealing = Appealing { subject, word: word.to_owned(), to_staff };
        Ok(Wish::free(Operation::Appeal(appealing)))
    })
}

/// Decides an appeal.
pub fn decide_appeal(subject: Subject, restore: bool) -> Wish {
    Wish::free(Operation::DecideAppeal(AppealDecision { subject, restore }))
}
