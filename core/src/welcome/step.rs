//! One thing to do, chosen from how things stand: the first that is not done.

use super::people::Acquaintance;
use crate::{
    error::StoreError,
    feed::name_of,
    membership::MemberView,
    store::{mirror::places, values::id, view::View},
};
use enishi_protocol::{
    MemberId, Operation, PostId,
    membership::{Affiliation, Audience, OwnField, ProfileField},
};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// Questions that are looked at per feed.
const QUESTIONS: i64 = 50;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum FirstStep {
    /// Fill in this field, by which others find one.
    FillField(ProfileField),
    /// Decide who sees this field: so far nobody here does.
    ShowField(ProfileField),
    /// Answer a question that somebody asked.
    AnswerQuestion {
        /// Which post.
        post: PostId,
        /// Who asks.
        author_name: Option<String>,
        /// What they ask.
        text: String,
    },
    /// Say hello to somebody one may know.
    SayHello {
        /// Whom.
        member: MemberId,
        /// Their name.
        name: String,
    },
    /// Say a word about oneself to all.
    Introduce,
}

/// What comes first.
pub(super) fn first(
    view: &View<'_>,
    own: &BTreeMap<ProfileField, OwnField>,
    people: &[Acquaintance],
    all: &[MemberView],
) -> Result<Option<FirstStep>, StoreError> {
    let left = all.iter().any(|member| member.id == view.member && member.affiliation == Affiliation::Alumnus);
    let fields = [ProfileField::Department, ProfileField::JoinedYear];
    let wanted = fields.into_iter().chain(left.then_some(ProfileField::LeftYear));
    for field in wanted {
        if !own.contains_key(&field) {
            return Ok(Some(FirstStep::FillField(field)));
        }
    }
    let department = own.get(&ProfileField::Department);
    if department.is_some_and(|field| matches!(field.audience, Audience::Nobody | Audience::Hr)) {
        return Ok(Some(FirstStep::ShowField(ProfileField::Department)));
    }
    if let Some(question) = question(view)? {
        return Ok(Some(question));
    }
    let greeted = greeted(view)?;
    let known = people.iter().filter(|person| person.same_department || person.years > 0);
    if let Some(person) = known.map(|person| &person.member).find(|member| !greeted.contains(&member.id)) {
        return Ok(Some(FirstStep::SayHello { member: person.id, name: person.name.clone() }));
    }
    Ok((!has_posted(view)?).then_some(FirstStep::Introduce))
}

/// The newest question of somebody else under which this member has said nothing.
fn question(view: &View<'_>) -> Result<Option<FirstStep>, StoreError> {
    let answered: BTreeSet<PostId> = view
        .shown_operations()
        .filter_map(|(_, operation)| match operation {
            Operation::WriteComment(comment) => Some(comment.post),
            Operation::Vote(voting) => Some(voting.post),
            _ => None,
        })
        .collect();
    let mut newest: Option<(i64, PostId, MemberId, String)> = None;
    for (stream, copy) in view.copies.iter().filter(|(stream, _)| stream.has_feed()) {
        let (from, to) = places(copy.local);
        let seen = view.unseen.of_posts("post").unwrap_or_else(|| "1".into());
        let mut statement = view.connection.prepare_cached(&format!(
            "SELECT id, author, text, place FROM post WHERE kind = 'question' AND place BETWEEN ?1 AND ?2
             AND hidden IS NULL AND {seen} AND NOT own AND NOT EXISTS (SELECT 1 FROM comment WHERE comment.copy = ?3 AND comment.post = post.id
                                         AND comment.own)
             AND NOT EXISTS (SELECT 1 FROM entity WHERE entity.copy = ?4 AND entity.kind = 'my_vote'
                             AND entity.id = post.id)
             ORDER BY place DESC LIMIT ?5"
        ))?;
        let mut rows = statement.query(params![from, to, view.copy(*stream), view.inbox(), QUESTIONS])?;
        while let Some(row) = rows.next()? {
            let (post, place): (PostId, i64) = (id(row, 0)?, row.get::<_, i64>(3)? - from);
            if answered.contains(&post) {
                continue;
            }
            if newest.as_ref().is_none_or(|(held, ..)| *held < place) {
                newest = Some((place, post, id(row, 1)?, row.get(2)?));
            }
            break;
        }
    }
    let Some((_, post, author, text)) = newest else { return Ok(None) };
    Ok(Some(FirstStep::AnswerQuestion { post, author_name: name_of(view, author)?, text }))
}

/// Whom this member has mentioned, or whose posts they have commented on.
fn greeted(view: &View<'_>) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut greeted = BTreeSet::new();
    for (_, operation) in view.shown_operations() {
        match operation {
            Operation::WritePost(writing) => greeted.extend(&writing.mentions),
            Operation::WriteComment(writing) => greeted.extend(&writing.mentions),
            _ => {}
        }
    }
    for copy in view.copies.values().map(|copy| copy.local) {
        let (from, to) = places(copy);
        for (sql, parameters) in [
            ("SELECT mentions FROM post WHERE own AND place BETWEEN ?1 AND ?2 AND mentions IS NOT NULL", [from, to]),
            ("SELECT mentions FROM comment WHERE own AND copy = ?1 AND ?2 AND mentions IS NOT NULL", [copy, 1]),
        ] {
            let mut statement = view.connection.prepare_cached(sql)?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                let text: String = row.get(0)?;
                greeted.extend(serde_json::from_str::<Vec<MemberId>>(&text)?);
            }
        }
        let mut statement = view.connection.prepare_cached(
            "SELECT DISTINCT post.author FROM comment JOIN post ON post.id = comment.post
             AND post.place BETWEEN ?2 AND ?3 WHERE comment.own AND comment.copy = ?1",
        )?;
        let mut rows = statement.query([copy, from, to])?;
        while let Some(row) = rows.next()? {
            greeted.insert(id(row, 0)?);
        }
    }
    Ok(greeted)
}

fn has_posted(view: &View<'_>) -> Result<bool, StoreError> {
    if view.shown_operations().any(|(_, operation)| matches!(operation, Operation::WritePost(_))) {
        return Ok(true);
    }
    let mut statement = view.connection.prepare_cached("SELECT 1 FROM post WHERE own AND place BETWEEN ?1 AND ?2")?;
    for copy in view.copies.values() {
        if statement.exists(places(copy.local))? {
            return Ok(true);
        }
    }
    Ok(false)
}
