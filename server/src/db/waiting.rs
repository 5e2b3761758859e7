//! Writes that wait for each other's flush: many requests, one commit.
//!
//! Each is a step of its own, so that one that fails or panics takes nothing of the others
//! with it, and learns its own result only after the commit that holds it.

use super::{Connection, DbError, Engine, Scope};
use crate::telemetry;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};
use tokio::sync::oneshot;

/// The most writes that one commit holds, so that the first does not wait for all of a crowd.
pub(super) const TOGETHER: usize = 256;

/// A connection whose transactions begin and end.
pub(super) trait Transacting: Connection {
    /// Begins a transaction that sees one snapshot and writes nothing.
    fn begin_read(&mut self, scope: Scope) -> Result<(), DbError>;
    /// Begins a transaction that writes; a community's waits until it is the only one there.
    fn begin_write(&mut self, scope: Scope) -> Result<(), DbError>;
    /// Makes what was written last, or says that nothing was.
    fn commit(&mut self) -> Result<(), DbError>;
    /// Undoes what was written. Where that fails the connection is not used again.
    fn rollback(&mut self);
    /// Why the engine ended the transaction by itself, where it did.
    fn ended(&self) -> Option<DbError>;
}

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// Does the work; whether to keep what it wrote.
    fn run(&mut self, conn: &mut dyn Connection) -> bool;
    /// Tells whoever waits how it ended.
    fn finish(self: Box<Self>, committed: Result<(), DbError>);
}

struct Work<F, T, E> {
    run: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

/// Makes a job of `work`, and the receiver of its result.
pub(super) fn job<F, T, E>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: FnOnce(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let (reply, receiver) = oneshot::channel();
    (Box::new(Work { run: Some(work), result: None, reply }), receiver)
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: FnOnce(&mut dyn Connection) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn run(&mut self, conn: &mut dyn Connection) -> bool {
        let Some(work) = self.run.take() else { return false };
        let result = work(conn);
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn finish(self: Box<Self>, committed: Result<(), DbError>) {
        let panicked = || Err(DbError::Failed("the work panicked".into()).into());
        let result = match committed {
            Ok(()) => self.result.unwrap_or_else(panicked),
            Err(error) => Err(error.into()),
        };
        // Whoever asked may have gone away; what was decided stays decided.
        drop(self.reply.send(result));
    }
}

/// Runs the jobs in one transaction and tells each how it ended.
pub(super) fn commit_together(conn: &mut dyn Transacting, scope: Scope, mut jobs: Vec<Box<dyn Job>>) {
    let committed = run_all(conn, scope, &mut jobs);
    metrics::histogram!(telemetry::COMMIT_WRITES).record(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
    if committed.is_err() {
        conn.rollback();
    }
    for job in jobs {
        job.finish(committed.clone());
    }
}

fn run_all(conn: &mut dyn Transacting, scope: Scope, jobs: &mut [Box<dyn Job>]) -> Result<(), DbError> {
    conn.begin_write(scope)?;
    let mut kept = true;
    if let (Engine::Sqlite, [alone]) = (conn.engine(), &mut *jobs) {
        // It has the transaction to itself, which undoes it as well as a step would. Steps within a step are dear:
        // SQLite walks through every page that the outer one touched at the end of each inner one. PostgreSQL is
        // asked to release the step, as it would commit nothing, without a word, where a statement has failed in it.
        kept = run_one(conn, alone)?;
    } else {
        for job in jobs {
            conn.begin_step()?;
            if run_one(conn, job)? { conn.keep_step() } else { conn.undo_step() }?;
        }
    }
    if !kept {
        conn.rollback();
        return Ok(());
    }
    let begun = Instant::now();
    let committed = conn.commit();
    metrics::histogram!(telemetry::COMMIT_SECONDS).record(begun.elapsed());
    committed
}

/// Runs a job; whether to keep what it wrote. Fails where it took the transaction with it.
fn run_one(conn: &mut dyn Transacting, job: &mut Box<dyn Job>) -> Result<bool, DbError> {
    let kept = catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or(false);
    conn.ended().map_or(Ok(kept), Err)
}

/// Runs a read in a snapshot of its own.
pub(super) fn read<T, E: From<DbError>>(
    conn: &mut dyn Transacting,
    scope: Scope,
    work: impl FnOnce(&mut dyn Connection) -> Result<T, E>,
) -> Result<T, E> {
    conn.begin_read(scope)?;
    let result = work(conn);
    conn.rollback();
    result
}
