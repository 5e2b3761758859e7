//! Statements that are put off until the commit, and the steps that may still undo them.

use super::Value;
use std::mem;

/// A statement with its values.
pub(super) type Statement = (&'static str, Vec<Value>);

/// What one transaction has put off.
#[derive(Default)]
pub(super) struct Late {
    statements: Vec<Statement>,
    /// How many there were when each open step began.
    steps: Vec<usize>,
}

impl Late {
    /// Forgets everything: the transaction is over.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts a statement off. There are as many as a transaction writes texts, which the limits of requests bound.
    pub(super) fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Everything that was put off, in order, to be done now: while no step is open, which could still undo some of it.
    pub(super) fn take(&mut self) -> Vec<Statement> {
        mem::take(&mut self.statements)
    }

    /// Notes that a step begins.
    pub(super) fn begin_step(&mut self) {
        self.steps.push(self.statements.len());
    }

    /// Notes that the last step ends and is kept.
    pub(super) fn keep_step(&mut self) {
        self.steps.pop();
    }

    /// Forgets what was put off since the last step began, which ends.
    pub(super) fn undo_step(&mut self) {
        let kept = self.steps.pop().unwrap_or(0);
        self.statements.truncate(kept);
    }
}
