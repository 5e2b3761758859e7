//! What this member is to hear of, found in the mirror. Only what is there whole is found: a mention
//! whose text is not here, or not readable any more, is none. Nor is what is hidden, or comes from somebody whose
//! content this member does not see.

use super::{Found, NOTIFICATIONS_AT_MOST, Notification, beginning, group_of, joined_us};
use crate::{
    error::StoreError,
    messages::{News, news},
    store::{
        mirror::{extent::limit, places},
        values::{id, id_or_none},
        view::{Shown, View},
    },
};
use enishi_protocol::{
    CommentId, MemberId, Operation, PostId, Stream, Version,
    groups::GroupInvitation,
    invitations::JoinRequest,
    mutation::Mention,
    notifications::{Decision, NotificationKind},
};
use rusqlite::{Row, params};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Everything, each thing once: the most personal reason counts.
pub(super) fn all(view: &View<'_>) -> Result<Found, StoreError> {
    let mut found = Found::new();
    for (stream, copy) in view.copies.iter().filter(|(stream, _)| stream.has_feed()) {
        announcements(view, *stream, copy, &mut found)?;
        comments(view, *stream, copy, &mut found)?;
    }
    let joined_us = joined_us(view)?;
    found.retain(|_, item| item.at_us >= joined_us);
    mentions(view, &mut found)?;
    requests(view, &mut found)?;
    invitations(view, &mut found)?;
    messages(view, &mut found)?;
    found.retain(|_, item| is_seen(view, item));
    let gone = deleted_here(view);
    found.retain(|_, item| item.post.is_none_or(|post| !gone.contains(&post)));
    Ok(found)
}

/// Announcements are for everyone, and requests are a duty; all else comes from somebody whom one sees.
fn is_seen(view: &View<'_>, item: &Notification) -> bool {
    let sees = |by: MemberId| !view.unseen.hides_content_of(by);
    matches!(item.kind, NotificationKind::Announcement | NotificationKind::JoinRequest) || item.by.is_none_or(sees)
}

fn announcements(view: &View<'_>, stream: Stream, copy: &Shown, found: &mut Found) -> Result<(), StoreError> {
    let (from, to) = places(copy.local);
    let mut statement = view.connection.prepare_cached(
        "SELECT id, author, place, created_us, text FROM post
         WHERE kind = 'announcement' AND hidden IS NULL AND place > ?1 AND place <= ?2 AND author != ?3 ORDER BY place DESC LIMIT ?4",
    )?;
    let since = from + copy.grant.map_or(0, |grant| grant.0);
    let mut rows = statement.query(params![since, to, view.member.0.as_bytes(), limit(NOTIFICATIONS_AT_MOST)])?;
    while let Some(row) = rows.next()? {
        let post: PostId = id(row, 0)?;
        let item = Notification {
            by: Some(id(row, 1)?),
            post: Some(post),
            group: group_of(view.community, stream),
            text: beginning(&row.get::<_, String>(4)?),
            ..new(NotificationKind::Announcement, post.0, row.get::<_, i64>(2)? - from, row.get(3)?)
        };
        found.insert(post.0, item);
    }
    Ok(())
}

/// Comments on this member's posts.
fn commented_on(view: &View<'_>) -> String {
    format!(
        "SELECT c.id, c.post, c.author, c.position, c.created_us, c.text, NULL FROM post AS p
         JOIN comment AS c ON c.copy = ?1 AND c.post = p.id AND c.position > ?5
         WHERE p.own AND p.place BETWEEN ?2 AND ?3 AND c.author != ?4 AND c.hidden IS NULL AND {}
         AND (c.reply_to IS NULL OR EXISTS
              (SELECT 1 FROM comment AS above WHERE above.copy = ?1 AND above.id = c.reply_to AND {}))
         ORDER BY c.position DESC LIMIT ?6",
        seen(view.unseen.condition("c.author")),
        seen(view.unseen.condition("above.author")),
    )
}

/// Replies to this member's comments.
fn replied_to(view: &View<'_>) -> String {
    format!(
        "SELECT c.id, c.post, c.author, c.position, c.created_us, c.text, m.id FROM comment AS m
         JOIN comment AS c ON c.copy = ?1 AND c.post = m.post AND c.reply_to = m.id AND c.position > ?5
         WHERE m.own AND m.copy = ?1 AND c.author != ?4 AND c.hidden IS NULL AND {} AND EXISTS
               (SELECT 1 FROM post WHERE post.id = c.post AND post.place BETWEEN ?2 AND ?3 AND {})
         ORDER BY c.position DESC LIMIT ?6",
        seen(view.unseen.condition("c.author")),
        seen(view.unseen.of_posts("post")),
    )
}

/// A condition, or one that always holds.
fn seen(condition: Option<String>) -> String {
    condition.unwrap_or_else(|| "1".into())
}

fn comments(view: &View<'_>, stream: Stream, copy: &Shown, found: &mut Found) -> Result<(), StoreError> {
    let since = copy.grant.map_or(0, |grant| grant.0);
    for sql in [commented_on(view), replied_to(view)] {
        let mut statement = view.connection.prepare_cached(&sql)?;
        for part in view.parts_of(stream) {
            let (from, to) = places(part);
            let me = view.member.0.as_bytes();
            let mut rows = statement.query(params![part, from, to, me, since, limit(NOTIFICATIONS_AT_MOST)])?;
            while let Some(row) = rows.next()? {
                let item = Notification { group: group_of(view.community, stream), ..commented(row)? };
                found.insert(item.id, item);
            }
        }
    }
    Ok(())
}

