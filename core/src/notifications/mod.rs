//! Notifications, made on the phone from what it holds: nothing is stored for them, so that a reset, a
//! restore or a second device can neither repeat nor lose one.
//!
//! Each is known by what it is about: a comment that mentions this member and replies to them is one
//! notification. Its place is the version at which that came, the same on every phone; the mark that
//! says how far the member has looked only grows.

pub mod commands;
mod found;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::settings;

use crate::{
    error::StoreError,
    feed::name_of,
    store::{Store, view::View},
};
use enishi_protocol::{
    CommentId, CommunityId, ConversationId, GroupId, MemberId, Operation, PostId, Stream, Version,
    notifications::{Level, NotificationKind, NotificationMark, NotificationSettings},
};
use rusqlite::{OptionalExtension, params};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// Notifications that are looked through; older ones are no news.
pub const NOTIFICATIONS_AT_MOST: usize = 200;

/// How long after something came it may still draw attention: 7 days. A phone that was away for longer
/// lists it.
const ALERT_US: i64 = 7 * 24 * 3_600 * 1_000_000;

/// Characters of a text that a notification shows.
const BEGINNING: usize = 100;

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Notification {
    /// What it is about, and by which it is known: a comment, a post, a group, a conversation or a request.
    pub id: Uuid,
    /// What kind it is.
    pub kind: NotificationKind,
    /// When it came; the newest has the greatest.
    pub place: Version,
    /// When that was by the server's clock, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// Whose doing it is; none where that is not told.
    pub by: Option<MemberId>,
    /// Their name; none where it is not known.
    pub by_name: Option<String>,
    /// The post it leads to.
    pub post: Option<PostId>,
    /// The comment on it.
    pub comment: Option<CommentId>,
    /// The conversation it leads to.
    pub conversation: Option<ConversationId>,
    /// The group it comes from.
    pub group: Option<GroupId>,
    /// The beginning of what was said, or the group's name; nothing of a request to take part in a conversation.
    pub text: String,
    /// Of a decision: whether this member was let in.
    pub accepted: Option<bool>,
    /// Whether this member has not looked at it on any device.
    pub unread: bool,
    /// Whether the phone is to draw attention to it now.
    pub alert: bool,
}

/// The newest notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Notifications {
    /// The newest first.
    pub items: Vec<Notification>,
    /// How many this member has not looked at, counted up to [`NOTIFICATIONS_AT_MOST`].
    pub unread: usize,
    /// Whether there are older ones than these.
    pub more: bool,
    /// While it is quiet, until when, in microseconds since 1970 UTC: then alerts are due.
    pub quiet_until_us: Option<i64>,
}

/// The newest `limit` notifications as they stand at `now_us` by the phone's clock.
pub fn notifications(
    store: &Store,
    community: CommunityId,
    limit: usize,
    now_us: i64,
) -> Result<Notifications, StoreError> {
    store.view(community, |view| {
        let settings = settings::of(view)?;
        let wanted = |found: &Notification| settings.level(found.kind, found.group) != Level::Off;
        let mut items: Vec<_> = found::all(view)?.into_values().filter(wanted).collect();
        items.sort_by_key(|item| Reverse((item.place, item.id)));
        items.truncate(NOTIFICATIONS_AT_MOST);
        let quiet_until_us = settings.quiet.and_then(|hours| hours.until(now_us));
        let (mark, known) = (mark(view)?, view.inbox_cursor().is_some());
        for item in &mut items {
            item.unread = item.place > mark;
            // Before the inbox is here nobody knows what this member has looked at elsewhere.
            item.alert = known && item.unread && quiet_until_us.is_none() && draws_attention(&settings, item, now_us);
        }
        let unread = items.iter().filter(|item| item.unread).count();
        let more = items.len() > limit;
        items.truncate(limit);
        for item in items.iter_mut().filter(|item| item.by_name.is_none()) {
            item.by_name = match item.by {
                Some(by) => name_of(view, by)?,
                None => None,
            };
        }
        Ok(Notifications { items, unread, more, quiet_until_us })
    })
}

fn draws_attention(settings: &NotificationSettings, item: &Notification, now_us: i64) -> bool {
    settings.level(item.kind, item.group) == Level::Alert && item.at_us > now_us.saturating_sub(ALERT_US)
}

/// How far this member has looked, on any device or with a mark that waits.
fn mark(view: &View<'_>) -> Result<Version, StoreError> {
    let held: Option<NotificationMark> = view.entity(view.inbox(), "notification_mark", view.member.0)?;
    let waiting = view.shown_operations().filter_map(|(_, operation)| match operation {
        Operation::ReadNotifications(reading) => Some(reading.up_to),
        _ => None,
    });
    Ok(held.map(|held| held.up_to).into_iter().chain(waiting).max().unwrap_or_default())
}

/// When this member joined: what was there before is no news to them.
fn joined_us(view: &View<'_>) -> Result<i64, StoreError> {
    let mut statement = view.connection.prepare_cached("SELECT joined_us FROM member WHERE copy = ?1 AND id = ?2")?;
    let joined = statement.query_row(params![view.commons(), view.member.0.as_bytes()], |row| row.get(0)).optional()?;
    Ok(joined.unwrap_or_default())
}

/// The group whose feed or desk a stream is.
fn group_of(community: CommunityId, stream: Stream) -> Option<GroupId> {
    match stream {
        Stream::Group(group) => Some(group),
        Stream::Desk(desk) if desk != community.0 => Some(GroupId(desk)),
        _ => None,
    }
}

fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut start: String = line.chars().take(BEGINNING).collect();
    if start.len() < line.len() {
        start.push('…');
    }
    start
}

type Found = BTreeMap<Uuid, Notification>;
