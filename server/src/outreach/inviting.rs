//! Inviting the people of the registry by mail: each once, and reminding each of it once.

use super::{
    log::{self, Kind, Logged, State},
    suppression, third_party,
};
use crate::{
    directory,
    invitations::{self, Making, code},
    mail::{Message, queue::OfEntry},
    registry::{Entry, matching},
    writing::{Failure, Writing},
};
use enishi_protocol::{EntryId, ErrorCode, InvitationId, Language, MemberId, membership::Affiliation};

const DAY_US: i64 = 24 * 3_600_000_000;

/// How somebody is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inviting {
    /// Who invites.
    pub inviter: MemberId,
    /// How many days the invitation is good.
    pub days: i64,
    /// In which language they are written to.
    pub language: Language,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A mail is on its way.
    Queued,
    /// They, or their address, had such a mail before.
    Before,
    /// They have joined.
    Joined,
    /// Nobody writes to them.
    Suppressed,
    /// The registry knows no address of theirs.
    WithoutAddress,
    /// They were not invited by mail, or not long enough ago; or the invitation is over.
    NotDue,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Before, Self::Joined, Self::Suppressed, Self::WithoutAddress, Self::NotDue];

    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Before => "had it before",
            Self::Joined => "joined",
            Self::Suppressed => "suppressed",
            Self::WithoutAddress => "without an address",
            Self::NotDue => "not due",
        }
    }
}

/// Queues an invitation by mail to an entry's known address, unless there was one.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no such entry or inviter; that the database failed.
pub fn invite(writing: &mut Writing<'_>, inviting: &Inviting, id: EntryId) -> Result<Outcome, Failure> {
    let entry = match addressee(writing, id)? {
        Ok(entry) => entry,
        Err(outcome) => return Ok(outcome),
    };
    let (code, invitation) = (code::new(writing.surroundings), InvitationId(writing.surroundings.new_id()));
    let (kind, state, at_us) = (Kind::Invitation, State::Queued, writing.now_us);
    let logged = Logged { kind, state, invitation, language: inviting.language, at_us };
    if !log::begin(writing.conn, writing.surroundings, writing.community, id, &entry.address, &logged)? {
        return Ok(Outcome::Before);
    }
    let making = Making {
        id: invitation,
        code_hash: code::hash(&code),
        inviter: inviting.inviter,
        entry: Some(id),
        affiliation: Affiliation::Alumnus,
        uses: 1,
        days: inviting.days,
        note: String::new(),
        printed: false,
        quiet: true,
        to_company: false,
    };
    invitations::make(writing, &making)?;
    let until_us = writing.now_us + inviting.days * DAY_US;
    let mail = Mail { inviter: inviting.inviter, code, until_us, reminder: false };
    send(writing, id, &entry, inviting.language, mail)?;
    Ok(Outcome::Queued)
}

/// Queues the one reminder of an invitation by mail that was sent `after_days` ago or earlier. The invitation is
/// good for `days` from now on at least.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no such entry; that the database failed.
pub fn remind(writing: &mut Writing<'_>, id: EntryId, after_days: i64, days: i64) -> Result<Outcome, Failure> {
    let entry = match addressee(writing, id)? {
        Ok(entry) => entry,
        Err(outcome) => return Ok(outcome),
    };
    let before_us = writing.now_us - after_days * DAY_US;
    let sent = log::of(writing.conn, writing.community, id)?;
    let invited = sent.iter().find(|sent| sent.kind == Kind::Invitation && sent.at_us <= before_us);
    let Some(first) = invited.filter(|sent| matches!(sent.state, State::Sent | State::Sending)) else {
        return Ok(Outcome::NotDue);
    };
    let (code, until_us) = (code::new(writing.surroundings), writing.now_us + days * DAY_US);
    let logged = Logged { kind: Kind::Reminder, state: State::Queued, at_us: writing.now_us, ..*first };
    let to = (id, entry.address.as_str());
    if log::had(writing.conn, writing.surroundings, writing.community, to, Kind::Reminder)? {
        return Ok(Outcome::Before);
    }
    let by = invitations::inviter(writing.conn, writing.community, first.invitation)?;
    let renewed = invitations::renew(writing, first.invitation, &code::hash(&code), until_us)?;
    let (Some(by), true) = (by, renewed) else { return Ok(Outcome::NotDue) };
    if !log::begin(writing.conn, writing.surroundings, writing.community, id, &entry.address, &logged)? {
        return Ok(Outcome::Before);
    }
    send(writing, id, &entry, first.language, Mail { inviter: by, code, until_us, reminder: true })?;
    Ok(Outcome::Queued)
}

/// The entry, where its person may be written to.
fn addressee(writing: &mut Writing<'_>, id: EntryId) -> Result<Result<Entry, Outcome>, Failure> {
    let (entry, member) = matching::load(writing.conn, writing.community, id)?.ok_or(ErrorCode::NotFound)?;
    // Whether a member signs in with the address is not looked at: it would tell who that is.
    if member.is_some() {
        return Ok(Err(Outcome::Joined));
    }
    if suppression::of(writing.conn, writing.community, id, &entry.address)?.is_some() {
        return Ok(Err(Outcome::Suppressed));
    }
    Ok(if entry.address.is_empty() { Err(Outcome::WithoutAddress) } else { Ok(entry) })
}

struct Mail {
    inviter: MemberId,
    code: String,
    until_us: i64,
    reminder: bool,
}

fn send(writing: &mut Writing<'_>, id: EntryId, to: &Entry, language: Language, mail: Mail) -> Result<(), Failure> {
    let community = directory::community(writing.conn, writing.community)?.ok_or(ErrorCode::NotFound)?.community;
    let inviter = directory::find(writing.conn, writing.community, mail.inviter)?.ok_or(ErrorCode::NotFound)?.actor;
    let message = Message::Invitation {
        community: community.name,
        community_kind: community.kind,
        invited_by: inviter.name.full(),
        role: inviter.role,
        affiliation: inviter.affiliation,
        code: mail.code,
        until_us: mail.until_us,
        reminder: mail.reminder,
    };
    let of = OfEntry { community: writing.community, entry: id };
    third_party::push(writing.conn, writing.surroundings, of, (&to.address, language), &message)?;
    Ok(())
}
