//! Invitations: the way into a community.
//!
//! A link carries [`CODE_BITS`] random bits made by whoever invites, on their own device; the
//! server keeps only the hash. So an alumnus can invite on a train: the link works once the
//! mutation has arrived.

use crate::{
    ids::{EntryId, InvitationId, MemberId, RequestId},
    membership::{Affiliation, CommunityKind, Membership, PersonName, Role, words},
};
use serde::{Deserialize, Serialize};

/// Random bits in a link's code.
pub const CODE_BITS: usize = 128;

/// Characters of a link's code.
const LINK_CODE_CHARS: usize = 26;
/// Characters of a code that is printed and typed, the last of them a check.
const PRINTED_CODE_CHARS: usize = 12;

/// Crockford's base32: no I, L, O, U.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a link, in its one form, made of random bits.
pub fn link_code(bits: u128) -> String {
    let digit = |place: usize| CODE_ALPHABET[usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default()];
    (0..LINK_CODE_CHARS).rev().map(|place| char::from(digit(place))).collect()
}

/// A code as somebody typed or pasted it, in its one form, which is the one that is hashed: upper
/// case, without hyphens and spaces, with O read as 0 and I and L as 1. None where it can be no code.
pub fn normal_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(LINK_CODE_CHARS);
    for character in text.trim().chars().filter(|character| !matches!(character, '-' | ' ')) {
        let plain = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = plain.is_ascii() && CODE_ALPHABET.contains(&(plain as u8));
        if !known || code.len() == LINK_CODE_CHARS {
            return None;
        }
        code.push(plain);
    }
    matches!(code.len(), LINK_CODE_CHARS | PRINTED_CODE_CHARS).then_some(code)
}

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
}

/// Decides a request to join the community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinDecision {
    /// Which request.
    pub request: RequestId,
    /// Let in, or not.
    pub accept: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_form_however_it_is_typed() {
        let code = link_code(u128::MAX / 3);
        assert_eq!(code, "2NANANANANANANANANANANANAN");
        assert_eq!(normal_code(&code), Some(code.clone()));
        assert_eq!(normal_code(&format!(" {} ", code.to_lowercase())), Some(code));
        assert_eq!(link_code(u128::MAX).len(), 26);
        assert_eq!(normal_code("oil0-1234 5678").as_deref(), Some("011012345678"));
        for bad in ["", "1234", "2NANANANANANANANANANANANAU", "縁縁縁縁縁縁縁縁縁縁縁縁", &"0".repeat(27)] {
            assert_eq!(normal_code(bad), None, "{bad}");
        }
    }
}
