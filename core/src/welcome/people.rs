//! Whom this member may know: the same department, years in common, as far as profiles show them.

use crate::membership::MemberView;
use enishi_protocol::{
    MemberId,
    membership::{OwnField, ProfileField},
    text::fold,
};
use std::{cmp::Reverse, collections::BTreeMap};

/// People shown at most.
const AT_MOST: usize = 12;
/// Fewer than these are made up by whoever joined last: a small community is shown whole.
const AT_LEAST: usize = 3;

/// Somebody whom this member may know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Acquaintance {
    /// Who.
    pub member: MemberView,
    /// Whether they were in the same department.
    pub same_department: bool,
    /// Years in which both were there; 0 where that is not known, or were none.
    pub years: u16,
}

/// The likeliest acquaintances first.
pub(super) fn known(me: MemberId, own: &BTreeMap<ProfileField, OwnField>, all: &[MemberView]) -> Vec<Acquaintance> {
    let own: BTreeMap<_, _> = own.iter().map(|(name, field)| (*name, field.value.clone())).collect();
    let (department, years) = (folded_department(&own), Years::of(&own));
    let mut people: Vec<_> = all
        .iter()
        .filter(|member| member.id != me)
        .map(|member| Acquaintance {
            same_department: department.is_some() && folded_department(&member.fields) == department,
            years: years.zip(Years::of(&member.fields)).map_or(0, |(own, theirs)| own.shared(theirs)),
            member: member.clone(),
        })
        .collect();
    people.sort_by_key(|person| {
        (Reverse(person.same_department), Reverse(person.years), Reverse(person.member.joined_us), person.member.id)
    });
    let known = people.iter().filter(|person| person.same_department || person.years > 0).count();
    people.truncate(known.clamp(AT_LEAST, AT_MOST));
    people
}

fn folded_department(fields: &BTreeMap<ProfileField, String>) -> Option<String> {
    let text: String = fold(fields.get(&ProfileField::Department)?).split_whitespace().collect();
    (!text.is_empty()).then_some(text)
}

/// From when until when somebody was there.
#[derive(Clone, Copy, Debug)]
struct Years {
    from: u16,
    to: u16,
}

impl Years {
    /// Of one year only where no more is told.
    fn of(fields: &BTreeMap<ProfileField, String>) -> Option<Self> {
        let year = |field| fields.get(&field).and_then(|text| year(text));
        let (joined, left) = (year(ProfileField::JoinedYear), year(ProfileField::LeftYear));
        let (from, to) = (joined.or(left)?, left.or(joined)?);
        (from <= to).then_some(Self { from, to })
    }

    fn shared(self, other: Self) -> u16 {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        if from <= to { to - from + 1 } else { 0 }
    }
}

/// The first number of four digits: 2011年, ２０１１.
fn year(text: &str) -> Option<u16> {
    let folded = fold(text);
    let number = folded.split(|character: char| !character.is_ascii_digit()).find(|part| part.len() == 4)?;
    number.parse().ok().filter(|year| (1900..2100).contains(year))
}
