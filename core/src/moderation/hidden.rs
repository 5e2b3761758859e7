//! What was hidden, with its text: one's own, and at the desks that this member sees.

use super::{desk::desks, latest};
use crate::{
    error::StoreError,
    feed::{Delivery, comments, details::by_id, laid::written_us},
    store::{Store, view::View},
};
use enishi_protocol::{
    CommunityId, GroupId, Operation, Stream,
    groups::GroupMember,
    membership::Standing,
    moderation::{Appeal, AppealState, HiddenText, Subject},
};
use rusqlite::params;

/// A post or comment that was hidden, for whoever may know what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HiddenView {
    /// What it says, why it was hidden, and what became of that.
    pub text: HiddenText,
    /// The group that it is in; none for one of the community's feed, or where that is not known here.
    pub group: Option<GroupId>,
    /// Whether this member wrote or hid it, so that somebody else decides an appeal.
    pub own_case: bool,
    /// Whether an open appeal waits because nobody is there who could decide it: the owner, or the
    /// keepers of the group, must name another.
    pub waits_for_another: bool,
    /// How far this member's latest wish about it has come.
    pub delivery: Delivery,
}

/// What of this member's own was hidden, the newest first.
pub fn own_hidden(store: &Store, community: CommunityId) -> Result<Vec<HiddenView>, StoreError> {
    store.view(community, |view| {
        let mut hidden = Vec::new();
        for (_, text) in view.entities::<HiddenText>(view.inbox(), "hidden_text")? {
            let group = group_of(view, text.subject)?;
            hidden.push(shown(view, text, group)?);
        }
        Ok(sorted(hidden))
    })
}

/// What was hidden at the desks that this member sees, the newest first.
pub fn desk_hidden(store: &Store, community: CommunityId) -> Result<Vec<HiddenView>, StoreError> {
    store.view(community, |view| {
        let mut hidden: Vec<HiddenView> = Vec::new();
        for (desk, group) in desks(view) {
            for (_, text) in view.entities::<HiddenText>(view.copy(desk), "hidden_text")? {
                if hidden.iter().all(|known| known.text.subject != text.subject) {
                    hidden.push(shown(view, text, group)?);
                }
            }
        }
        Ok(sorted(hidden))
    })
}

fn sorted(mut hidden: Vec<HiddenView>) -> Vec<HiddenView> {
    hidden.sort_by_key(|view| std::cmp::Reverse((view.text.hidden.at_us, view.text.subject)));
    hidden
}

fn group_of(view: &View<'_>, subject: Subject) -> Result<Option<GroupId>, StoreError> {
    let post = match subject {
        Subject::Post(post) => Some(post),
        Subject::Comment(comment) => comments::find(view, comment)?.map(|comment| comment.post),
        Subject::Message(_) | Subject::Member(_) => None,
    };
    let Some(post) = post else { return Ok(None) };
    Ok(by_id(view, post)?.and_then(|details| match details.stream {
        Stream::Group(group) => Some(group),
        _ => None,
    }))
}

fn shown(view: &View<'_>, mut text: HiddenText, group: Option<GroupId>) -> Result<HiddenView, StoreError> {
    let mut delivery = Delivery::Sent;
    let subject = text.subject;
    let about = latest(view, |operation| match operation {
        Operation::Appeal(wish) if wish.subject == subject => Some(operation.clone()),
        Operation::DecideAppeal(wish) if wish.subject == subject => Some(operation.clone()),
        Operation::Unhide(wish) if wish.subject == subject => Some(operation.clone()),
        _ => None,
    });
    if let Some((id, operation, how)) = about {
        delivery = how;
        if how == Delivery::Pending {
            lay(view, &mut text, &operation, written_us(id));
        }
    }
    let own_case = [text.author, text.hidden.by].contains(&view.member);
    let waits_for_another = waits_for_another(view, &text, group)?;
    Ok(HiddenView { text, group, own_case, waits_for_another, delivery })
}

fn lay(view: &View<'_>, text: &mut HiddenText, operation: &Operation, at_us: i64) {
    match operation {
        Operation::Appeal(wish) if text.appeal.is_none() => {
            text.appeal = Some(Appeal {
                word: wish.word.clone(),
                to_staff: wish.to_staff,
                at_us,
                state: AppealState::Open,
                decided_by: None,
                decided_us: None,
            });
        }
        Operation::DecideAppeal(wish) => {
            let state = if wish.restore { AppealState::Restored } else { AppealState::Upheld };
            if let Some(appeal) = &mut text.appeal {
                (appeal.state, appeal.decided_by, appeal.decided_us) = (state, Some(view.member), Some(at_us));
            }
            if wish.restore {
                text.restored_us = Some(at_us);
            }
        }
        Operation::Unhide(_) => text.restored_us = Some(at_us),
        _ => {}
    }
}

/// Whether an open appeal has nobody to decide it but who hid it, as far as this phone knows.
fn waits_for_another(view: &View<'_>, text: &HiddenText, group: Option<GroupId>) -> Result<bool, StoreError> {
    let Some(appeal) = text.appeal.as_ref().filter(|appeal| appeal.state == AppealState::Open) else {
        return Ok(false);
    };
    if text.restored_us.is_some() {
        return Ok(false);
    }
    let parties = [text.author, text.hidden.by];
    if appeal.to_staff {
        let mut others = view.connection.prepare_cached(
            "SELECT 1 FROM member WHERE copy = ?1 AND standing = 'active' AND role != 'member'
             AND id != ?2 AND id != ?3",
        )?;
        return Ok(!others.exists(params![view.commons(), parties[0].0.as_bytes(), parties[1].0.as_bytes()])?);
    }
    let Some(group) = group else { return Ok(false) };
    let members = view.entities::<GroupMember>(view.copy(Stream::Group(group)), "group_member")?;
    let decides = |member: &GroupMember| member.keeper && member.standing == Standing::Active;
    Ok(!members.iter().any(|(id, member)| decides(member) && !parties.contains(&(*id).into())))
}
