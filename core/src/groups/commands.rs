//! What a member can do with groups. Like all commands: checked here, decided by the server.

use crate::{
    error::StoreError,
    feed::commands::{check_length, check_text},
    store::{Store, Wish, view::View},
};
use enishi_protocol::{
    CommunityId, ErrorCode, GroupId, MemberId, MutationId, Operation, RequestId, Stream,
    groups::{GroupCreation, GroupDecision, GroupInviting, GroupJoining, GroupLeaving, Joining},
    limits,
};

/// Creates a group. Its id is the mutation's. Only one that is joined by invitation can be secret.
pub fn create(name: &str, description: &str, joining: Joining, secret: bool) -> Result<Wish, StoreError> {
    check_text(name, limits::GROUP_NAME_CHARS)?;
    check_length(description, limits::NOTE_CHARS)?;
    if secret && joining != Joining::Invitation {
        return Err(StoreError::Refused(ErrorCode::WrongPlace));
    }
    let (name, description) = (name.trim().to_owned(), description.to_owned());
    Ok(Wish::free(Operation::CreateGroup(GroupCreation { name, description, joining, secret, closed_to_staff: false })))
}

/// Creates a group that nobody who runs the community can ever be in.
pub fn create_closed_to_staff(
    name: &str,
    description: &str,
    joining: Joining,
    secret: bool,
) -> Result<Wish, StoreError> {
    let mut wish = create(name, description, joining, secret)?;
    if let Operation::CreateGroup(creation) = &mut wish.operation {
        creation.closed_to_staff = true;
    }
    Ok(wish)
}

/// Joins a group, accepts an invitation to it, or asks to join with a word to those who decide.
pub fn join(store: &Store, community: CommunityId, group: GroupId, note: &str) -> Result<Wish, StoreError> {
    check_length(note, limits::NOTE_CHARS)?;
    store.view(community, |view| {
        let known = view.entity::<serde_json::Value>(view.commons(), "group", group.0)?.is_some()
            || view.entity::<serde_json::Value>(view.inbox(), "group_invitation", group.0)?.is_some();
        if !known && parent(view, group)?.is_none() {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        let parent = parent(view, group)?;
        Ok(Wish { operation: Operation::JoinGroup(GroupJoining { group, note: note.to_owned() }), parent })
    })
}

/// Leaves a group. What this member wrote there stays.
pub fn leave(store: &Store, community: CommunityId, group: GroupId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = parent(view, group)?;
        Ok(Wish { operation: Operation::LeaveGroup(GroupLeaving { group }), parent })
    })
}

/// Invites a member to a group that this member is in.
pub fn invite(store: &Store, community: CommunityId, group: GroupId, member: MemberId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = parent(view, group)?;
        if parent.is_none() && !view.copies.contains_key(&Stream::Group(group)) {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        Ok(Wish { operation: Operation::InviteToGroup(GroupInviting { group, member }), parent })
    })
}

/// Decides a request to join a group.
pub fn decide(group: GroupId, request: RequestId, accept: bool) -> Wish {
    Wish::free(Operation::DecideGroup(GroupDecision { group, request, accept }))
}

/// What a wish about a group waits for: its creation, where the server does not have it yet.
fn parent(view: &View<'_>, group: GroupId) -> Result<Option<MutationId>, StoreError> {
    view.parent(group.0)
}
