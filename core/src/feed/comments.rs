//! One post with what was said about it.

use super::{
    Delivery, FeedPost,
    details::{by_id, full_name},
    laid::{Laid, name_of, own_name, seen, written_us},
    stub::own_stub,
};
use crate::{
    error::StoreError,
    store::{
        Store, media,
        mirror::read::{self, Mirrored},
        view::{View, lays_over},
    },
    sync::replica::State,
};
use enishi_protocol::{
    CommentId, CommunityId, MemberId, MutationId, Operation, PostId,
    feed::{Comment, CommentWriting},
    media::Attachment,
    moderation::{Hidden, Subject},
};
use rusqlite::params;
use std::cmp::Reverse;

/// A comment as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FeedComment {
    /// Which comment.
    pub id: CommentId,
    /// The comment it replies to.
    pub reply_to: Option<CommentId>,
    /// Who wrote it.
    pub author: MemberId,
    /// Their name; none where it is not known yet.
    pub author_name: Option<String>,
    /// Whether this member wrote it.
    pub own: bool,
    /// What it says.
    pub text: String,
    /// The mutation that wrote this text.
    pub text_by: MutationId,
    /// Members mentioned in the text.
    pub mentions: Vec<MemberId>,
    /// Images and PDFs that it shows, in its order.
    pub attachments: Vec<Attachment>,
    /// When it was accepted, or while it is pending written; microseconds since 1970 UTC.
    pub created_us: i64,
    /// Whether its text was changed since it was written.
    pub edited: bool,
    /// Why it was hidden, where it was; its text is empty then.
    pub hidden: Option<Hidden>,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A post with the last of its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PostPage {
    /// The post.
    pub post: FeedPost,
    /// The newest comments, oldest first; pending ones at the end.
    pub comments: Vec<FeedComment>,
    /// Whether the phone holds older ones.
    pub more_above: bool,
}

/// A post with its newest `size` comments; none where there is no such post, or it is deleted.
pub fn post(store: &Store, community: CommunityId, id: PostId, size: usize) -> Result<Option<PostPage>, StoreError> {
    store.view(community, |view| {
        let laid = Laid::of(view)?;
        let (post, parts) = match by_id(view, id)? {
            Some(details) => {
                let parts = view.parts_of(details.stream).collect();
                (laid.over(view, details), parts)
            }
            None => (written_here(view, &laid, id)?, Vec::new()),
        };
        let Some(post) = post else { return Ok(None) };
        let (mut comments, more_above) = mirrored(view, &parts, id, size)?;
        comments.extend(pending(view, &parts, id)?);
        let comments = lay(view, comments);
        Ok(Some(PostPage { post, comments, more_above }))
    })
}

/// A post of the mirror, or one that is only in the outbox.
pub(super) fn single(view: &View<'_>, laid: &Laid<'_>, id: PostId) -> Result<Option<FeedPost>, StoreError> {
    match by_id(view, id)? {
        Some(details) => Ok(laid.over(view, details)),
        None => written_here(view, laid, id),
    }
}

/// A post that is only in the outbox, refused ones included.
fn written_here(view: &View<'_>, laid: &Laid<'_>, id: PostId) -> Result<Option<FeedPost>, StoreError> {
    let Some(entry) = view.entry(MutationId(id.0)) else { return Ok(None) };
    let Some(Operation::WritePost(writing)) = &entry.operation else { return Ok(None) };
    let Some(mut post) = laid.pending(view, &entry.waiting, writing)? else { return Ok(None) };
    post.author_name = own_name(view)?;
    Ok(Some(post))
}

