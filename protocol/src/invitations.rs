//! Invitations: the way into a community.
//!
//! A link carries [`CODE_BITS`] random bits made by whoever invites, on their own device; the
//! server keeps only the hash. So an alumnus can invite on a train: the link works once the
//! mutation has arrived. A letter carries [`PRINTED_CODE_BITS`], which a person can type.

mod code;

pub use code::{CODE_BITS, PRINTED_CODE_BITS, is_printed, link_code, normal_code, printed_code, shown_code};

use crate::{
    ids::{EntryId, InvitationId, MemberId, RequestId},
    membership::{Affiliation, CommunityKind, Membership, PersonName, ProfileField, Role, words},
    moderation::CommunityRule,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// The fact that a registry entry's owner knows and the invitation does not contain.
    Fact {
        /// 生年月日, as `YYYY-MM-DD`.
        BirthDate = "birth_date",
        /// 社員番号.
        EmployeeNumber = "employee_number",
    }

    /// What became of an invitation.
    InvitationState {
        /// It can be used.
        Open = "open",
        /// It brought in as many as it may.
        Used = "used",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
}

/// An invitation in the inbox of who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnInvitation {
    /// For whom, as the inviter noted it.
    #[serde(default)]
    pub note: String,
    /// How many it may bring in.
    pub uses: i64,
    /// How many it has brought in.
    pub used: i64,
    /// Until when it is good, in microseconds since 1970 UTC.
    pub expires_us: i64,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Who joined by it, as far as they agreed that the inviter is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<MemberId>,
    /// Whether the inviter agrees that the company is told whom it brought.
    #[serde(default)]
    pub to_company: bool,
}

/// Creates an invitation. Its id is the mutation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCreation {
    /// SHA-256 of the code's ASCII bytes, in lower-case hexadecimal.
    pub code_hash: String,
    /// The registry entry it is for; only those who run the community may name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// 1 to [`crate::limits::INVITATION_USES_MAX`]; more than one only for those who run the community.
    #[serde(default = "one")]
    pub uses: i64,
    /// 1 to [`crate::limits::INVITATION_DAYS_MAX`].
    #[serde(default = "days")]
    pub days: i64,
    /// For whom, to recognise it by: at most [`crate::limits::NOTE_CHARS`] characters.
    #[serde(default)]
    pub note: String,
    /// Whether the inviter agrees that the company is told whom it brought.
    #[serde(default)]
    pub to_company: bool,
}

fn one() -> i64 {
    1
}

fn days() -> i64 {
    crate::limits::INVITATION_DAYS
}

/// Takes an invitation back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRevoking {
    /// Which one.
    pub invitation: InvitationId,
}

/// What a link shows before anybody joins. Reading it changes and counts nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    /// The community's name.
    pub community: String,
    /// What it is.
    pub kind: CommunityKind,
    /// Who invites, as members know them.
    pub invited_by: PersonName,
    /// What the one who invites is to the community.
    pub inviter: Affiliation,
    /// The role of the one who invites.
    pub inviter_role: Role,
    /// Whether it can still be used.
    pub state: InvitationState,
    /// The fact to prove. With it one joins at once; without it somebody decides.
    pub fact: Option<Fact>,
    /// The rules of the community, to be read before joining.
    #[serde(default)]
    pub rules: Vec<CommunityRule>,
}

/// Accepts an invitation: `POST /v1/invitations/{code}/accept`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Acceptance {
    /// Made on the phone; a repeat by the same account gets the same answer.
    pub id: RequestId,
    /// The name to bear in the community.
    pub name: PersonName,
    /// The fact asked for, where one is and the person knows it.
    #[serde(default)]
    pub fact: Option<String>,
    /// A word to those who decide, where somebody must.
    #[serde(default)]
    pub note: String,
    /// Fields of the profile to begin with, shown to everyone in the community. Empty ones are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub fields: BTreeMap<ProfileField, String>,
    /// Whether whoever joins agrees that the inviter is told.
    #[serde(default)]
    pub to_inviter: bool,
    /// Whether they agree that the company is told who brought them.
    #[serde(default)]
    pub to_company: bool,
}

/// What became of an acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "outcome", content = "membership")]
pub enum Accepted {
    /// The account is now a member.
    Joined(Membership),
    /// Somebody on duty decides; the membership waits.
    Waiting(Membership),
}

/// A wish to join, on the desk of those who decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct JoinRequest {
    /// Who wishes to join: a member with standing `waiting`, or for a group a member.
    pub member: MemberId,
    /// Their name, as they gave it.
    pub name: PersonName,
    /// Who invited them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<MemberId>,
    /// Their word.
    #[serde(default)]
    pub note: String,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// Which members vouch for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouched_by: Vec<MemberId>,
}

/// A wish to join that members may vouch for. Nothing of the person is in it but what they wrote themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct JoinVouching {
    /// Their name, as they gave it.
    pub name: PersonName,
    /// Their word.
    #[serde(default)]
    pub note: String,
    /// How many members must vouch.
    pub needed: i64,
    /// How many do.
    pub vouches: i64,
    /// When they asked, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// Vouches for somebody who wishes to join the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinVouch {
    /// Which request.
    pub request: RequestId,
}

/// In the inbox of who came in by an invitation: who invited them, and who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnReferral {
    /// Who invited this member.
    pub inviter: MemberId,
    /// Whether the inviter is told.
    pub to_inviter: bool,
    /// Whether this member agrees that the company is told.
    pub to_company: bool,
}

/// At the community's desk: who brought a member, where both agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Referral {
    /// Who invited them.
    pub inviter: MemberId,
}

/// Says whom this member allows to be told who brought them. What is not named stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralSetting {
    /// The inviter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_inviter: Option<bool>,
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_company: Option<bool>,
}

/// Says whether the company may be told whom an invitation of one's own brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationTelling {
    /// Which invitation.
    pub invitation: InvitationId,
    /// Whether it may.
    pub to_company: bool,
}

/// Decides a request to join the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinDecision {
    /// Which request.
    pub request: RequestId,
    /// Let in, or not.
    pub accept: bool,
}
