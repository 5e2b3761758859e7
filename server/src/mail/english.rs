//! The words of every mail in English: subject, then text.

use super::{
    Message,
    letter::{day, written},
};
use crate::kinds;
use enishi_protocol::Language;

#[allow(clippy::too_many_lines, reason = "one arm for each mail: a list of words")]
pub(super) fn words(message: &Message, server: &str) -> (String, String) {
    match message {
        Message::Code { code } => (
            "Enishi: your sign-in code".into(),
            format!(
                "Here is your code to sign in. Enter it in the app within 10 minutes.\n\n{code}\n\n\
                 Tell this code to nobody.\n\
                 If you did not ask for it, ignore this mail. Nothing has changed.\n"
            ),
        ),
        Message::NewDevice { device } => (
            "Enishi: a new device signed in".into(),
            format!(
                "A new device has signed in to your account.\n\n{device}\n\n\
                 If that was not you, revoke it in the app under Devices.\n"
            ),
        ),
        Message::AddressCode { code } => (
            "Enishi: your code to add this address".into(),
            format!(
                "Here is the code to add this address to your Enishi account. Enter it in the app within 10 minutes.\n\n\
                 {code}\n\n\
                 Tell this code to nobody.\n\
                 If you did not ask for it, ignore this mail. Nothing has changed.\n"
            ),
        ),
        Message::AddressAdded { address } => (
            "Enishi: an address was added".into(),
            format!(
                "An address was added to your account. It can be used to sign in.\n\n{address}\n\n\
                 If that was not you, remove it in the app under Addresses, and revoke devices that you do not know.\n"
            ),
        ),
        Message::AddressRemoved { address } => (
            "Enishi: an address was removed".into(),
            format!(
                "An address was removed from your account. It can no longer be used to sign in.\n\n{address}\n\n\
                 If that was not you, sign in by another device or address and revoke devices that you do not know.\n\
                 If none of them works, ask the company or former colleagues to help you recover your membership.\n"
            ),
        ),
        Message::RecoveryCodeMade => (
            "Enishi: a recovery code was made".into(),
            "A new recovery code was made for your account. An earlier one no longer works.\n\n\
             If that was not you, revoke devices that you do not know in the app, and make a new code.\n"
                .into(),
        ),
        Message::RecoveryCodeUsed { device } => (
            "Enishi: your recovery code was used".into(),
            format!(
                "A device was signed in with your recovery code. The code no longer works.\n\n{device}\n\n\
                 If that was not you, revoke it in the app under Devices.\n"
            ),
        ),
        Message::RecoveryAsked { community } => (
            format!("Enishi: somebody says that your membership of {community} is theirs"),
            format!(
                "Somebody with another account says that your membership of {community} is theirs.\n\
                 Nothing has changed yet. If anybody supports this, you will hear again.\n\n\
                 If it is not you, you can stop it from the notices in the app.\n"
            ),
        ),
        Message::RecoveryWaits { community, stop } => (
            format!("Enishi: your membership of {community} goes over in 72 hours"),
            format!(
                "The request to take over your membership of {community} was supported.\n\
                 Unless somebody stops it within 72 hours, the membership goes over to the account that asked.\n\n\
                 If you did not ask for this, stop it with the button on this page.\n\n{server}/stop/{stop}\n\n\
                 You can also stop it from the notices in the app. Opening the page changes nothing.\n"
            ),
        ),
        Message::RecoveryStopped { community } => (
            format!("Enishi: the recovery of a membership of {community} was stopped"),
            format!(
                "The recovery of a membership of {community} was stopped. It stays with the account that has it.\n"
            ),
        ),
        Message::MembershipMoved { community } => (
            format!("Enishi: your membership of {community} has gone over"),
            format!(
                "Nobody stopped it within 72 hours, so your membership of {community} has gone over to the account that asked.\n\n\
                 If that was not you, please tell the company at once.\n"
            ),
        ),
        Message::RecoveryDecided { community, done: true } => (
            format!("Enishi: welcome back to {community}"),
            format!("Your membership of {community} now belongs to this account. Open the app to begin.\n"),
        ),
        Message::RecoveryDecided { community, done: false } => (
            format!("Enishi: your request about {community}"),
            format!(
                "Your membership of {community} could not be recovered this time. Nothing has changed.\n\
                 If you think this is a mistake, ask the company.\n"
            ),
        ),
        Message::AccountDeleted => (
            "Enishi: your account is being deleted".into(),
            "Your account is being deleted. All devices are signed out, and your addresses will be gone shortly.\n\n\
             If that was not you, please tell the company at once.\n"
                .into(),
        ),
        Message::JoinedAsYou { community } => (
            format!("Enishi: someone joined {community} as you"),
            format!(
                "Someone joined {community} as the person that its records know under this address.\n\n\
                 If that was not you, please tell the company.\n"
            ),
        ),
        Message::Invitation { community, community_kind, invited_by, role, affiliation, code, until_us, reminder } => {
            let lead = kinds::lead(*community_kind, Language::En);
            let inviter = kinds::inviter(*community_kind, *role, *affiliation, Language::En);
            let until = day(*until_us, Language::En);
            let (subject, often) = if *reminder {
                (
                    format!("Enishi: a reminder of your invitation to {community}"),
                    "This is the last mail about this invitation.",
                )
            } else {
                (
                    format!("Enishi: you are invited to {community}"),
                    "There is one mail about an invitation, and one reminder at most.",
                )
            };
            (
                subject,
                format!(
                    "{invited_by}{inviter} invites you to {community}.\n\n{lead}\n\n{server}/i/{code}\n\n\
                     The page says who invites you to what. Opening it sends nothing.\n\
                     The invitation is good until {until}.\n\n\
                     This goes to the address in the records of those who run {community}. {often}\n\
                     If you do not want it, decline with the button on this page. \
                     {community} sends you no such mail from then on.\n\n\
                     {server}/decline/{code}\n"
                ),
            )
        }
        Message::Decided { community, accepted: true } => (
            format!("Enishi: welcome to {community}"),
            format!("Your request to join {community} was accepted. Open the app to begin.\n"),
        ),
        Message::Decided { community, accepted: false } => (
            format!("Enishi: your request to join {community}"),
            format!(
                "Those who run {community} have looked at your request and could not accept it.\n\
                 If you think this is a mistake, ask whoever invited you, or the company.\n"
            ),
        ),
        Message::Suspended { community, until_us, reason } => {
            let until = until_us
                .map_or_else(|| "until somebody on duty ends it".into(), |until| format!("until {}", written(until)));
            (
                format!("Enishi: your membership of {community} is suspended"),
                format!(
                    "Your membership of {community} is suspended {until}.\n\nWhy:\n{reason}\n\n\
                     What you wrote is kept. If you think this is a mistake, ask those who run the community.\n"
                ),
            )
        }
        Message::Restored { community } => (
            format!("Enishi: you can take part in {community} again"),
            format!("Your membership of {community} goes on. Open the app to continue.\n"),
        ),
        Message::Removed { community, reason } => (
            format!("Enishi: your membership of {community} has ended"),
            format!(
                "Those who run {community} have ended your membership.\n\nWhy:\n{reason}\n\n\
                 What you wrote stays under your name. If you want it erased, or think this is a mistake, \
                 ask those who run the community.\n"
            ),
        ),
    }
}
