//! The stub that a hiding shows while it waits, before the server has made the real one.

use super::laid::written_us;
use crate::{
    error::StoreError,
    store::{mirror::read, view::View},
};
use enishi_protocol::{
    MemberId, MutationId,
    membership::{Member, Role},
    moderation::{CommunityRule, CommunityRules, Hidden, Hiding, Office, default_rules},
};
use rusqlite::params;

/// The rules that hold in the community, as this phone knows them.
pub(crate) fn rules(view: &View<'_>) -> Result<Vec<CommunityRule>, StoreError> {
    let set: Option<CommunityRules> = view.entity(view.commons(), "rules", view.community.0)?;
    Ok(set.map_or_else(default_rules, |set| set.rules))
}

/// A member as the community's stream has them.
pub(crate) fn member(view: &View<'_>, id: MemberId) -> Result<Option<Member>, StoreError> {
    let sql = format!("SELECT {} FROM member WHERE copy = ?1 AND id = ?2", read::MEMBER);
    let mut statement = view.connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![view.commons(), id.0.as_bytes()])?;
    rows.next()?.map(|row| read::member(row).map(|row| row.entity)).transpose()
}

/// The stub of a hiding by this member; none where the phone does not know the rule or the member.
pub(super) fn own_stub(view: &View<'_>, id: MutationId, hiding: &Hiding) -> Option<Hidden> {
    let rule = rules(view).ok()?.into_iter().find(|rule| rule.number == hiding.rule)?;
    let member = member(view, view.member).ok()??;
    let office = match member.role {
        Role::Owner => Office::Owner,
        Role::Admin => Office::Admin,
        Role::Moderator => Office::Moderator,
        Role::Member => Office::Keeper,
    };
    Some(Hidden { rule, by: view.member, by_name: member.name, office, at_us: written_us(id) })
}
