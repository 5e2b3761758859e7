//! Appeals: the author of what was hidden asks for another look, and somebody else takes it.

use super::{at_desk, check_word, hiding, is_closed_to_staff, read};
use crate::{
    feed::hiding::{self as stubs, Content, Kept},
    policy::{self, Action, Actor, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    ErrorCode, GroupId, Stream,
    moderation::{Appeal, AppealDecision, AppealState, Appealing},
};

/// Appeals against the hiding of one's own post or comment, once.
///
/// # Errors
/// Why not, as the member is told.
pub fn appeal(writing: &mut Writing<'_>, actor: &Actor, appealing: &Appealing) -> Result<(), Failure> {
    let content = hiding::of(writing, appealing.subject)?;
    let author = content.author == actor.id;
    // Authors read what was hidden in their own inbox, also after they have left the group.
    let permit = policy::ask(actor, Action::Appeal, Relation { reads: author, author, ..Relation::NONE })?;
    check_word(&appealing.word)?;
    let kept = stubs::kept(writing.conn, writing.community, content.subject)?.ok_or(ErrorCode::NotFound)?;
    if kept.appeal.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let desk = desk_for(writing, &content, &kept, appealing.to_staff)?;
    let appeal = Appeal {
        word: appealing.word.trim().to_owned(),
        to_staff: desk == Stream::community_desk(writing.community),
        at_us: writing.now_us,
        state: AppealState::Open,
        decided_by: None,
        decided_us: None,
    };
    stubs::keep_appeal(writing, content.subject, desk, &serde_json::to_string(&appeal)?)?;
    let mut desks = kept.desks;
    if !desks.contains(&desk) {
        desks.push(desk);
    }
    let mut text = hiding::text(writing, &content, kept.text, kept.stub)?;
    text.appeal = Some(appeal);
    hiding::tell(writing, &permit, &text, &desks)
}

/// The desk that decides: the one that hid it, unless nobody there could who has not hidden it.
fn desk_for(writing: &mut Writing<'_>, content: &Content, kept: &Kept, to_staff: bool) -> Result<Stream, Failure> {
    let staff = Stream::community_desk(writing.community);
    let Stream::Group(group) = content.stream else { return Ok(staff) };
    let of_group = Stream::group_desk(group);
    if to_staff || !kept.desks.contains(&of_group) {
        return Ok(staff);
    }
    // Where those who run the community may not look, it waits for another keeper.
    let stays = is_closed_to_staff(writing, content.stream)? || has_another_keeper(writing, group, content, kept)?;
    Ok(if stays { of_group } else { staff })
}

fn has_another_keeper(
    writing: &mut Writing<'_>,
    group: GroupId,
    content: &Content,
    kept: &Kept,
) -> Result<bool, Failure> {
    let row = writing.conn.first(
        "SELECT 1 FROM group_member WHERE community = $1 AND group_id = $2 AND keeper = 1
         AND member <> $3 AND member <> $4 LIMIT 1",
        values![writing.community, group, kept.stub.by, content.author],
    )?;
    Ok(row.is_some())
}

/// Decides an appeal. Who hid it cannot.
///
/// # Errors
/// [`ErrorCode::OwnCase`] for who hid it; or why not, as the member is told.
pub fn decide_appeal(writing: &mut Writing<'_>, actor: &Actor, decision: &AppealDecision) -> Result<(), Failure> {
    let content = hiding::of(writing, decision.subject)?;
    let kept = stubs::kept(writing.conn, writing.community, content.subject)?.ok_or(ErrorCode::NotFound)?;
    let desk = kept.appeal_desk.ok_or(ErrorCode::NotFound)?;
    let party = [content.author, kept.stub.by].contains(&actor.id);
    let relation = at_desk(writing, actor, desk, party)?;
    let permit = policy::ask(actor, Action::DecideAppeal, relation)?;
    let mut appeal: Appeal = kept.appeal.as_deref().map(read).transpose()?.ok_or(ErrorCode::NotFound)?;
    if appeal.state != AppealState::Open {
        return Ok(());
    }
    if decision.restore {
        return hiding::restore(writing, &permit, actor, &content, kept);
    }
    appeal.state = AppealState::Upheld;
    appeal.decided_by = Some(actor.id);
    appeal.decided_us = Some(writing.now_us);
    stubs::keep_appeal(writing, content.subject, desk, &serde_json::to_string(&appeal)?)?;
    let mut text = hiding::text(writing, &content, kept.text, kept.stub)?;
    text.appeal = Some(appeal);
    hiding::tell(writing, &permit, &text, &kept.desks)
}
