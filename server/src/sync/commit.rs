//! Decides mutations: each once, in the order of its outbox, whole or not at all.

use super::apply::apply;
use crate::{
    db::{Connection, DbError, step},
    directory::{self, CommunityRow},
    policy::Actor,
    surroundings::Surroundings,
    telemetry, values,
    writing::{Failure, Writing, Written},
};
use enishi_protocol::{
    CommunityId, Era, ErrorCode, MemberId, Mutation, MutationId, Operation, Stream, Version,
    limits::{CHANGES_WRITTEN_PER_REQUEST, OPERATION_BYTES},
    membership::Standing,
    rules::{Rule, on},
    sync::Undecided,
};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A mutation that fails inside the server this often is refused, so that it blocks nobody.
const FAILURES: i64 = 2;

/// Decides what is not yet decided, up to the first mutation that cannot be decided now.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no member of such a community, why the member takes no part, or that
/// the database failed: then whoever calls undoes everything.
pub fn decide(
    conn: &mut dyn Connection,
    surroundings: &dyn Surroundings,
    community: CommunityId,
    member: MemberId,
    era: Option<Era>,
    mutations: &[Mutation],
) -> Result<Option<Undecided>, Failure> {
    let row = directory::community(conn, community)?.ok_or(ErrorCode::NotFound)?;
    let actor = directory::find(conn, community, member)?.ok_or(ErrorCode::NotFound)?.actor;
    takes_part(&actor)?;
    let Some(first) = mutations.first() else { return Ok(None) };
    if era.is_some_and(|era| era != row.era) && on(Rule::EraCheck) && on(Rule::EraRequest) {
        return Ok(Some(Undecided { from: first.id, code: ErrorCode::OtherEra }));
    }
    let mut deciding = Deciding { conn, surroundings, community, row, actor, room: CHANGES_WRITTEN_PER_REQUEST };
    for mutation in mutations {
        if let Some(code) = deciding.decide(mutation)? {
            return Ok(Some(Undecided { from: mutation.id, code }));
        }
    }
    Ok(None)
}

/// Refuses whoever takes no part at present.
pub(super) fn takes_part(actor: &Actor) -> Result<(), ErrorCode> {
    match actor.standing {
        Standing::Active => Ok(()),
        Standing::Waiting => Err(ErrorCode::MembershipWaiting),
        Standing::Suspended => Err(ErrorCode::MembershipSuspended),
        Standing::Ended => Err(ErrorCode::MembershipEnded),
    }
}

struct Deciding<'a> {
    conn: &'a mut dyn Connection,
    surroundings: &'a dyn Surroundings,
    community: CommunityId,
    row: CommunityRow,
    actor: Actor,
    /// Changes that this request may still write.
    room: usize,
}

