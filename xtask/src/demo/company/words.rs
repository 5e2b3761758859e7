//! Filling the slots of a line with what fits its writer and its day.

use super::{
    dice::Dice,
    people::Person,
    places::{
        CHILDREN, CITIES, DEPARTMENTS, EMPLOYERS, GOALS, HOBBIES, INSTRUMENTS, MOUNTAINS, PRODUCTS, QUALIFICATIONS,
        SHOPS, STATIONS, TALKS, TIMES, WORK, Word,
    },
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use enishi_protocol::Language;
use std::collections::BTreeMap;

/// Slots with what they were filled with.
pub(super) type Filled = BTreeMap<String, String>;

/// What a comment takes over from its post, so that both speak of the same.
const SHARED: &[&str] = &[
    "shop", "time", "employer", "jobwork", "age", "temp_hot", "hobby", "hobby_en", "min", "joined", "km", "city", "op",
];

/// Who writes, when, in which language, and of whom they may speak.
pub(super) struct Writer<'a> {
    pub(super) person: &'a Person,
    pub(super) day: NaiveDate,
    pub(super) language: Language,
    pub(super) peers: &'a [&'a Person],
}

/// Whether a comment's line has what it needs from its post.
pub(super) fn has_what_it_needs(line: &str, post: &Filled) -> bool {
    slots(line).all(|slot| !SHARED.contains(&slot) || post.contains_key(slot))
}

/// What a comment starts from.
pub(super) fn shared(post: &Filled) -> Filled {
    let kept = |slot: &str| SHARED.contains(&slot) || slot == "dept";
    post.iter().filter(|(slot, _)| kept(slot)).map(|(slot, word)| (slot.clone(), word.clone())).collect()
}

fn slots(line: &str) -> impl Iterator<Item = &str> {
    line.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(slot, _)| slot))
}

impl Writer<'_> {
    /// The line with its slots filled; a slot that is filled already keeps its word.
    pub(super) fn write(&self, line: &str, filled: &mut Filled, dice: &mut Dice) -> String {
        let mut text = line.to_owned();
        for slot in slots(line) {
            let word = filled.entry(slot.to_owned()).or_insert_with(|| self.word(slot, dice));
            text = text.replace(&format!("{{{slot}}}"), word);
        }
        text
    }

    /// How one speaks of a person: 姓 in Japanese, -san or the given name in English.
    pub(super) fn call(&self, person: &Person) -> String {
        match (self.language, person.from_abroad) {
            (_, true) => person.name.given.clone(),
            (Language::Ja, false) => person.name.family.clone(),
            (Language::En, false) => format!("{}-san", person.name.family),
        }
    }

    fn word(&self, slot: &str, dice: &mut Dice) -> String {
        let person = self.person;
        let of = |word: &Word| if self.language == Language::Ja { word.0.to_owned() } else { word.1.to_owned() };
        let left = person.left.unwrap_or(self.day.year());
        match slot {
            "dept" if person.left.is_none() => of(dice.pick(&DEPARTMENTS[..10])),
            "dept" => of(&DEPARTMENTS[person.department]),
            "me" if person.from_abroad => person.name.given.clone(),
            "me" => person.name.family.clone(),
            "peer" => self.call(dice.pick::<&Person>(self.peers)),
            "city" => of(&CITIES[person.city]),
            "mycity" => of(dice.pick(CITIES)),
            "employer" => of(&EMPLOYERS[person.employer]),
            "jobwork" => of(&WORK[person.work]),
            "hobby" | "hobby_en" => of(&HOBBIES[person.hobby]),
            "station" => of(dice.pick(STATIONS)),
            "mountain" => of(dice.pick(MOUNTAINS)),
            "product" | "product_en" => of(dice.pick(PRODUCTS)),
            "shop" => (*dice.pick(SHOPS)).to_owned(),
            "time" => (*dice.pick(TIMES)).to_owned(),
            "kid" => (*dice.pick(CHILDREN)).to_owned(),
            "qual" => (*dice.pick(QUALIFICATIONS)).to_owned(),
            "topic" => (*dice.pick(TALKS)).to_owned(),
            "goal" => (*dice.pick(GOALS)).to_owned(),
            "instrument" => (*dice.pick(INSTRUMENTS)).to_owned(),
            "age" => (self.day.year() - person.born).to_string(),
            "joined" => person.joined.to_string(),
            "since_joined" => (self.day.year() - person.joined).to_string(),
            "left" => left.to_string(),
            "worked" => (left - person.joined).max(1).to_string(),
            "since" => (self.day.year() - left).max(1).to_string(),
            "date" | "date_en" | "month" | "next_month" | "quarter" | "fy" => self.date(slot, dice),
            other => number(other, dice),
        }
    }

    fn date(&self, slot: &str, dice: &mut Dice) -> String {
        let month = self.day.month();
        match slot {
            // The quarter that has just ended, of a year that begins in April.
            "quarter" => ["3", "4", "1", "2"][(month as usize - 1) / 3].to_owned(),
            "fy" => (self.day.year() + 1).to_string(),
            "month" => self.month(month),
            "next_month" => self.month(month % 12 + 1),
            _ => self.coming_day(dice),
        }
    }

    fn month(&self, month: u32) -> String {
        match self.language {
            Language::Ja => format!("{month}月"),
            Language::En => NaiveDate::from_ymd_opt(2000, month, 1).unwrap_or_default().format("%B").to_string(),
        }
    }

    /// A Friday or Saturday in the coming weeks.
    fn coming_day(&self, dice: &mut Dice) -> String {
        let ahead = Days::new(u64::try_from(dice.between(9, 40)).unwrap_or(9));
        let mut day = self.day.checked_add_days(ahead).unwrap_or(self.day);
        let holidays = |day: NaiveDate| matches!((day.month(), day.day()), (12, 28..) | (1, ..=4));
        while !matches!(day.weekday(), Weekday::Fri | Weekday::Sat) || holidays(day) {
            day = day.succ_opt().unwrap_or(day);
        }
        match (self.language, day.weekday()) {
            (Language::Ja, Weekday::Fri) => format!("{}月{}日（金）", day.month(), day.day()),
            (Language::Ja, _) => format!("{}月{}日（土）", day.month(), day.day()),
            (Language::En, _) => day.format("%A, %-d %B").to_string(),
        }
    }
}

fn number(slot: &str, dice: &mut Dice) -> String {
    let (low, high) = match slot {
        "years" => (2, 11),
        "n" => (6, 34),
        "small" => (3, 8),
        "pct" => (2, 9),
        "temp" => (20, 23),
        "temp_hot" => (33, 38),
        "humid" => (61, 88),
        "min" => (55, 95),
        "km" => (4, 12),
        "fee" => return format!("{},{}00", dice.between(3, 5), dice.pick(&[0, 5, 8])),
        "steps" => return format!("{},{:03}", dice.between(6, 11), dice.below(1000)),
        _ => (1, 9),
    };
    dice.between(low, high).to_string()
}
