//! Invitations that this member makes.
//!
//! The code is made and kept on this phone, and the server learns only its hash: so one can invite
//! on a train, and show the link again later. A code must never be logged.

pub mod referrals;
#[cfg(test)]
mod tests;
pub mod vouching;

use crate::{
    error::StoreError,
    feed::{Delivery, commands::check_length},
    store::{Store, Wish},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, EntryId, ErrorCode, InvitationId, MemberId, Operation,
    invitations::{CODE_BITS, InvitationCreation, InvitationRevoking, InvitationTelling, OwnInvitation, link_code},
    limits,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the member chooses for an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NewInvitation {
    /// For whom, to recognise it by.
    pub note: String,
    /// How many it may bring in; more than one only for those who run the community.
    pub uses: i64,
    /// How many days it is good.
    pub days: i64,
    /// The registry entry it is for; only those who run the community may name one.
    pub entry: Option<EntryId>,
    /// Whether the company may be told whom it brings.
    pub to_company: bool,
}

impl Default for NewInvitation {
    fn default() -> Self {
        Self { note: String::new(), uses: 1, days: limits::INVITATION_DAYS, entry: None, to_company: false }
    }
}

/// An invitation that this member has made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InvitationView {
    /// Which one.
    pub id: InvitationId,
    /// For whom.
    pub note: String,
    /// The code of its link; none where it was made on another device.
    pub code: Option<String>,
    /// How many it may bring in.
    pub uses: i64,
    /// How many it has brought in.
    pub used: i64,
    /// Until when it is good, in microseconds since 1970 UTC; none before the server has it.
    pub expires_us: Option<i64>,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Who joined by it, as far as they agreed that this member is told.
    pub joined: Vec<MemberId>,
    /// Whether the company may be told whom it brought.
    pub to_company: bool,
    /// How far it has come. The link works once it is sent.
    pub delivery: Delivery,
}

/// Makes an invitation from random bits. Its code is kept first, so that no crash leaves an invitation
/// whose link nobody knows. `id` is to be the id of the mutation that the wish becomes.
pub fn create(
    store: &Store,
    community: CommunityId,
    id: InvitationId,
    random: [u8; CODE_BITS / 8],
    new: &NewInvitation,
) -> Result<(Wish, String), StoreError> {
    check_length(&new.note, limits::NOTE_CHARS)?;
    let (uses, days) = (1..=limits::INVITATION_USES_MAX, 1..=limits::INVITATION_DAYS_MAX);
    if !uses.contains(&new.uses) || !days.contains(&new.days) {
        return Err(StoreError::Refused(ErrorCode::TooMany));
    }
    let code = link_code(u128::from_be_bytes(random));
    store.keep_invitation_code(community, id, &code)?;
    let code_hash = data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_bytes()));
    let (uses, days, note) = (new.uses, new.days, new.note.clone());
    let creation = InvitationCreation { code_hash, entry: new.entry, uses, days, note, to_company: new.to_company };
    Ok((Wish::free(Operation::CreateInvitation(creation)), code))
}

/// Takes an invitation back.
pub fn revoke(store: &Store, community: CommunityId, invitation: InvitationId) -> Result<Wish, StoreError> {
    store.view(community, |view| {
        let parent = view.parent(invitation.0)?;
        let held: Option<OwnInvitation> = view.entity(view.inbox(), "own_invitation", invitation.0)?;
        if parent.is_none() && held.is_none() {
            return Err(StoreError::Refused(ErrorCode::NotFound));
        }
        Ok(Wish { operation: Operation::RevokeInvitation(InvitationRevoking { invitation }), parent })
    })
}

/// Says whether the company may be told whom an invitation brought.
pub fn tell(
    store: &Store,
    community: CommunityId,
    invitation: InvitationId,
    to_company: bool,
) -> Result<Wish, StoreError> {
    let Wish { parent, .. } = revoke(store, community, invitation)?;
    Ok(Wish { operation: Operation::TellInvitation(InvitationTelling { invitation, to_company }), parent })
}

/// The text of a link that opens a preview of an invitation: `https://LINKHOST/i/<server>/<code>`.
pub fn link(link_host: &str, server: &str, code: &str) -> String {
    format!("https://{link_host}/i/{server}/{code}")
}

/// The invitations that this member has made, the newest first.
pub fn own_invitations(store: &Store, community: CommunityId) -> Result<Vec<InvitationView>, StoreError> {
    let codes = store.invitation_codes(community)?;
    store.view(community, |view| {
        let mut invitations = BTreeMap::new();
        for (id, held) in view.entities::<OwnInvitation>(view.inbox(), "own_invitation")? {
            invitations.insert(InvitationId(id), confirmed(id.into(), held));
        }
        for entry in view.overlay.iter() {
            let delivery = match entry.waiting.state {
                State::Waiting => Delivery::Pending,
                State::Accepted { .. } => Delivery::Sent,
                State::Attention(code) => Delivery::NeedsAttention(code),
            };
            match &entry.operation {
                Some(Operation::CreateInvitation(creation)) => {
                    let id = InvitationId::from(entry.waiting.id);
                    invitations.entry(id).or_insert_with(|| pending(id, creation, delivery));
                }
                Some(Operation::RevokeInvitation(revoking)) if !entry.waiting.needs_attention() => {
                    if let Some(invitation) = invitations.get_mut(&revoking.invitation) {
                        invitation.revoked = true;
                        invitation.delivery = delivery;
                    }
                }
                Some(Operation::TellInvitation(telling)) if !entry.waiting.needs_attention() => {
                    if let Some(invitation) = invitations.get_mut(&telling.invitation) {
                        invitation.to_company = telling.to_company;
                        invitation.delivery = delivery;
                    }
                }
                _ => {}
            }
        }
        for (id, invitation) in &mut invitations {
            invitation.code = codes.get(id).cloned();
        }
        Ok(invitations.into_values().rev().collect())
    })
}

fn confirmed(id: InvitationId, held: OwnInvitation) -> InvitationView {
    InvitationView {
        id,
        note: held.note,
        code: None,
        uses: held.uses,
        used: held.used,
        expires_us: Some(held.expires_us),
        revoked: held.revoked,
        joined: held.joined,
        to_company: held.to_company,
        delivery: Delivery::Sent,
    }
}

fn pending(id: InvitationId, creation: &InvitationCreation, delivery: Delivery) -> InvitationView {
    InvitationView {
        id,
        note: creation.note.clone(),
        code: None,
        uses: creation.uses,
        used: 0,
        expires_us: None,
        revoked: false,
        joined: Vec::new(),
        to_company: creation.to_company,
        delivery,
    }
}
