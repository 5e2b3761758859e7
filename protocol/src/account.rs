//! An account beside its sessions: addresses, ways in, notices, the recovery of a membership, and
//! how an account or a membership ends.
//!
//! Every call carries an id made on the phone; a repeat that proves the same gets the same answer.

use crate::{
    error::Language,
    ids::{AttemptId, CommunityId, DeviceId, MemberId, NoticeId, RecoveryId, RequestId},
    limits,
    membership::{PersonName, words},
    session::SignedIn,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An address that the account signs in with: `GET /v1/addresses`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Address {
    /// The address, folded: lower case, without spaces.
    pub address: String,
    /// When it was confirmed, in microseconds since 1970 UTC.
    pub added_us: i64,
}

/// Asks for a code to a new address of this account: `POST /v1/addresses`. One that another account
/// has is answered alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddressStart {
    /// Made on the phone.
    pub attempt: AttemptId,
    /// SHA-256 of the attempt's secret (32 random bytes made on the phone), in lower-case hexadecimal.
    pub secret_hash: String,
    /// The new address, where the code is sent.
    pub address: String,
    /// An address of this account that is removed once the new one is confirmed.
    #[serde(default)]
    pub replaces: Option<String>,
    /// The language of the mail.
    pub language: Language,
}

/// Confirms a new address: `POST /v1/addresses/{attempt}/code`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddressCode {
    /// The attempt's secret, in lower-case hexadecimal.
    pub secret: String,
    /// The six digits from the mail.
    pub code: String,
}

impl fmt::Debug for AddressCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressCode").finish_non_exhaustive()
    }
}

/// Removes an address: `POST /v1/addresses/remove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddressRemoval {
    /// Made on the phone.
    pub id: RequestId,
    /// Which one.
    pub address: String,
}

/// How an account can be signed in to again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WaysIn {
    /// Confirmed addresses.
    pub addresses: i64,
    /// Devices that are signed in, this one included.
    pub devices: i64,
    /// Whether there is a recovery code that was not used yet.
    pub recovery_code: bool,
}

impl WaysIn {
    /// Whether somebody who cannot read their mail and has lost this device gets in again.
    pub fn has_second(&self) -> bool {
        self.recovery_code || self.devices > 1
    }
}

/// Something about the account that all its devices are told: in the answer to `GET /v1/session`,
/// until the device has said that it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Which one.
    pub id: NoticeId,
    /// When it happened, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// What happened.
    pub event: NoticeEvent,
}

/// What happened to the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NoticeEvent {
    /// Another device has signed in.
    NewDevice {
        /// What its owner calls it.
        device: String,
    },
    /// An address was added.
    AddressAdded {
        /// Which one.
        address: String,
    },
    /// An address was removed.
    AddressRemoved {
        /// Which one.
        address: String,
    },
    /// A recovery code was made; an earlier one is worth nothing any more.
    RecoveryCodeMade,
    /// The recovery code was used to sign a device in.
    RecoveryCodeUsed {
        /// What its owner calls the device.
        device: String,
    },
    /// Somebody says that a membership of this account is theirs.
    RecoveryAsked {
        /// Names the wish, to stop it.
        recovery: RecoveryId,
        /// In which community.
        community: CommunityId,
        /// The community's name.
        name: String,
        /// From when on the membership goes over unless it is stopped, in microseconds since 1970
        /// UTC; none while nobody has supported the wish.
        until_us: Option<i64>,
    },
    /// A recovery was stopped.
    RecoveryStopped {
        /// The community's name.
        name: String,
    },
    /// A membership has gone over to another account.
    MembershipMoved {
        /// The community's name.
        name: String,
    },
    /// Something that this build does not know.
    #[serde(other)]
    Unknown,
}

/// Says that this device has shown notices: `POST /v1/notices/seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NoticesSeen {
    /// Which ones.
    pub notices: Vec<NoticeId>,
}

/// A new device asks to be approved by one that is signed in: `POST /v1/approvals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ApprovalStart {
    /// Made on the phone.
    pub attempt: AttemptId,
    /// SHA-256 of the attempt's secret (32 random bytes made on the phone), in lower-case hexadecimal.
    pub secret_hash: String,
    /// The device's id, made on the phone once.
    pub device: DeviceId,
    /// What its owner calls the device.
    pub device_name: String,
}

/// The new device waits to be approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ApprovalStarted {
    /// How long it may be approved, in seconds.
    pub good_for_seconds: i64,
    /// What the new device shows, as text and as QR code. Whoever sees it can do nothing with it but
    /// let the device into an account of their own.
    pub link: String,
}

