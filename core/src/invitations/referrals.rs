//! Who brought whom, as far as this member is told.

use crate::{
    error::StoreError,
    store::{Store, Wish},
};
use enishi_protocol::{
    CommunityId, MemberId, Operation, Stream,
    invitations::{OwnReferral, Referral, ReferralSetting},
};

/// Who invited this member, and who is told, with what waits; none for one whom nobody invited.
pub fn own(store: &Store, community: CommunityId) -> Result<Option<OwnReferral>, StoreError> {
    store.view(community, |view| {
        let Some(mut own) = view.entity::<OwnReferral>(view.inbox(), "own_referral", view.member.0)? else {
            return Ok(None);
        };
        for (_, operation) in view.shown_operations() {
            if let Operation::SetReferral(setting) = operation {
                own.to_inviter = setting.to_inviter.unwrap_or(own.to_inviter);
                own.to_company = setting.to_company.unwrap_or(own.to_company);
            }
        }
        Ok(Some(own))
    })
}

/// Says who may be told who brought this member. What is not named stays.
pub fn set(to_inviter: Option<bool>, to_company: Option<bool>) -> Wish {
    Wish::free(Operation::SetReferral(ReferralSetting { to_inviter, to_company }))
}

/// On duty: members with who brought them, where both agreed.
pub fn of_all(store: &Store, community: CommunityId) -> Result<Vec<(MemberId, MemberId)>, StoreError> {
    store.view(community, |view| {
        let desk = view.copy(Stream::community_desk(community));
        let held = view.entities::<Referral>(desk, "referral")?;
        Ok(held.into_iter().map(|(member, referral)| (MemberId(member), referral.inviter)).collect())
    })
}
