//! How many messages this member has not read, and who may begin a conversation with them.

use super::{
    MessageView,
    laid::{self, Laid},
    texts::{named, read_from, seen, unread_one},
};
use crate::{
    error::StoreError,
    store::{Store, mirror::places, view::View},
};
use enishi_protocol::{
    CommunityId, Operation,
    messages::{MessagesFrom, Messaging},
};
use rusqlite::params;

/// Where counting stops.
pub const UNREAD_AT_MOST: i64 = 1_000;

/// What waits for this member among their messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UnreadMessages {
    /// Unread messages of the conversations that are not to be still.
    pub messages: i64,
    /// Requests with a word in them that were not answered.
    pub requests: i64,
}

/// Counts what waits. Requests count as one each, however many messages came with them.
pub fn unread(store: &Store, community: CommunityId) -> Result<UnreadMessages, StoreError> {
    store.view(community, |view| {
        let mut waits = UnreadMessages::default();
        for id in laid::ids(view)? {
            let Some(laid) = laid::find(view, id)? else { continue };
            let count = count(view, &laid)?;
            if laid.asked_by.is_some() {
                waits.requests += i64::from(count > 0);
            } else if !laid.mark.muted {
                waits.messages += count;
            }
        }
        Ok(waits)
    })
}

/// What of a conversation is news to this member.
#[derive(Clone, Debug)]
pub(crate) struct News {
    /// Whether it is a request, which is one piece of news however many messages come with it.
    pub(crate) request: bool,
    /// The message that tells of it.
    pub(crate) message: MessageView,
}

/// One piece of news for each conversation that is not to be still and has something unread in it: the
/// newest message, or the first one of a request.
pub(crate) fn news(view: &View<'_>) -> Result<Vec<News>, StoreError> {
    let mut news = Vec::new();
    for id in laid::ids(view)? {
        let Some(laid) = laid::find(view, id)? else { continue };
        let request = laid.asked_by.is_some();
        if laid.mark.muted {
            continue;
        }
        let found = unread_one(view, &laid, !request)?;
        let message = named(found.into_iter().collect(), &laid).pop();
        news.extend(message.map(|message| News { request, message }));
    }
    Ok(news)
}

/// Messages of others in a conversation that this member has not read.
pub(super) fn count(view: &View<'_>, laid: &Laid) -> Result<i64, StoreError> {
    let (from, to) = places(view.inbox());
    let after = from.saturating_add(read_from(laid).0.max(0)).min(to);
    let count = view
        .connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM message
             WHERE conversation = ?1 AND place > ?2 AND place <= ?3 AND author != ?4 AND {} LIMIT ?5)",
            seen(view)
        ))?
        .query_row(params![laid.id.0.as_bytes(), after, to, view.member.0.as_bytes(), UNREAD_AT_MOST], |row| {
            row.get(0)
        })?;
    Ok(count)
}

/// Who may begin a conversation with this member, as they last wished.
pub fn accepts(store: &Store, community: CommunityId) -> Result<MessagesFrom, StoreError> {
    store.view(community, |view| {
        let wished = view.shown_operations().filter_map(|(_, operation)| match operation {
            Operation::SetMessaging(setting) => Some(setting.from),
            _ => None,
        });
        if let Some(wished) = wished.last() {
            return Ok(wished);
        }
        let told: Option<Messaging> = view.entity(view.inbox(), "messaging", view.member.0)?;
        Ok(told.map_or(MessagesFrom::Everyone, |told| told.from))
    })
}
