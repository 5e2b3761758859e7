//! Those who write in the demo's community: some who left, and some who are still there.

use super::{
    dice::Dice,
    leavers::{self, Leaver},
    names::{FAMILY, GIVEN},
    places::{CITIES, EMPLOYERS, HOBBIES, WORK},
};
use chrono::{Datelike, Days, NaiveDate};
use enishi_protocol::membership::{Affiliation, PersonName, Role};
use std::collections::BTreeSet;
use uuid::Uuid;

const ALUMNI: usize = 110;
const EMPLOYEES: usize = 10;
/// Of the employees, those who run the community.
const STAFF: usize = 3;

/// One of them.
pub(crate) struct Person {
    pub(super) id: Uuid,
    pub(super) name: PersonName,
    pub(super) role: Role,
    pub(super) affiliation: Affiliation,
    /// Writes English, and comes from abroad.
    pub(super) from_abroad: bool,
    /// Reads and writes English posts.
    pub(super) english: bool,
    /// How much they write, beside others.
    pub(super) activity: usize,
    pub(super) born: i32,
    pub(super) department: usize,
    /// The year of joining the company.
    pub(super) joined: i32,
    /// The year of leaving it.
    pub(super) left: Option<i32>,
    pub(super) city: usize,
    pub(super) employer: usize,
    pub(super) work: usize,
    pub(super) hobby: usize,
    /// The day of joining the community.
    pub(super) since: NaiveDate,
}

/// All of them, those who run the community first. The community opened on `opened`.
pub(super) fn all(opened: NaiveDate) -> Vec<Person> {
    let mut dice = Dice::new(1984);
    let mut names = BTreeSet::new();
    let mut people: Vec<_> = (0..EMPLOYEES).map(|place| employee(place, opened, &mut names, &mut dice)).collect();
    for leaver in leavers::all().iter().skip(2) {
        let known = leaver.latin.map_or_else(|| leaver.name.clone(), |name| (name.0.into(), name.1.into()));
        if (2003..2023).contains(&leaver.left.year()) && names.insert(known) {
            people.push(alumnus(leaver, opened, &mut dice));
        }
        if people.len() == ALUMNI + EMPLOYEES {
            break;
        }
    }
    people
}

fn employee(place: usize, opened: NaiveDate, names: &mut BTreeSet<(String, String)>, dice: &mut Dice) -> Person {
    let mut name = (String::new(), String::new());
    while name.0.is_empty() || !names.insert(name.clone()) {
        name = (dice.pick(FAMILY).0.to_owned(), dice.pick(GIVEN).0.to_owned());
    }
    let department = if place < STAFF { 10 } else { dice.below(10) };
    let role = if place < STAFF { Role::Moderator } else { Role::Member };
    let joined = i32::try_from(dice.between(1996, 2020)).unwrap_or(2010);
    Person {
        role,
        affiliation: Affiliation::Employee,
        ..person(dice, PersonName { family: name.0, given: name.1 }, (department, joined, joined - 24), opened)
    }
}

fn alumnus(leaver: &Leaver, opened: NaiveDate, dice: &mut Dice) -> Person {
    let (family, given) = leaver.latin.map_or_else(|| leaver.name.clone(), |name| (name.0.into(), name.1.into()));
    // Half of them come in the first months, the others over the two years.
    let later = if dice.chance(50) { dice.between(0, 90) } else { dice.between(60, 660) };
    let since = opened.checked_add_days(Days::new(u64::try_from(later).unwrap_or_default())).unwrap_or(opened);
    let from_abroad = leaver.latin.is_some();
    Person {
        from_abroad,
        english: from_abroad || dice.chance(12),
        left: Some(leaver.left.year()),
        ..person(
            dice,
            PersonName { family, given },
            (leaver.department, leaver.joined.year(), leaver.birth.year()),
            since,
        )
    }
}

fn person(
    dice: &mut Dice,
    name: PersonName,
    (department, joined, born): (usize, i32, i32),
    since: NaiveDate,
) -> Person {
    Person {
        id: dice.id(at_noon(since)),
        name,
        role: Role::Member,
        affiliation: Affiliation::Alumnus,
        from_abroad: false,
        english: false,
        activity: if dice.chance(20) { 8 } else { 1 + dice.below(3) },
        born,
        department,
        joined,
        left: None,
        city: dice.below(CITIES.len()),
        employer: dice.below(EMPLOYERS.len()),
        work: dice.below(WORK.len()),
        hobby: dice.below(HOBBIES.len()),
        since,
    }
}

/// Noon of a day, in microseconds since 1970 UTC.
pub(super) fn at_noon(day: NaiveDate) -> i64 {
    day.and_hms_opt(3, 0, 0).unwrap_or_default().and_utc().timestamp_micros()
}