/// Comments of the mirror. A reply whose comment is not there is not whole, and left out.
fn mirrored(view: &View<'_>, parts: &[i64], post: PostId, size: usize) -> Result<(Vec<Laying>, bool), StoreError> {
    let columns = read::COMMENT.split(", ").map(|column| format!("comment.{column}")).collect::<Vec<_>>().join(", ");
    let seen = |table: &str| match view.unseen.condition(&format!("{table}.author")) {
        Some(condition) => format!("AND {condition}"),
        None => String::new(),
    };
    let (seen, seen_above) = (seen("comment"), seen("above"));
    let mut statement = view.connection.prepare_cached(&format!(
        "SELECT {columns}, coalesce(member.family, gm.body ->> '$.name.family'),
                coalesce(member.given, gm.body ->> '$.name.given')
         FROM comment
         LEFT JOIN member ON member.copy = ?3 AND member.id = comment.author
         LEFT JOIN entity AS gm ON gm.copy = max(?1, ~?1) AND gm.kind = 'group_member' AND gm.id = comment.author
         WHERE comment.copy = ?1 AND comment.post = ?2 {seen} AND (comment.reply_to IS NULL OR EXISTS
               (SELECT 1 FROM comment AS above WHERE above.copy IN (?1, ~?1) AND above.id = comment.reply_to
                {seen_above}))
         ORDER BY comment.position DESC LIMIT ?4"
    ))?;
    let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut comments: Vec<Laying> = Vec::new();
    for part in parts {
        let mut rows = statement.query(params![part, post.0.as_bytes(), view.commons(), limit])?;
        while let Some(row) = rows.next()? {
            let comment = read::comment(row)?;
            if !comments.iter().any(|held| held.shown.id.0 == comment.id) {
                let shown = shown(view, &comment, full_name(row, 14)?);
                comments.push(Laying { shown, row: Some(comment) });
            }
        }
    }
    comments.sort_by_key(|comment| Reverse(comment.row.as_ref().map(|row| row.entity.position)));
    let more_above = comments.len() > size;
    comments.truncate(size);
    comments.reverse();
    Ok((comments, more_above))
}

fn shown(view: &View<'_>, row: &Mirrored<Comment>, author_name: Option<String>) -> FeedComment {
    let comment = &row.entity;
    FeedComment {
        id: CommentId(row.id),
        reply_to: comment.reply_to,
        author: comment.author,
        author_name,
        own: comment.author == view.member,
        text: comment.text.clone(),
        text_by: comment.text_by,
        mentions: seen(view, comment.mentions.clone()),
        attachments: comment.attachments.clone(),
        created_us: comment.created_us,
        edited: comment.edited_us.is_some(),
        hidden: comment.hidden.clone(),
        delivery: Delivery::Sent,
    }
}

/// A comment on its way to a screen, with the row that it came from.
struct Laying {
    shown: FeedComment,
    row: Option<Mirrored<Comment>>,
}

/// A comment that the server found, as a screen shows it; none where its deletion waits.
pub(super) fn found(view: &View<'_>, row: Mirrored<Comment>) -> Result<Option<FeedComment>, StoreError> {
    let shown = shown(view, &row, name_of(view, row.entity.author)?);
    Ok(lay(view, vec![Laying { shown, row: Some(row) }]).pop())
}

/// Comments that are not in the mirror yet, in the order in which they were written.
fn pending(view: &View<'_>, parts: &[i64], post: PostId) -> Result<Vec<Laying>, StoreError> {
    let mut held = view.connection.prepare_cached("SELECT 1 FROM comment WHERE copy = ?1 AND id = ?2")?;
    let mut comments = Vec::new();
    for (waiting, operation) in view.shown_operations() {
        let Operation::WriteComment(writing) = operation else { continue };
        if writing.post != post {
            continue;
        }
        let id = waiting.id.0.as_bytes();
        if parts.iter().try_fold(false, |is, part| Ok::<_, StoreError>(is || held.exists(params![part, id])?))? {
            continue;
        }
        let delivery = if waiting.state == State::Waiting { Delivery::Pending } else { Delivery::Sent };
        let shown = FeedComment {
            id: waiting.id.into(),
            reply_to: writing.reply_to,
            author: view.member,
            author_name: own_name(view)?,
            own: true,
            text: writing.text.clone(),
            text_by: waiting.id,
            mentions: writing.mentions.clone(),
            attachments: media::pending(view.connection, &writing.attachments)?,
            created_us: written_us(waiting.id),
            edited: false,
            hidden: None,
            delivery,
        };
        comments.push(Laying { shown, row: None });
    }
    Ok(comments)
}

