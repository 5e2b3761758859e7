//! Polls as a screen shows them: what everyone sees, with this member's own vote laid over it.
//!
//! A vote shows at once and is counted once: where it cannot be told whether the counts have it,
//! they are shown as they are.

#[cfg(test)]
mod tests;

use crate::{
    store::view::{Written, lays_over},
    sync::replica::{State, Waiting},
};
use enishi_protocol::{
    Stream, Version,
    polls::{Choice, MyVote, Poll, PollCounts, Voting},
};
use std::collections::BTreeSet;

/// A poll as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PollView {
    /// What can be chosen.
    pub options: Vec<PollOption>,
    /// Whether one may choose several.
    pub several: bool,
    /// Until when one may vote, by the server's clock, in microseconds since 1970 UTC. A vote that comes
    /// later is refused and needs attention.
    pub closes_us: Option<i64>,
    /// Members who chose anything.
    pub voters: i64,
}

/// One answer of a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PollOption {
    /// What it says.
    pub text: String,
    /// How many members chose it; none while there are too few voters to show numbers.
    pub votes: Option<i64>,
    /// Whether this member chose it.
    pub own: bool,
}

/// This member's vote on its way to a screen: what the inbox says, then what waits.
#[derive(Debug, Default)]
pub(crate) struct Ballot {
    counts: PollCounts,
    own: Vec<Choice>,
    /// The inbox's row, and up to where the inbox is here.
    mine: Option<(MyVote, Written)>,
    inbox: Option<Version>,
    /// False once it cannot be told what the counts know of this member.
    sure: bool,
    change: Vec<(Vec<Choice>, Vec<Choice>)>,
}

impl Ballot {
    /// What the mirror says; `inbox` is how far this member's inbox is here.
    pub(crate) fn of(counts: Option<PollCounts>, mine: Option<(MyVote, Written)>, inbox: Option<Version>) -> Self {
        let own = mine.as_ref().map(|(vote, _)| vote.choices.clone()).unwrap_or_default();
        Self { counts: counts.unwrap_or_default(), own, mine, inbox, sure: true, change: Vec::new() }
    }

    /// Lays a vote of the outbox over it. `counted` is what wrote the counts.
    pub(crate) fn lay(&mut self, waiting: &Waiting, voting: &Voting, counted: Option<Written>) {
        let choices: Vec<Choice> = voting.choices.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let over = lays_over(waiting, counted);
        let wrote_row = self.mine.as_ref().filter(|(_, (_, by))| *by == Some(waiting.id));
        if let Some((vote, (told, _))) = wrote_row {
            // Of one that waits again, after a restore, the inbox's row tells: the counts are written after it.
            let counted_since = counted.is_some_and(|(version, _)| version > *told);
            if over && !(waiting.state == State::Waiting && counted_since) {
                self.change.push((vote.before.clone(), choices));
            }
        } else if self.has_passed(waiting) {
            // The inbox has gone on, and no longer says what this vote took the place of.
            self.sure &= !over;
        } else {
            if over {
                self.change.push((self.own.clone(), choices.clone()));
            }
            self.own = choices;
        }
    }

    /// Whether the inbox that is here has what an accepted vote wrote there.
    fn has_passed(&self, waiting: &Waiting) -> bool {
        let State::Accepted { streams, .. } = &waiting.state else { return false };
        let told = streams.iter().find(|(stream, _)| matches!(stream, Stream::Member(_)));
        told.is_some_and(|(_, version)| self.inbox >= Some(*version))
    }

    /// The poll with everything in it.
    pub(crate) fn shown(self, poll: &Poll) -> PollView {
        let Self { mut counts, own, sure, change, .. } = self;
        for (before, after) in change.iter().filter(|_| sure) {
            counts.voters += i64::from(!after.is_empty()) - i64::from(!before.is_empty());
            for (choices, step) in [(before, -1), (after, 1)] {
                for choice in choices {
                    let held = counts.votes.as_mut().and_then(|votes| votes.get_mut(usize::from(*choice)));
                    if let Some(votes) = held {
                        *votes += step;
                    }
                }
            }
        }
        let options = poll.options.iter().enumerate().map(|(number, text)| PollOption {
            text: text.clone(),
            votes: counts.votes.as_ref().map(|votes| votes.get(number).copied().unwrap_or_default().max(0)),
            own: own.iter().any(|choice| usize::from(*choice) == number),
        });
        PollView {
            options: options.collect(),
            several: poll.several,
            closes_us: poll.closes_us,
            voters: counts.voters.max(0),
        }
    }
}
