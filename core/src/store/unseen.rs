//! Whose content this member does not see: because of a block, on whichever side, or a mute.
//!
//! The one place on the phone that knows of blocks from the other side. It must never tell that there
//! is one: what is behind it is treated like what does not exist.

use super::{overlay::Entry, values::id, view::View};
use crate::error::StoreError;
use enishi_protocol::{MemberId, Operation, membership::Role};
use rusqlite::{Connection, params};
use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

/// The kind under which the inbox keeps blocks from the other side. Nothing may give it out.
pub(crate) const FROM_OTHERS: &str = "unseen";

/// Whose content is left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unseen {
    /// Those whom this member has blocked.
    pub(crate) blocked: BTreeSet<MemberId>,
    /// Those who have blocked this member.
    from_others: BTreeSet<MemberId>,
    /// Those whom this member has muted.
    pub(crate) muted: BTreeSet<MemberId>,
}

impl Unseen {
    /// What the inbox says, with the outbox laid over it.
    pub(super) fn of(connection: &Connection, inbox: i64, overlay: &[Arc<Entry>]) -> Result<Self, StoreError> {
        let mut unseen = Self::told(connection, inbox)?;
        for entry in overlay.iter().filter(|entry| !entry.waiting.needs_attention()) {
            let (set, member, on) = match &entry.operation {
                Some(Operation::Block(blocking)) => (&mut unseen.blocked, blocking.member, blocking.on),
                Some(Operation::Mute(muting)) => (&mut unseen.muted, muting.member, muting.on),
                _ => continue,
            };
            if on {
                set.insert(member);
            } else {
                set.remove(&member);
            }
        }
        Ok(unseen)
    }

    fn told(connection: &Connection, inbox: i64) -> Result<Self, StoreError> {
        let sql = "SELECT kind, id FROM entity WHERE copy = ?1 AND kind IN ('block', ?2, 'mute')";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![inbox, FROM_OTHERS])?;
        let mut unseen = Self::default();
        while let Some(row) = rows.next()? {
            let set = match row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)? {
                "block" => &mut unseen.blocked,
                "mute" => &mut unseen.muted,
                _ => &mut unseen.from_others,
            };
            set.insert(id(row, 1)?);
        }
        Ok(unseen)
    }

    fn is_empty(&self) -> bool {
        self.blocked.is_empty() && self.from_others.is_empty() && self.muted.is_empty()
    }

    /// Whether there is a block with a member, on whichever side.
    pub(crate) fn is_behind_a_block(&self, member: MemberId) -> bool {
        self.blocked.contains(&member) || self.from_others.contains(&member)
    }

    fn all(&self) -> impl Iterator<Item = &MemberId> {
        self.blocked.iter().chain(&self.from_others).chain(&self.muted)
    }

    /// A condition in SQL that a column of members is none of these; none where there are none.
    pub(crate) fn condition(&self, column: &str) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut sql = format!("{column} NOT IN (");
        for (number, member) in self.all().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            // Hexadecimal digits only: nothing to escape.
            write!(sql, "{comma}x'{}'", member.0.simple()).ok()?;
        }
        sql.push(')');
        Some(sql)
    }

    /// The same for posts, of which announcements are for everyone. `post` is the table or its alias.
    pub(crate) fn of_posts(&self, post: &str) -> Option<String> {
        let condition = self.condition(&format!("{post}.author"))?;
        Some(format!("({post}.kind = 'announcement' OR {condition})"))
    }

    /// Whether what a member writes is left out.
    pub(crate) fn hides_content_of(&self, member: MemberId) -> bool {
        self.all().any(|unseen| *unseen == member)
    }
}

impl View<'_> {
    /// Whether a person is left out wherever people are shown. Who holds an office is not: those who run
    /// a community can be found by everyone.
    pub(crate) fn is_unseen(&self, member: MemberId, role: Role) -> bool {
        role == Role::Member && self.unseen.is_behind_a_block(member)
    }
}