/// Lays waiting edits and deletions over comments. A deleted one takes its replies along.
fn lay(view: &View<'_>, mut comments: Vec<Laying>) -> Vec<FeedComment> {
    for entry in view.overlay.iter() {
        let (waiting, Some(operation)) = (&entry.waiting, &entry.operation) else { continue };
        match operation {
            Operation::EditComment(edit) => {
                let Some(comment) = comments.iter_mut().find(|comment| comment.shown.id == edit.comment) else {
                    continue;
                };
                if let State::Attention(code) = waiting.state {
                    comment.shown.delivery = Delivery::NeedsAttention(code);
                } else if comment.is_under(waiting) {
                    comment.shown.text.clone_from(&edit.text);
                    comment.shown.mentions.clone_from(&edit.mentions);
                    comment.shown.text_by = waiting.id;
                    comment.shown.edited = true;
                    if waiting.state == State::Waiting {
                        comment.shown.delivery = Delivery::Pending;
                    }
                }
            }
            Operation::Hide(hiding) if waiting.state == State::Waiting => {
                let under = |comment: &&mut Laying| Subject::Comment(comment.shown.id) == hiding.subject;
                let Some(comment) = comments.iter_mut().find(under).filter(|comment| comment.is_under(waiting)) else {
                    continue;
                };
                if let Some(stub) = own_stub(view, waiting.id, hiding) {
                    comment.shown.text.clear();
                    comment.shown.mentions.clear();
                    comment.shown.attachments.clear();
                    comment.shown.hidden = Some(stub);
                    comment.shown.delivery = Delivery::Pending;
                }
            }
            Operation::DeleteComment(deletion) if !waiting.needs_attention() => {
                let gone = deletion.comment;
                comments.retain(|comment| comment.shown.id != gone && comment.shown.reply_to != Some(gone));
            }
            _ => {}
        }
    }
    comments.into_iter().map(|comment| comment.shown).collect()
}

impl Laying {
    fn is_under(&self, waiting: &crate::sync::replica::Waiting) -> bool {
        lays_over(waiting, self.row.as_ref().map(|row| (row.version, row.mutation)))
    }
}

/// Where a comment stands and what wrote its text, in the mirror or in the outbox.
pub(crate) struct Found {
    pub(crate) post: PostId,
    pub(crate) reply_to: Option<CommentId>,
    pub(crate) author: MemberId,
    pub(crate) text: String,
    pub(crate) text_by: MutationId,
    pub(crate) hidden: bool,
}

/// Looks a comment up.
pub(crate) fn find(view: &View<'_>, comment: CommentId) -> Result<Option<Found>, StoreError> {
    let sql = format!("SELECT {} FROM comment WHERE copy = ?1 AND id = ?2", read::COMMENT);
    let mut statement = view.connection.prepare_cached(&sql)?;
    for part in view.parts() {
        let mut rows = statement.query(params![part, comment.0.as_bytes()])?;
        if let Some(row) = rows.next()? {
            let Comment { post, reply_to, author, text, text_by, hidden, .. } = read::comment(row)?.entity;
            if view.unseen.hides_content_of(author) {
                return Ok(None);
            }
            let hidden = hidden.is_some();
            return Ok(Some(Found { post, reply_to, author, text, text_by, hidden }));
        }
    }
    let written = view.entry(MutationId(comment.0));
    Ok(written.and_then(|entry| match &entry.operation {
        Some(Operation::WriteComment(CommentWriting { post, reply_to, text, .. })) => {
            let (author, text, text_by) = (view.member, text.clone(), entry.waiting.id);
            Some(Found { post: *post, reply_to: *reply_to, author, text, text_by, hidden: false })
        }
        _ => None,
    }))
}
