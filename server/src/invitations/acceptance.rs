//! Accepting an invitation: joining at once with a fact that only the person and the company know,
//! or waiting until somebody on duty has decided.

use super::{Place, preview::fact_asked, row::Invitation};
use crate::{
    accounts::{self, addresses, employers, memberships, tell},
    db::Connection,
    directory,
    error::{Error, Result},
    mail::{Message, queue::OfEntry},
    membership::{self, Admission},
    outreach::third_party,
    policy::Permit,
    profiles,
    referrals::{self, Agreed},
    registry::matching,
    secrets::{self, Hash},
    surroundings::Surroundings,
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    AccountId, CommunityId, EntryId, ErrorCode, InvitationId, Language, MemberId, RequestId,
    invitations::{Acceptance, Accepted, Fact, InvitationState},
    limits,
    membership::{Affiliation, Membership, ProfileField, Role, Standing},
};

/// What became of an acceptance. Either is kept, as a fact that did not match is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The account is a member, or waits.
    Accepted(Accepted),
    /// It is not, and the person is told why.
    Refused(ErrorCode),
}

/// How somebody comes in.
enum Way {
    AtOnce(EntryId),
    ByDecision,
    Not(ErrorCode),
}

/// Accepts an invitation. A repeat by the same account with the same id gets the same answer.
/// Run in the community's scope.
///
/// # Errors
/// What keeps the invitation from being used at all; nothing is counted then.
pub fn accept(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    place: Place,
    account: AccountId,
    acceptance: &Acceptance,
) -> Result<Answer> {
    let mut answer = None;
    let written = Writing::by_server(conn, surroundings, place.community, |writing| {
        let decided = decide(writing, place, account, acceptance);
        let done = decided.as_ref().map(drop).map_err(|error| error.code().into());
        answer = Some(decided);
        done
    });
    match (answer, written) {
        // What failed inside is undone with the transaction.
        (Some(answer), _) => answer,
        (None, Err(Failure::Refused(ErrorCode::NotFound))) => Err(ErrorCode::InvitationUnknown.into()),
        (None, Err(failure)) => Err(failure.into()),
        (None, Ok(_)) => Err(Error::Internal("nothing was decided".into())),
    }
}

fn decide(writing: &mut Writing<'_>, place: Place, account: AccountId, acceptance: &Acceptance) -> Result<Answer> {
    check(acceptance)?;
    if let Some(accepted) = earlier(writing.conn, place.community, account, acceptance.id)? {
        return Ok(Answer::Accepted(accepted));
    }
    let invitation =
        Invitation::load(writing.conn, place.community, place.invitation)?.ok_or(ErrorCode::InvitationUnknown)?;
    if let Some(answer) = present(writing, account)? {
        return Ok(answer);
    }
    usable(writing, &invitation)?;
    match way(writing, &invitation, account, acceptance)? {
        Way::Not(code) => Ok(Answer::Refused(code)),
        Way::AtOnce(entry) => join(writing, invitation, account, acceptance, Some(entry)),
        Way::ByDecision => {
            let before = waiting(writing, invitation.id)?;
            if !invitation.has_room_to_wait(before) {
                return Err(ErrorCode::InvitationUsed.into());
            }
            join(writing, invitation, account, acceptance, None)
        }
    }
}

