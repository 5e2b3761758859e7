//! Members singled out in a text: each who may read it finds that in their inbox.

use crate::{
    grants,
    policy::Permit,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommentId, Entity, EntityKind, ErrorCode, MemberId, PostId, Stream, limits::MENTIONS, mutation::Mention,
};
use uuid::Uuid;

/// Mentions in one column: 16 bytes each.
pub(super) fn pack(mentioned: &[MemberId]) -> Vec<u8> {
    mentioned.iter().flat_map(|member| member.0.into_bytes()).collect()
}

pub(super) fn unpack(bytes: &[u8]) -> Vec<MemberId> {
    bytes.chunks_exact(16).filter_map(|id| Uuid::from_slice(id).ok()).map(MemberId).collect()
}

/// Those of the mentioned who may read the stream, each once.
pub(super) fn readable(
    writing: &mut Writing<'_>,
    stream: Stream,
    mentioned: &[MemberId],
) -> Result<Vec<MemberId>, Failure> {
    if mentioned.len() > MENTIONS {
        return Err(ErrorCode::TooMany.into());
    }
    let mut readers = Vec::new();
    for member in mentioned {
        if !readers.contains(member) && grants::of(writing.conn, writing.community, *member, stream)?.is_some() {
            readers.push(*member);
        }
    }
    Ok(readers)
}

/// Tells the mentioned; nobody is told of mentioning themselves.
pub(super) fn tell(
    writing: &mut Writing<'_>,
    permit: &Permit,
    mentioned: &[MemberId],
    by: MemberId,
    post: PostId,
    comment: Option<CommentId>,
) -> Result<(), Failure> {
    let id = comment.map_or(post.0, |comment| comment.0);
    let entity = Entity::Mention(Mention { by, post, comment, at_us: writing.now_us });
    for member in mentioned.iter().filter(|member| **member != by) {
        writing.put(permit, Stream::Member(*member), id, None, &entity)?;
    }
    Ok(())
}

/// After an edit from one list to another: tells the new ones, and takes it back from the others.
pub(super) fn changed(
    writing: &mut Writing<'_>,
    permit: &Permit,
    (before, after): (&[MemberId], &[MemberId]),
    by: MemberId,
    post: PostId,
    comment: Option<CommentId>,
) -> Result<(), Failure> {
    let only = |these: &[MemberId], not: &[MemberId]| -> Vec<MemberId> {
        these.iter().copied().filter(|member| !not.contains(member)).collect()
    };
    let id = comment.map_or(post.0, |comment| comment.0);
    forget(writing, permit, &only(before, after), id)?;
    tell(writing, permit, &only(after, before), by, post, comment)
}

/// Takes a mention back from the inboxes it is in.
pub(super) fn forget(
    writing: &mut Writing<'_>,
    permit: &Permit,
    mentioned: &[MemberId],
    id: Uuid,
) -> Result<(), Failure> {
    for member in mentioned {
        writing.gone(permit, Stream::Member(*member), &EntityKind::Mention, id)?;
    }
    Ok(())
}

/// After a move: takes it back from those who cannot follow.
pub(super) fn moved(
    writing: &mut Writing<'_>,
    permit: &Permit,
    mentioned: &[MemberId],
    stream: Stream,
    id: Uuid,
) -> Result<(), Failure> {
    let stay = readable(writing, stream, mentioned)?;
    let left: Vec<_> = mentioned.iter().copied().filter(|member| !stay.contains(member)).collect();
    forget(writing, permit, &left, id)
}
