//! A bounded window of a conversation.

use super::{ConversationView, MessageView, laid, list, texts};
use crate::{error::StoreError, store::Store};
use enishi_protocol::{CommunityId, ConversationId, Position, Stream};

/// Where in a conversation a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum AroundMessage {
    /// At its end.
    Newest,
    /// Around this position, which need not be a message's: that of a hit, or the read mark.
    Position(Position),
}

/// A window of a conversation, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MessageWindow {
    /// The conversation.
    pub conversation: ConversationView,
    /// Oldest first; what is still pending stands below everything, in the order it was written.
    pub messages: Vec<MessageView>,
    /// Whether there are older messages.
    pub more_above: bool,
    /// Whether there are newer messages.
    pub more_below: bool,
    /// Whether older messages are still on their way to this phone.
    pub filling: bool,
}

/// The window of `size` messages of a conversation; none where this phone does not hold it. At the end,
/// pending messages come below those.
pub fn window(
    store: &Store,
    community: CommunityId,
    id: ConversationId,
    around: AroundMessage,
    size: usize,
) -> Result<Option<MessageWindow>, StoreError> {
    store.view(community, |view| {
        let Some(laid) = laid::find(view, id)? else { return Ok(None) };
        let middle = match around {
            AroundMessage::Newest => i64::MAX,
            AroundMessage::Position(position) => position.0.max(0),
        };
        // What a waiting deletion takes away must not leave the window short.
        let spare = view.overlay.len();
        let since = laid.since.0;
        let mut newer = Vec::new();
        if middle < i64::MAX {
            newer =
                texts::range(view, id, (middle.saturating_add(1).max(since), i64::MAX), false, size / 2 + 1 + spare)?;
        }
        let more_below = newer.len() > size / 2;
        newer.truncate(size / 2);
        let mut older = texts::range(view, id, (since, middle), true, size + 1 + spare)?;
        let more_above = older.len() > size - newer.len();
        older.truncate(size - newer.len());
        let mut messages: Vec<_> = older.into_iter().rev().chain(newer).collect();
        if !more_below {
            messages.extend(texts::written_here(view, Some(id))?);
        }
        let messages = texts::named(messages, &laid);
        let filling = view.copies.get(&Stream::Member(view.member)).is_none_or(|inbox| !inbox.whole);
        let (_, conversation) = list::of(view, laid)?;
        Ok(Some(MessageWindow { conversation, messages, more_above, more_below, filling }))
    })
}
