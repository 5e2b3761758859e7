//! The list of conversations, the one with the newest message first.

use super::{
    ConversationView, MessageView,
    laid::{self, Laid},
    texts, unread,
};
use crate::{
    error::StoreError,
    feed,
    store::{Store, view::View},
};
use enishi_protocol::{CommunityId, ConversationId, MemberId, Position};
use std::cmp::Reverse;

/// The conversations that this member is in or asked to, the one with the newest message first. One of
/// two in which nothing was said, and a request without a word, are not shown.
pub fn conversations(store: &Store, community: CommunityId) -> Result<Vec<ConversationView>, StoreError> {
    store.view(community, |view| {
        let mut shown = Vec::new();
        for id in laid::ids(view)? {
            let Some(laid) = laid::find(view, id)? else { continue };
            let conversation = of(view, laid)?;
            let silent = conversation.1.newest.is_none() && (conversation.1.pair || conversation.1.asked_by.is_some());
            if !silent {
                shown.push(conversation);
            }
        }
        shown.sort_by_key(|(place, conversation)| (Reverse(*place), conversation.id));
        Ok(shown.into_iter().map(|(_, conversation)| conversation).collect())
    })
}

/// One conversation; none where this phone does not hold it.
pub fn conversation(
    store: &Store,
    community: CommunityId,
    id: ConversationId,
) -> Result<Option<ConversationView>, StoreError> {
    store.view(community, |view| {
        let found = laid::find(view, id)?.map(|laid| of(view, laid)).transpose()?;
        Ok(found.map(|(_, conversation)| conversation))
    })
}

/// A conversation with its place in the list: what waits in it goes on top.
pub(super) fn of(view: &View<'_>, laid: Laid) -> Result<(Position, ConversationView), StoreError> {
    let newest = newest(view, &laid)?;
    let unread = unread::count(view, &laid)?;
    let place = match &newest {
        Some(message) => message.position.unwrap_or(Position(i64::MAX)),
        None if laid.confirmed => laid.since,
        None => Position(i64::MAX),
    };
    let Laid { id, pair, title, participants, asked_by, mark, delivery, .. } = laid;
    let read_to = Some(mark.read_to).filter(|position| position.0 > 0);
    let muted = mark.muted;
    let view = ConversationView { id, pair, title, participants, asked_by, muted, read_to, unread, newest, delivery };
    Ok((place, view))
}

fn newest(view: &View<'_>, laid: &Laid) -> Result<Option<MessageView>, StoreError> {
    if let Some(written) = texts::written_here(view, Some(laid.id))?.pop() {
        return Ok(Some(written));
    }
    // Those whose deletion waits must not hide the one before them.
    let mut limit = 1;
    loop {
        let mut found = texts::range(view, laid.id, (laid.since.0, i64::MAX), true, limit)?;
        if !found.is_empty() {
            found.truncate(1);
            return Ok(texts::named(found, laid).pop());
        }
        if limit > view.overlay.len() {
            return Ok(None);
        }
        limit = view.overlay.len() + 1;
    }
}

/// A member's name as the directory has it.
pub(super) fn name_of(view: &View<'_>, member: MemberId) -> Result<Option<String>, StoreError> {
    feed::name_of(view, member)
}