/// A device that asks, as one that is signed in sees it: `GET /v1/approvals/{attempt}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ApprovalView {
    /// What the asking device calls itself. Nothing proves it.
    pub device_name: String,
    /// When it asked, in microseconds since 1970 UTC.
    pub asked_us: i64,
    /// Whether it asks from the same network as the device that looks; none where that is not known.
    pub same_network: Option<bool>,
}

/// The new device asks whether it was approved: `POST /v1/approvals/{attempt}/session`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ApprovalProof {
    /// The attempt's secret, in lower-case hexadecimal.
    pub secret: String,
}

impl fmt::Debug for ApprovalProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApprovalProof").finish_non_exhaustive()
    }
}

/// Whether a device was approved.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "outcome", content = "signed_in")]
pub enum ApprovalAnswer {
    /// Nobody has said anything yet.
    Waiting,
    /// It is signed in.
    SignedIn(SignedIn),
}

/// Makes or replaces the recovery code: `POST /v1/recovery-code`. It is made on the phone, so that
/// a reply lost loses no code.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryCodeMaking {
    /// Made on the phone.
    pub id: RequestId,
    /// The code in the form of [`recovery_code`].
    pub code: String,
}

impl fmt::Debug for RecoveryCodeMaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCodeMaking").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Signs in with the printed recovery code: `POST /v1/recovery-code/spend`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryCodeSpending {
    /// Made on the phone.
    pub attempt: AttemptId,
    /// The attempt's secret (32 random bytes made on the phone), in lower-case hexadecimal.
    pub secret: String,
    /// The code.
    pub code: String,
    /// The device's id, made on the phone once.
    pub device: DeviceId,
    /// What its owner calls the device.
    pub device_name: String,
}

impl fmt::Debug for RecoveryCodeSpending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCodeSpending").field("device", &self.device).finish_non_exhaustive()
    }
}

words! {
    /// How far the recovery of a membership has come.
    RecoveryState {
        /// Nobody has supported it yet.
        Asked = "asked",
        /// Supported; it waits until nobody has objected for so long.
        Waiting = "waiting",
        /// The membership is going over.
        Moving = "moving",
        /// Somebody on duty did not support it.
        Declined = "declined",
        /// It was stopped by whoever has the membership.
        Stopped = "stopped",
        /// It could not be done: the membership or the account is not what it was.
        Void = "void",
        /// The membership has gone over.
        Done = "done",
    }

    /// What becomes of what a member wrote when they go.
    Written {
        /// It stays, under their name.
        Keep = "keep",
    }
}

/// Says "this membership is mine": `POST /v1/recoveries`, with a session of another account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryStart {
    /// Made on the phone.
    pub id: RecoveryId,
    /// The code of any invitation to the community, used or not: how one knows of it. It stays unused.
    pub code: String,
    /// The name that the member bears there, or bore at the company.
    pub name: PersonName,
    /// The fact that the community asks leavers for, where the person knows it.
    #[serde(default)]
    pub fact: Option<String>,
    /// A word to those who know one.
    #[serde(default)]
    pub note: String,
}

/// A recovery that this account has asked for: `GET /v1/recoveries`. Whether there is such a member
/// is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnRecovery {
    /// Which one. Told to former colleagues, it lets them find and support it.
    pub id: RecoveryId,
    /// The community's name.
    pub name: String,
    /// How far it has come.
    pub state: RecoveryState,
    /// Until when it can be stopped, in microseconds since 1970 UTC, once it is supported.
    pub until_us: Option<i64>,
}

/// Somebody's wish to have a membership back, as the desk sees it, and members who were told its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Recovery {
    /// The name as they gave it.
    pub name: PersonName,
    /// Their word.
    #[serde(default)]
    pub note: String,
    /// The member that this name, or this name and fact, are of, where there is one.
    #[serde(default)]
    pub member: Option<MemberId>,
    /// Whether they gave the fact that the registry knows of that member.
    pub proved: bool,
    /// How far it has come.
    pub state: RecoveryState,
    /// How many members have vouched.
    pub vouches: i64,
    /// Until when it can be stopped, in microseconds since 1970 UTC, once it is supported.
    #[serde(default)]
    pub until_us: Option<i64>,
    /// When it was asked for, in microseconds since 1970 UTC.
    pub at_us: i64,
}

