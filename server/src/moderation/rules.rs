//! The rules of a community. Before it has set its own, those of the protocol hold.

use super::read;
use crate::{
    db::Connection,
    policy::{self, Action, Actor, Permit, Relation},
    values,
    writing::{Failure, Writing},
};
use enishi_protocol::{
    CommunityId, Entity, ErrorCode, MutationId, Stream,
    limits::{RULE_CHARS, RULES},
    moderation::{CommunityRule, CommunityRules, RuleText, RulesSetting, default_rules},
};

/// The rules that hold in a community.
///
/// # Errors
/// That the database failed.
pub fn rules(conn: &mut dyn Connection, community: CommunityId) -> Result<Vec<CommunityRule>, Failure> {
    Ok(present(conn, community)?.map_or_else(default_rules, |present| present.rules))
}

/// The rule of that number.
///
/// # Errors
/// [`ErrorCode::RuleUnknown`].
pub(super) fn rule(writing: &mut Writing<'_>, number: i64) -> Result<CommunityRule, Failure> {
    let rules = rules(writing.conn, writing.community)?;
    Ok(rules.into_iter().find(|rule| rule.number == number).ok_or(ErrorCode::RuleUnknown)?)
}

/// Sets the rules, unless they have changed since the setting was made.
///
/// # Errors
/// [`ErrorCode::Conflict`] where they have; or why not, as the member is told.
pub fn set_rules(
    writing: &mut Writing<'_>,
    actor: &Actor,
    by: MutationId,
    setting: &RulesSetting,
) -> Result<(), Failure> {
    let permit = policy::ask(actor, Action::SetRules, Relation::NONE)?;
    let present = present(writing.conn, writing.community)?;
    if present.map(|present| present.text_by) != setting.base {
        return Err(ErrorCode::Conflict.into());
    }
    write(writing, &permit, by, &setting.rules)
}

/// Sets the rules for whoever runs the server.
///
/// # Errors
/// Which limit they are beyond.
pub fn set_rules_by_server(writing: &mut Writing<'_>, rules: &[RuleText]) -> Result<(), Failure> {
    let by = MutationId(writing.surroundings.new_id());
    write(writing, &Permit::of_the_server(), by, rules)
}

fn write(writing: &mut Writing<'_>, permit: &Permit, by: MutationId, texts: &[RuleText]) -> Result<(), Failure> {
    if texts.len() > RULES {
        return Err(ErrorCode::TooMany.into());
    }
    let rules = numbered(texts)?;
    if rules.is_empty() {
        return Err(ErrorCode::TextEmpty.into());
    }
    let entity = CommunityRules { rules, text_by: by, set_us: writing.now_us };
    writing.conn.execute(
        "INSERT INTO community_rules (community, rules, text_by, set_us) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community) DO UPDATE SET rules = excluded.rules, text_by = excluded.text_by,
         set_us = excluded.set_us",
        values![writing.community, serde_json::to_string(&entity.rules)?, by, writing.now_us],
    )?;
    writing.put(permit, Stream::Community, writing.community.0, None, &Entity::Rules(entity))?;
    Ok(())
}

fn numbered(texts: &[RuleText]) -> Result<Vec<CommunityRule>, ErrorCode> {
    let mut rules = Vec::new();
    for (number, text) in (1..).zip(texts) {
        let (ja, en) = (text.ja.trim(), text.en.trim());
        if ja.is_empty() && en.is_empty() {
            return Err(ErrorCode::TextEmpty);
        }
        for words in [ja, en] {
            if words.contains('\0') {
                return Err(ErrorCode::Malformed);
            }
            if words.chars().count() > RULE_CHARS {
                return Err(ErrorCode::TextTooLong);
            }
        }
        rules.push(CommunityRule { number, ja: ja.to_owned(), en: en.to_owned() });
    }
    Ok(rules)
}

fn present(conn: &mut dyn Connection, community: CommunityId) -> Result<Option<CommunityRules>, Failure> {
    let row =
        conn.first("SELECT rules, text_by, set_us FROM community_rules WHERE community = $1", values![community])?;
    let Some(row) = row else { return Ok(None) };
    let rules = read(&row.get::<String>(0)?)?;
    Ok(Some(CommunityRules { rules, text_by: row.get(1)?, set_us: row.get(2)? }))
}