/// How many wait for a decision by one invitation.
fn waiting(writing: &mut Writing<'_>, invitation: InvitationId) -> Result<i64> {
    let sql = "SELECT count(*) FROM acceptance JOIN join_request ON join_request.community = acceptance.community \
               AND join_request.id = acceptance.id WHERE acceptance.community = $1 AND acceptance.invitation = $2";
    let row = writing.conn.first(sql, values![writing.community, invitation])?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

fn check(acceptance: &Acceptance) -> Result<()> {
    if !membership::name_is_valid(&acceptance.name) {
        return Err(ErrorCode::NameInvalid.into());
    }
    let fact = acceptance.fact.as_deref().unwrap_or_default();
    if acceptance.note.chars().count() > limits::NOTE_CHARS || fact.chars().count() > limits::NAME_CHARS {
        return Err(ErrorCode::TextTooLong.into());
    }
    if acceptance.note.contains('\0') || fact.contains('\0') {
        return Err(ErrorCode::Malformed.into());
    }
    Ok(profiles::check(&acceptance.fields)?)
}

/// The answer that an acceptance got before, with what has become of it since. Run in the community's scope.
///
/// # Errors
/// That the database failed.
pub fn earlier(
    conn: &mut dyn Connection,
    community: CommunityId,
    account: AccountId,
    id: RequestId,
) -> Result<Option<Accepted>> {
    let sql = "SELECT waiting FROM acceptance WHERE community = $1 AND account = $2 AND id = $3";
    let Some(row) = conn.first(sql, values![community, account, id])? else { return Ok(None) };
    let waited: bool = row.get(0)?;
    let membership = membership(conn, community, account)?;
    Ok(Some(match membership.standing {
        Standing::Active => Accepted::Joined(membership),
        _ if waited => Accepted::Waiting(membership),
        _ => Accepted::Joined(membership),
    }))
}

/// The answer for an account that is a member, or waits, already.
fn present(writing: &mut Writing<'_>, account: AccountId) -> Result<Option<Answer>> {
    let Some(membership) = memberships::load(writing.conn, account, writing.community)? else { return Ok(None) };
    Ok(match membership.standing {
        Standing::Active => Some(Answer::Accepted(Accepted::Joined(membership))),
        Standing::Waiting => Some(Answer::Accepted(Accepted::Waiting(membership))),
        Standing::Suspended => Some(Answer::Refused(ErrorCode::MembershipSuspended)),
        Standing::Ended => None,
    })
}

fn usable(writing: &mut Writing<'_>, invitation: &Invitation) -> Result<()> {
    let inviter = directory::find(writing.conn, writing.community, invitation.inviter)?;
    if inviter.is_none_or(|inviter| inviter.actor.standing != Standing::Active) {
        return Err(ErrorCode::InvitationRevoked.into());
    }
    match invitation.state(writing.now_us) {
        InvitationState::Open => Ok(()),
        InvitationState::Used => Err(ErrorCode::InvitationUsed.into()),
        InvitationState::Expired => Err(ErrorCode::InvitationExpired.into()),
        InvitationState::Revoked => Err(ErrorCode::InvitationRevoked.into()),
    }
}

fn way(writing: &mut Writing<'_>, invitation: &Invitation, account: AccountId, acceptance: &Acceptance) -> Result<Way> {
    if membership::was_removed(writing.conn, writing.community, account)? {
        return Ok(Way::ByDecision);
    }
    let given = acceptance.fact.as_deref().map(str::trim).filter(|given| !given.is_empty());
    let asked = fact_asked(writing.conn, writing.community, invitation)?;
    let (Some(fact), Some(given)) = (asked, given) else { return Ok(Way::ByDecision) };
    let wrong = WrongFact { invitation, account, id: acceptance.id, hash: fact_hash(account, fact, given) };
    if wrong.is_repeat(writing)? {
        return Ok(Way::Not(ErrorCode::FactWrong));
    }
    if invitation.is_tried_out() || wrong.counted(writing)? >= limits::TRIES {
        return Ok(Way::ByDecision);
    }
    let proved = match invitation.entry {
        Some(id) => match matching::load(writing.conn, writing.community, id)? {
            // Somebody has joined as this person: whoever is right, a person must look.
            Some((_, Some(_))) | None => return Ok(Way::ByDecision),
            Some((entry, None)) => matching::proves(&entry, fact, given).then_some(id),
        },
        None => matching::find(writing.conn, writing.community, &acceptance.name, fact, given)?,
    };
    match proved {
        Some(entry) => Ok(Way::AtOnce(entry)),
        None => wrong.count(writing).map(|()| Way::Not(ErrorCode::FactWrong)),
    }
}

fn fact_hash(account: AccountId, fact: Fact, given: &str) -> Hash {
    let given = matching::read_fact(fact, given).unwrap_or_else(|| given.to_owned());
    secrets::sha256_of(&[account.0.as_bytes(), given.as_bytes()])
}

/// A fact that did not match, as it is counted.
struct WrongFact<'a> {
    invitation: &'a Invitation,
    account: AccountId,
    id: RequestId,
    hash: Hash,
}