/// Supports a recovery: somebody on duty by themselves, members by vouching together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySupport {
    /// Which one.
    pub recovery: RecoveryId,
    /// The member who they are.
    pub member: MemberId,
}

/// Somebody on duty does not support a recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryDeclining {
    /// Which one.
    pub recovery: RecoveryId,
}

/// Stops a recovery, from a device of the account that has the membership:
/// `POST /v1/recoveries/{recovery}/stop`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecoveryStop {
    /// The community that it is in.
    pub community: CommunityId,
}

/// Leaves a community: `POST /v1/communities/{community}/leave`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Leaving {
    /// Made on the phone.
    pub id: RequestId,
}

/// Deletes the account: `POST /v1/account/delete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountDeletion {
    /// Made on the phone.
    pub id: RequestId,
    /// What becomes of what was written.
    pub written: Written,
}

/// Crockford's base32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that a recovery code is found by.
const HANDLE_CHARS: usize = 8;

/// A recovery code made of random bytes: [`limits::RECOVERY_CODE_CHARS`] characters, of which the
/// first eight are what it is found by, the next sixteen (80 bits) the secret, the last a check.
pub fn recovery_code(random: &[u8; limits::RECOVERY_CODE_CHARS - 1]) -> String {
    let mut values: Vec<usize> = random.iter().map(|byte| usize::from(byte & 31)).collect();
    values.push(check(&values));
    values.into_iter().map(|value| char::from(ALPHABET[value])).collect()
}

/// A recovery code as it is printed: in groups of five.
pub fn grouped(code: &str) -> String {
    let characters: Vec<char> = code.chars().collect();
    characters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A recovery code as somebody typed it, in its one form; none where it is not whole or mistyped.
pub fn read_recovery_code(text: &str) -> Option<String> {
    let mut values = Vec::with_capacity(limits::RECOVERY_CODE_CHARS);
    for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
        let plain = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let value = ALPHABET.iter().position(|known| char::from(*known) == plain)?;
        if values.len() == limits::RECOVERY_CODE_CHARS {
            return None;
        }
        values.push(value);
    }
    let (last, rest) = values.split_last()?;
    let whole = values.len() == limits::RECOVERY_CODE_CHARS && *last == check(rest);
    whole.then(|| values.iter().map(|value| char::from(ALPHABET[*value])).collect())
}

/// The part of a recovery code that it is found by, and the secret with its check.
pub fn recovery_code_parts(code: &str) -> (&str, &str) {
    code.split_at(HANDLE_CHARS.min(code.len()))
}

/// Luhn's check over base 32: it finds every mistyped character and nearly every swapped pair.
fn check(values: &[usize]) -> usize {
    let sum: usize = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| {
            let weighed = if place % 2 == 0 { value * 2 } else { *value };
            weighed / 32 + weighed % 32
        })
        .sum();
    (32 - sum % 32) % 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> String {
        recovery_code(&std::array::from_fn(|place| u8::try_from(place * 37 % 251).expect("small")))
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = code();
        assert_eq!(code.len(), limits::RECOVERY_CODE_CHARS);
        assert_eq!(read_recovery_code(&code).as_ref(), Some(&code));
        let printed = grouped(&code);
        assert_eq!(printed.matches('-').count(), 4);
        let typed = printed.to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        assert_eq!(read_recovery_code(&typed).as_ref(), Some(&code));
        assert_eq!(recovery_code_parts(&code).0.len(), 8);
    }

    #[test]
    fn a_mistyped_character_is_found_before_it_is_sent() {
        let code = code();
        for place in 0..code.len() {
            for other in ALPHABET.iter().map(|byte| char::from(*byte)) {
                let mut typed: Vec<char> = code.chars().collect();
                let right = std::mem::replace(&mut typed[place], other) == other;
                assert_eq!(read_recovery_code(&typed.iter().collect::<String>()).is_some(), right, "{place} {other}");
            }
        }
        for text in ["", &code[1..], &format!("{code}0"), "縁縁縁縁縁"] {
            assert_eq!(read_recovery_code(text), None, "{text}");
        }
    }

    #[test]
    fn a_notice_of_a_later_build_does_not_hide_the_others() {
        let text = r#"{"id":"00000000-0000-0000-0000-000000000007","at_us":1,"event":{"kind":"exported","to":"x"}}"#;
        let notice: Notice = serde_json::from_str(text).expect("readable");
        assert_eq!(notice.event, NoticeEvent::Unknown);
    }
}
