//! Searching this member's messages, pending ones included. The phone has them all, so nobody else is
//! ever asked: no server could answer, as it cannot read them.

use super::{MessageView, laid, texts};
use crate::{
    error::StoreError,
    store::{
        Store,
        search::{MESSAGES, contains, find},
    },
};
use enishi_protocol::{CommunityId, ErrorCode, Position, Stream, limits, text::query_phrases};
use std::collections::HashMap;

/// Messages that one search shows at most.
pub const HITS_AT_MOST: usize = 50;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MessageHits {
    /// Newest first, pending ones above; at most [`HITS_AT_MOST`].
    pub messages: Vec<MessageView>,
    /// Where the search ended, if it did not look at everything: because there are more hits, or some
    /// messages are still on their way or wait for the index.
    pub ended: Option<Position>,
}

/// Messages that contain every word of `query`. Nothing is found for a query without letters.
///
/// # Errors
/// [`ErrorCode::TextTooLong`] for a query beyond [`limits::SEARCH_CHARS`].
pub fn search(store: &Store, community: CommunityId, query: &str) -> Result<MessageHits, StoreError> {
    if query.chars().count() > limits::SEARCH_CHARS {
        return Err(StoreError::Refused(ErrorCode::TextTooLong));
    }
    let phrases = query_phrases(query);
    if phrases.is_empty() {
        return Ok(MessageHits::default());
    }
    store.view(community, |view| {
        let mut conversations = HashMap::new();
        for id in laid::ids(view)? {
            conversations.extend(laid::find(view, id)?.map(|laid| (id, laid)));
        }
        let seen = view.unseen.condition("message.author").unwrap_or_default();
        let found = find(view.connection, MESSAGES, &seen, &[view.inbox()], &phrases, HITS_AT_MOST + 1)?;
        let more = found.places.len() > HITS_AT_MOST;
        let mut hits = texts::written_here(view, None)?;
        hits.reverse();
        hits.retain(|message| contains(&message.text, &phrases));
        hits.extend(texts::at(view, &found.places)?);
        // What is left of a conversation that this member is no longer in is not found.
        hits.retain(|message| {
            let laid = conversations.get(&message.conversation);
            laid.is_some_and(|laid| message.position.is_none_or(|position| position >= laid.since))
        });
        hits.truncate(HITS_AT_MOST);
        let hits = hits.into_iter().flat_map(|hit| match conversations.get(&hit.conversation) {
            Some(laid) => texts::named(vec![hit], laid),
            None => vec![hit],
        });
        let messages: Vec<MessageView> = hits.collect();
        let inbox = view.copies.get(&Stream::Member(view.member));
        let filling = inbox.is_none_or(|inbox| !inbox.whole);
        let last = messages.last().and_then(|message| message.position).filter(|_| more);
        let indexed = found.looked_to.map(Position);
        let ended = if filling { Some(Position(i64::MAX)) } else { last.max(indexed) };
        Ok(MessageHits { messages, ended })
    })
}
