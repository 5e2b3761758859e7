//! Hiding a post or comment, and showing it again: who may, and who is told.

use super::{name_of, office, read, relation, rules};
use crate::{
    feed::hiding::{self as stubs, Content, Kept, content},
    policy::{self, Action, Actor, Permit},
    writing::{Failure, Writing},
};
use enishi_protocol::{
    Entity, ErrorCode, Stream,
    moderation::{Appeal, AppealState, Hidden, HiddenText, Hiding, Subject, Unhiding},
};

/// Hides a post or comment. One that is hidden stays hidden as it is.
///
/// # Errors
/// Why not, as the member is told.
pub fn hide(writing: &mut Writing<'_>, actor: &Actor, hiding: &Hiding) -> Result<(), Failure> {
    let content = of(writing, hiding.subject)?;
    let relation = relation(writing, actor, &content)?;
    let permit = policy::ask(actor, Action::Hide, relation)?;
    let rule = rules::rule(writing, hiding.rule)?;
    if content.hidden.is_some() {
        return Ok(());
    }
    let desk = match content.stream {
        Stream::Group(group) if relation.keeper => Stream::group_desk(group),
        _ => Stream::community_desk(writing.community),
    };
    let office = office(writing, actor, desk);
    let stub = Hidden { rule, by: actor.id, by_name: actor.name.clone(), office, at_us: writing.now_us };
    stubs::hide(writing, &permit, &content, &stub, desk)?;
    let text = text(writing, &content, content.text.clone(), stub)?;
    tell(writing, &permit, &text, &[desk])
}

/// Shows what was hidden again. What is not hidden stays so.
///
/// # Errors
/// Why not, as the member is told.
pub fn unhide(writing: &mut Writing<'_>, actor: &Actor, unhiding: &Unhiding) -> Result<(), Failure> {
    let content = of(writing, unhiding.subject)?;
    let relation = relation(writing, actor, &content)?;
    let permit = policy::ask(actor, Action::Hide, relation)?;
    match stubs::kept(writing.conn, writing.community, content.subject)? {
        Some(kept) => restore(writing, &permit, actor, &content, kept),
        None => Ok(()),
    }
}

pub(super) fn of(writing: &mut Writing<'_>, subject: Subject) -> Result<Content, Failure> {
    Ok(content(writing.conn, writing.community, subject)?.ok_or(ErrorCode::NotFound)?)
}

/// Shows it again, and tells the author and the desks. An open appeal has reached what it wanted.
pub(super) fn restore(
    writing: &mut Writing<'_>,
    permit: &Permit,
    actor: &Actor,
    content: &Content,
    kept: Kept,
) -> Result<(), Failure> {
    stubs::unhide(writing, permit, content)?;
    let mut text = text(writing, content, kept.text, kept.stub)?;
    text.restored_us = Some(writing.now_us);
    text.appeal = kept.appeal.as_deref().map(read::<Appeal>).transpose()?;
    if let Some(appeal) = text.appeal.as_mut().filter(|appeal| appeal.state == AppealState::Open) {
        appeal.state = AppealState::Restored;
        appeal.decided_by = Some(actor.id);
        appeal.decided_us = Some(writing.now_us);
    }
    if let (Some(appeal), Some(desk)) = (&text.appeal, kept.appeal_desk) {
        stubs::keep_appeal(writing, content.subject, desk, &serde_json::to_string(appeal)?)?;
    }
    tell(writing, permit, &text, &kept.desks)
}

pub(super) fn text(
    writing: &mut Writing<'_>,
    content: &Content,
    text: String,
    hidden: Hidden,
) -> Result<HiddenText, Failure> {
    let (subject, author) = (content.subject, content.author);
    let author_name = name_of(writing, author)?;
    Ok(HiddenText { subject, author, author_name, text, hidden, appeal: None, restored_us: None })
}

/// Puts what was hidden into its author's inbox, and onto the desks.
pub(super) fn tell(
    writing: &mut Writing<'_>,
    permit: &Permit,
    text: &HiddenText,
    desks: &[Stream],
) -> Result<(), Failure> {
    for stream in desks.iter().copied().chain([Stream::Member(text.author)]) {
        writing.put(permit, stream, text.subject.id(), None, &Entity::HiddenText(text.clone()))?;
    }
    Ok(())
}