impl WrongFact<'_> {
    /// Whether this very acceptance was answered before: a lost reply costs no try.
    fn is_repeat(&self, writing: &mut Writing<'_>) -> Result<bool> {
        let sql = "SELECT acceptance FROM wrong_fact \
                   WHERE community = $1 AND invitation = $2 AND account = $3 AND fact_hash = $4 AND acceptance = $5";
        let values = values![writing.community, self.invitation.id, self.account, self.hash.as_slice(), self.id];
        Ok(writing.conn.first(sql, values)?.is_some())
    }

    /// How many different facts this account has tried.
    fn counted(&self, writing: &mut Writing<'_>) -> Result<i64> {
        let sql = "SELECT count(*) FROM wrong_fact WHERE community = $1 AND invitation = $2 AND account = $3";
        let row = writing.conn.first(sql, values![writing.community, self.invitation.id, self.account])?;
        Ok(row.map_or(Ok(0), |row| row.get(0))?)
    }

    /// Counts it; the same fact once more is no other guess.
    fn count(&self, writing: &mut Writing<'_>) -> Result<()> {
        let counted = writing.conn.execute(
            "INSERT INTO wrong_fact (community, invitation, account, fact_hash, acceptance) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (community, invitation, account, fact_hash) DO NOTHING",
            values![writing.community, self.invitation.id, self.account, self.hash.as_slice(), self.id],
        )?;
        if counted > 0 {
            writing.conn.execute(
                "UPDATE invitation SET wrong = wrong + 1 WHERE community = $1 AND id = $2",
                values![writing.community, self.invitation.id],
            )?;
        }
        Ok(())
    }
}

fn join(
    writing: &mut Writing<'_>,
    mut invitation: Invitation,
    account: AccountId,
    acceptance: &Acceptance,
    entry: Option<EntryId>,
) -> Result<Answer> {
    let affiliation = if entry.is_some() { Affiliation::Alumnus } else { invitation.affiliation };
    if affiliation == Affiliation::Alumnus && !has_own_address(writing, account)? {
        // Nothing is used up: the same acceptance goes on once there is such an address.
        return Ok(Answer::Refused(ErrorCode::OwnAddressNeeded));
    }
    let before = directory::of_account(writing.conn, writing.community, account)?;
    let member = before.map_or_else(|| MemberId(writing.surroundings.new_id()), |row| row.actor.id);
    let admission = Admission { member, account, name: acceptance.name.clone(), role: Role::Member, affiliation };
    profiles::begin(writing.conn, writing.community, member, &acceptance.fields)?;
    let agreed = Agreed { to_inviter: acceptance.to_inviter, to_company: acceptance.to_company };
    referrals::keep(writing, member, (invitation.inviter, invitation.id), agreed)?;
    if let Some(entry) = entry {
        begin_profile(writing, member, entry)?;
        membership::admit(writing, &admission)?;
        matching::joined(writing.conn, writing.community, entry, member)?;
        tell_the_entry(writing, account, entry)?;
        referrals::publish(writing, &Permit::of_the_server(), member)?;
        use_up(writing, &mut invitation)?;
    } else {
        id_is_free(writing, acceptance.id)?;
        let (inviter, note) = (Some(invitation.inviter), acceptance.note.trim());
        membership::ask_to_join(writing, &admission, acceptance.id, inviter, note)?;
        membership::vouching::open(writing, acceptance.id, account)?;
    }
    memberships::remember(writing.conn, account, writing.community, member)?;
    note(writing, &invitation, account, acceptance.id, member, entry)?;
    let membership = self::membership(writing.conn, writing.community, account)?;
    let accepted = if entry.is_some() { Accepted::Joined(membership) } else { Accepted::Waiting(membership) };
    Ok(Answer::Accepted(accepted))
}

/// Whether the account has an address that is not the former employer's.
fn has_own_address(writing: &mut Writing<'_>, account: AccountId) -> Result<bool> {
    let domains = employers::of(writing.conn, writing.community)?;
    if domains.is_empty() {
        return Ok(true);
    }
    // Whoever removes an address of this account meanwhile waits, and then sees the new membership.
    accounts::lock(writing.conn, account)?;
    Ok(employers::has_own(&addresses::of(writing.conn, account)?, &domains))
}