impl Deciding<'_> {
    /// Decides one mutation; why it cannot be decided now, where it cannot.
    fn decide(&mut self, mutation: &Mutation) -> Result<Option<ErrorCode>, Failure> {
        if self.is_decided(mutation.id)? && on(Rule::DedupeById) {
            return Ok(None);
        }
        if let Some(before) = mutation.after
            && on(Rule::Predecessor)
            && !self.is_decided(before)?
        {
            return Ok(Some(ErrorCode::OutOfOrder));
        }
        match self.attempt(mutation) {
            Ok(written) => {
                self.room -= written.changes;
                self.row.version = written.version;
                self.keep(mutation.id, None, &written)?;
                Ok(None)
            }
            Err(Failure::Refused(code)) => self.refuse(mutation.id, code),
            Err(Failure::NoRoom) if self.room < CHANGES_WRITTEN_PER_REQUEST => Ok(Some(ErrorCode::TooMuchAtOnce)),
            Err(Failure::NoRoom) => self.refuse(mutation.id, ErrorCode::TooLarge),
            Err(Failure::Database(error @ (DbError::Full | DbError::Unavailable(_)))) => Err(error.into()),
            Err(Failure::Database(error)) => self.failed(mutation, &error),
        }
    }

    fn attempt(&mut self, mutation: &Mutation) -> Result<Written, Failure> {
        if mutation.since < self.row.horizon && on(Rule::Expiry) {
            return Err(ErrorCode::Expired.into());
        }
        if mutation.body.get().len() > OPERATION_BYTES {
            return Err(ErrorCode::TooLarge.into());
        }
        let operation = Operation::decode(&mutation.kind, &mutation.body)?;
        let Self { surroundings, community, ref actor, room, .. } = *self;
        step(self.conn, |conn| {
            let applying = || {
                Writing::run(conn, surroundings, community, Some(mutation.id), room, |writing| {
                    apply(writing, actor, mutation.id, &operation)
                })
            };
            // A defect in one feature must not take what others wrote in this transaction with it.
            let panicked = |_| Err(DbError::Failed("a mutation panicked".into()).into());
            catch_unwind(AssertUnwindSafe(applying)).unwrap_or_else(panicked)
        })
        .map(|((), written)| written)
    }

    fn refuse(&mut self, mutation: MutationId, code: ErrorCode) -> Result<Option<ErrorCode>, Failure> {
        let nothing = Written { version: self.row.version, ..Written::default() };
        self.keep(mutation, Some(code), &nothing)?;
        Ok(None)
    }

    /// Counts a failure inside the server, which the next request tries again, once.
    fn failed(&mut self, mutation: &Mutation, error: &DbError) -> Result<Option<ErrorCode>, Failure> {
        tracing::error!(kind = mutation.kind, %error, "a mutation failed inside the server");
        let row = self.conn.first(
            "INSERT INTO mutation_failure (community, member, mutation, failures) VALUES ($1, $2, $3, 1)
             ON CONFLICT (community, member, mutation) DO UPDATE SET failures = mutation_failure.failures + 1
             RETURNING failures",
            values![self.community, self.actor.id, mutation.id],
        )?;
        match row.map(|row| row.get::<i64>(0)).transpose()? {
            Some(failures) if failures >= FAILURES => self.refuse(mutation.id, ErrorCode::Internal),
            _ => Ok(Some(ErrorCode::TryAgain)),
        }
    }

    /// The touched streams that a result names. Into whose inboxes something went is not told: one who
    /// declined, or does not wish to hear from somebody, must not be known by it.
    fn told(&self, streams: &BTreeMap<Stream, Version>) -> BTreeMap<Stream, Version> {
        let own = Stream::Member(self.actor.id);
        let told = streams.iter().filter(|(stream, _)| **stream == own || !matches!(stream, Stream::Member(_)));
        told.map(|(stream, version)| (*stream, *version)).collect()
    }

    fn is_decided(&mut self, mutation: MutationId) -> Result<bool, DbError> {
        let row = self.conn.first(
            "SELECT 1 FROM mutation_result WHERE community = $1 AND member = $2 AND mutation = $3",
            values![self.community, self.actor.id, mutation],
        )?;
        Ok(row.is_some())
    }

    fn keep(&mut self, mutation: MutationId, code: Option<ErrorCode>, written: &Written) -> Result<(), Failure> {
        metrics::counter!(telemetry::MUTATIONS, "outcome" => code.map_or("accepted", ErrorCode::as_str)).increment(1);
        let version: Version = written.version;
        let values = values![
            self.community,
            self.actor.id,
            mutation,
            version,
            self.surroundings.now_us(),
            code.map(ErrorCode::as_str),
            serde_json::to_string(&self.told(&written.streams))?,
        ];
        self.conn.execute(
            "INSERT INTO mutation_result (community, member, mutation, version, at_us, code, streams)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community, member, mutation) DO UPDATE SET version = excluded.version,
             at_us = excluded.at_us, code = excluded.code, streams = excluded.streams",
            values,
        )?;
        Ok(())
    }
}
