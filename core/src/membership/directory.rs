//! The directory: every member, with the profile fields that this member may see.
//!
//! It is searched on the phone, over names, former names and visible fields, folded so that 髙橋 is
//! found as 高橋.

use crate::{
    error::StoreError,
    store::{Store, mirror::read, view::View},
};
use enishi_protocol::{
    CommunityId, MemberId, Stream,
    membership::{Affiliation, Member, Profile, ProfileField, Role, Standing},
    text::fold,
};
use rusqlite::params;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A member as this member may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MemberView {
    /// Who.
    pub id: MemberId,
    /// 姓 名.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they belong.
    pub affiliation: Affiliation,
    /// Whether they take part.
    pub standing: Standing,
    /// When they joined, in microseconds since 1970 UTC.
    pub joined_us: i64,
    /// Whether they are a supporter, who welcomes newcomers.
    pub supporter: bool,
    /// The profile fields that any stream held here shows.
    pub fields: BTreeMap<ProfileField, String>,
}

/// Active members by name whose name or visible fields contain every word of `search`, all where it
/// is empty; at most `limit`.
pub fn directory(
    store: &Store,
    community: CommunityId,
    search: &str,
    limit: usize,
) -> Result<Vec<MemberView>, StoreError> {
    let words: Vec<String> = search.split_whitespace().map(fold).collect();
    store.view(community, |view| {
        let mut profiles = profiles(view)?;
        let sql = format!(
            "SELECT {} FROM member WHERE copy = ?1 AND standing = 'active' ORDER BY family, given, id",
            read::MEMBER
        );
        let mut statement = view.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([view.commons()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let row = read::member(row)?;
            if view.is_unseen(row.id.into(), row.entity.role) {
                continue;
            }
            let member = shown(row.id, &row.entity, profiles.remove(&row.id).unwrap_or_default());
            if matches(&member, &words) {
                found.push(member);
            }
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    })
}

/// All active members whom this member sees.
pub(crate) fn active(view: &View<'_>) -> Result<Vec<MemberView>, StoreError> {
    let mut profiles = profiles(view)?;
    let sql = format!("SELECT {} FROM member WHERE copy = ?1 AND standing = 'active'", read::MEMBER);
    let mut statement = view.connection.prepare_cached(&sql)?;
    let mut rows = statement.query([view.commons()])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let row = read::member(row)?;
        if view.is_unseen(row.id.into(), row.entity.role) {
            continue;
        }
        members.push(shown(row.id, &row.entity, profiles.remove(&row.id).unwrap_or_default()));
    }
    Ok(members)
}

/// One member, whatever their standing; none where there is no such member.
pub fn member(store: &Store, community: CommunityId, id: MemberId) -> Result<Option<MemberView>, StoreError> {
    store.view(community, |view| {
        let sql = format!("SELECT {} FROM member WHERE copy = ?1 AND id = ?2", read::MEMBER);
        let mut statement = view.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![view.commons(), id.0.as_bytes()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let row = read::member(row)?;
        if view.is_unseen(id, row.entity.role) {
            return Ok(None);
        }
        let mut fields = BTreeMap::new();
        for copy in profile_copies(view) {
            if let Some(part) = view.entity::<Profile>(copy, "profile", id.0)? {
                fields.extend(part.fields);
            }
        }
        Ok(Some(shown(row.id, &row.entity, fields)))
    })
}

/// Members who joined since a time, in microseconds since 1970 UTC, the newest first; at most `limit`. For
/// whoever welcomes newcomers.
pub fn newcomers(
    store: &Store,
    community: CommunityId,
    since_us: i64,
    limit: usize,
) -> Result<Vec<MemberView>, StoreError> {
    let mut members = directory(store, community, "", usize::MAX)?;
    members.retain(|member| member.joined_us >= since_us);
    members.sort_by_key(|member| std::cmp::Reverse((member.joined_us, member.id)));
    members.truncate(limit);
    Ok(members)
}

/// The copies that may hold parts of others' profiles.
fn profile_copies(view: &View<'_>) -> impl Iterator<Item = i64> {
    let streams = view.copies.iter().filter(|(stream, _)| !matches!(stream, Stream::Member(_)));
    streams.map(|(_, copy)| copy.local)
}

fn profiles(view: &View<'_>) -> Result<HashMap<Uuid, BTreeMap<ProfileField, String>>, StoreError> {
    let mut profiles: HashMap<Uuid, BTreeMap<_, _>> = HashMap::new();
    for copy in profile_copies(view) {
        for (id, part) in view.entities::<Profile>(copy, "profile")? {
            profiles.entry(id).or_default().extend(part.fields);
        }
    }
    Ok(profiles)
}

fn shown(id: Uuid, member: &Member, fields: BTreeMap<ProfileField, String>) -> MemberView {
    MemberView {
        id: id.into(),
        name: member.name.full(),
        role: member.role,
        affiliation: member.affiliation,
        standing: member.standing,
        joined_us: member.joined_us,
        supporter: member.supporter,
        fields,
    }
}

fn matches(member: &MemberView, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    // 山田 太郎 is also looked for as 山田太郎.
    let joined: String = member.name.split_whitespace().collect();
    let texts = [&member.name, &joined].into_iter().chain(member.fields.values());
    let texts: Vec<String> = texts.map(|text| fold(text)).collect();
    words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
}