/// What the company knows of one who proved who they are is theirs to show, or not.
fn begin_profile(writing: &mut Writing<'_>, member: MemberId, entry: EntryId) -> Result<()> {
    let Some((entry, _)) = matching::load(writing.conn, writing.community, entry)? else { return Ok(()) };
    let year = |date: &str| date.get(..4).unwrap_or_default().to_owned();
    let record = [
        (ProfileField::JoinedYear, entry.joined_date.as_deref().map(year).unwrap_or_default()),
        (ProfileField::LeftYear, year(&entry.left_date)),
        (ProfileField::FormerName, entry.former_family),
        (ProfileField::Department, entry.department),
    ];
    Ok(profiles::begin_from_record(writing, member, &record)?)
}

/// A request's id is made on a phone: it may be another's by intent.
fn id_is_free(writing: &mut Writing<'_>, id: RequestId) -> Result<()> {
    let sql = "SELECT id FROM join_request WHERE community = $1 AND id = $2";
    match writing.conn.first(sql, values![writing.community, id])? {
        Some(_) => Err(ErrorCode::AlreadyExists.into()),
        None => Ok(()),
    }
}

fn note(
    writing: &mut Writing<'_>,
    invitation: &Invitation,
    account: AccountId,
    id: RequestId,
    member: MemberId,
    entry: Option<EntryId>,
) -> Result<()> {
    writing.conn.execute(
        "INSERT INTO acceptance (community, account, id, invitation, member, waiting, entry, at_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![writing.community, account, id, invitation.id, member, entry.is_none(), entry, writing.now_us],
    )?;
    Ok(())
}

/// Tells the address that the company knows, where it is not the account's own and somebody reads it.
fn tell_the_entry(writing: &mut Writing<'_>, account: AccountId, entry: EntryId) -> Result<()> {
    let of = OfEntry { community: writing.community, entry };
    let Some((entry, _)) = matching::load(writing.conn, writing.community, entry)? else { return Ok(()) };
    let own = accounts::by_address(writing.conn, &entry.address)? == Some(account);
    if own {
        return Ok(());
    }
    let community = directory::community(writing.conn, writing.community)?.ok_or(ErrorCode::NotFound)?;
    let message = Message::JoinedAsYou { community: community.community.name };
    third_party::push(writing.conn, writing.surroundings, of, (&entry.address, Language::Ja), &message).map(drop)
}

/// One more came in by an invitation.
fn use_up(writing: &mut Writing<'_>, invitation: &mut Invitation) -> Result<()> {
    writing.conn.execute(
        "UPDATE invitation SET used = used + 1 WHERE community = $1 AND id = $2",
        values![writing.community, invitation.id],
    )?;
    invitation.used += 1;
    Ok(invitation.publish(writing, &Permit::of_the_server())?)
}

/// A request to join was decided: the account is told, and the invitation has brought one in or has
/// its room back.
///
/// # Errors
/// That the database failed.
pub fn decided(writing: &mut Writing<'_>, account: AccountId, request: RequestId, accepted: bool) -> Result<()> {
    let sql = "SELECT invitation FROM acceptance WHERE community = $1 AND account = $2 AND id = $3";
    let row = writing.conn.first(sql, values![writing.community, account, request])?;
    if let Some(member) = directory::of_account(writing.conn, writing.community, account)? {
        if accepted {
            referrals::publish(writing, &Permit::of_the_server(), member.actor.id)?;
        } else {
            referrals::forget(writing, member.actor.id)?;
        }
    }
    if let (Some(row), true) = (row, accepted)
        && let Some(mut invitation) = Invitation::load(writing.conn, writing.community, row.get(0)?)?
    {
        use_up(writing, &mut invitation)?;
    }
    tell_decided(writing, account, accepted)
}

fn tell_decided(writing: &mut Writing<'_>, account: AccountId, accepted: bool) -> Result<()> {
    let community = directory::community(writing.conn, writing.community)?.ok_or(ErrorCode::NotFound)?;
    let message = Message::Decided { community: community.community.name, accepted };
    tell(writing.conn, writing.surroundings, account, &message)
}

fn membership(conn: &mut dyn Connection, community: CommunityId, account: AccountId) -> Result<Membership> {
    memberships::load(conn, account, community)?
        .ok_or_else(|| Error::Internal("a member who was written is not there".into()))
}