fn commented(row: &Row<'_>) -> Result<Notification, StoreError> {
    let (comment, replies): (CommentId, Option<CommentId>) = (id(row, 0)?, id_or_none(row, 6)?);
    let kind = if replies.is_some() { NotificationKind::Reply } else { NotificationKind::Comment };
    Ok(Notification {
        by: Some(id(row, 2)?),
        post: Some(id(row, 1)?),
        comment: Some(comment),
        text: beginning(&row.get::<_, String>(5)?),
        ..new(kind, comment.0, row.get(3)?, row.get(4)?)
    })
}

fn mentions(view: &View<'_>, found: &mut Found) -> Result<(), StoreError> {
    for (about, version, mention) in view.newest::<Mention>(view.inbox(), "mention", NOTIFICATIONS_AT_MOST)? {
        let Some((stream, text)) = said(view, mention.post, mention.comment)? else { continue };
        let item = Notification {
            by: Some(mention.by),
            post: Some(mention.post),
            comment: mention.comment,
            group: group_of(view.community, stream),
            text: beginning(&text),
            ..new(NotificationKind::Mention, about, version.0, mention.at_us)
        };
        found.insert(about, item);
    }
    Ok(())
}

/// Where and what was said, where this phone holds it whole.
fn said(view: &View<'_>, post: PostId, comment: Option<CommentId>) -> Result<Option<(Stream, String)>, StoreError> {
    let mut posts = view.connection.prepare_cached(&format!(
        "SELECT text FROM post WHERE id = ?1 AND place BETWEEN ?2 AND ?3 AND hidden IS NULL AND {}",
        seen(view.unseen.of_posts("post"))
    ))?;
    let sql = "SELECT text FROM comment WHERE copy = ?1 AND id = ?2 AND hidden IS NULL";
    let mut comments = view.connection.prepare_cached(sql)?;
    for stream in view.copies.keys().filter(|stream| stream.has_feed()) {
        for part in view.parts_of(*stream) {
            let (from, to) = places(part);
            let mut rows = posts.query(params![post.0.as_bytes(), from, to])?;
            let Some(row) = rows.next()? else { continue };
            let Some(comment) = comment else { return Ok(Some((*stream, row.get(0)?))) };
            let mut rows = comments.query(params![part, comment.0.as_bytes()])?;
            if let Some(row) = rows.next()? {
                return Ok(Some((*stream, row.get(0)?)));
            }
        }
    }
    Ok(None)
}

/// Requests at the desks where this member is on duty, and how their own were decided.
fn requests(view: &View<'_>, found: &mut Found) -> Result<(), StoreError> {
    let decided = decided_here(view);
    for stream in view.copies.keys().filter(|stream| matches!(stream, Stream::Desk(_))) {
        for (about, version, request) in
            view.newest::<JoinRequest>(view.copy(*stream), "join_request", NOTIFICATIONS_AT_MOST)?
        {
            if decided.contains(&about) {
                continue;
            }
            let item = Notification {
                by: Some(request.member),
                group: group_of(view.community, *stream),
                by_name: Some(request.name.full()),
                text: beginning(&request.note),
                ..new(NotificationKind::JoinRequest, about, version.0, request.at_us)
            };
            found.insert(about, item);
        }
    }
    for (about, version, decision) in view.newest::<Decision>(view.inbox(), "decision", NOTIFICATIONS_AT_MOST)? {
        let item = Notification {
            group: Some(decision.group),
            text: decision.name,
            accepted: Some(decision.accepted),
            ..new(NotificationKind::Decision, about, version.0, decision.at_us)
        };
        found.insert(about, item);
    }
    Ok(())
}

fn invitations(view: &View<'_>, found: &mut Found) -> Result<(), StoreError> {
    for (about, version, invitation) in
        view.newest::<GroupInvitation>(view.inbox(), "group_invitation", NOTIFICATIONS_AT_MOST)?
    {
        let item = Notification {
            by: Some(invitation.by),
            group: Some(about.into()),
            text: invitation.name,
            ..new(NotificationKind::GroupInvitation, about, version.0, invitation.at_us)
        };
        found.insert(about, item);
    }
    Ok(())
}

/// One for each conversation: it is replaced by what comes later, and gone once that is read. What a stranger
/// writes is read where the request is looked at.
fn messages(view: &View<'_>, found: &mut Found) -> Result<(), StoreError> {
    for News { request, message } in news(view)? {
        let Some(position) = message.position else { continue };
        let kind = if request { NotificationKind::MessageRequest } else { NotificationKind::Message };
        let item = Notification {
            by: Some(message.author),
            by_name: message.author_name,
            conversation: Some(message.conversation),
            text: if request { String::new() } else { beginning(&message.text) },
            ..new(kind, message.conversation.0, position.0, message.created_us)
        };
        found.insert(item.id, item);
    }
    Ok(())
}

/// Requests that a waiting decision of this member is about.
fn decided_here(view: &View<'_>) -> BTreeSet<Uuid> {
    let decided = view.shown_operations().filter_map(|(_, operation)| match operation {
        Operation::DecideGroup(decision) => Some(decision.request.0),
        Operation::DecideJoin(decision) => Some(decision.request.0),
        _ => None,
    });
    decided.collect()
}

/// Posts that a waiting deletion of this member takes away.
fn deleted_here(view: &View<'_>) -> BTreeSet<PostId> {
    let deleted = view.shown_operations().filter_map(|(_, operation)| match operation {
        Operation::DeletePost(deletion) => Some(deletion.post),
        _ => None,
    });
    deleted.collect()
}

fn new(kind: NotificationKind, about: Uuid, place: i64, at_us: i64) -> Notification {
    Notification {
        id: about,
        kind,
        place: Version(place),
        at_us,
        by: None::<MemberId>,
        by_name: None,
        post: None,
        comment: None,
        conversation: None,
        group: None,
        text: String::new(),
        accepted: None,
        unread: false,
        alert: false,
    }
}
