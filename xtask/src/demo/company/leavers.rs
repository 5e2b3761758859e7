//! The people who left the demo's company, as its personnel system knows them.

use super::{
    dice::Dice,
    names::{FAMILY, FROM_ABROAD, GIVEN},
    places::DEPARTMENTS,
};
use chrono::{Datelike, Days, NaiveDate};

/// How many there are.
pub(crate) const COUNT: usize = 5_000;

const REASONS: &[&str] = &[
    "自己都合",
    "自己都合",
    "転職",
    "定年",
    "家庭の事情",
    "独立・起業",
    "結婚・出産",
    "介護",
    "契約満了",
    "会社都合",
    "",
];
const TITLES: &[&str] = &["", "", "", "主任", "主任", "係長", "課長", "マネージャー", "部長", "シニアエンジニア"];
const EMPLOYMENTS: &[&str] = &["正社員", "正社員", "正社員", "正社員", "契約社員", "嘱託", "パート", "出向"];

/// One person who left.
pub(crate) struct Leaver {
    /// 社員番号
    pub(crate) number: String,
    /// Family and given name, as the register writes them.
    pub(crate) name: (String, String),
    /// Their reading in katakana.
    pub(super) kana: (String, String),
    /// Family and given name in Latin letters, of those from abroad.
    pub(super) latin: Option<(&'static str, &'static str)>,
    /// 旧姓
    pub(super) former: Option<&'static str>,
    /// 生年月日
    pub(crate) birth: NaiveDate,
    /// 入社年月日
    pub(super) joined: NaiveDate,
    /// 退職年月日
    pub(super) left: NaiveDate,
    /// Which of [`DEPARTMENTS`].
    pub(super) department: usize,
    pub(super) reason: &'static str,
    pub(super) title: &'static str,
    pub(super) employment: &'static str,
    /// Their own address, where the company knows it.
    pub(crate) address: Option<String>,
    pub(super) phone: String,
}

/// All of them. The first two are those whose phones the demo shows.
pub(crate) fn all() -> Vec<Leaver> {
    let mut dice = Dice::new(1951);
    let mut leavers: Vec<_> = (0..COUNT).map(|index| Leaver::made(index, &mut dice)).collect();
    leavers[0].become_known(("中野", "ナカノ"), ("美咲", "ミサキ"), Some("原田"), (1984, 7, 13), (2007, 2019), 0);
    leavers[0].address = Some("misaki.nakano@example.jp".into());
    leavers[1].become_known(("小口", "オグチ"), ("達也", "タツヤ"), None, (1979, 11, 2), (2002, 2021), 5);
    leavers[1].address = Some("tatsuya.oguchi@example.jp".into());
    leavers
}

impl Leaver {
    fn made(index: usize, dice: &mut Dice) -> Self {
        let latin = index.checked_sub(2).and_then(|index| FROM_ABROAD.get(index));
        let (family, given) = (*dice.pick(FAMILY), *dice.pick(GIVEN));
        let birth = day(dice.between(1948, 1996), dice);
        let age = dice.between(20, 34);
        let joined = day((i64::from(birth.year()) + age).clamp(1972, 2022), dice);
        let stayed = Days::new(u64::try_from(dice.between(200, 9_000)).unwrap_or_default());
        let left = joined.checked_add_days(stayed).unwrap_or(joined).min(day(2025, dice));
        let number = format!("{:02}-{:05}", joined.year() % 100, index + 1);
        Self {
            name: latin.map_or((family.0.into(), given.0.into()), |name| (name.2.into(), name.3.into())),
            kana: latin.map_or((family.1.into(), given.1.into()), |name| (name.2.into(), name.3.into())),
            latin: latin.map(|name| (name.0, name.1)),
            former: dice.chance(9).then(|| dice.pick(FAMILY).0),
            birth,
            joined,
            left,
            department: dice.below(DEPARTMENTS.len()),
            reason: *dice.pick(REASONS),
            title: *dice.pick(TITLES),
            employment: *dice.pick(EMPLOYMENTS),
            address: dice
                .chance(82)
                .then(|| format!("leaver{:04}@{}", index + 1, dice.pick(&["example.jp", "example.com"]))),
            phone: format!("0{}0-{:04}-{:04}", dice.pick(&[7, 8, 9]), dice.below(10_000), dice.below(10_000)),
            number,
        }
    }

    fn become_known(
        &mut self,
        family: (&str, &str),
        given: (&str, &str),
        former: Option<&'static str>,
        (year, month, date): (i32, u32, u32),
        (joined, left): (i32, i32),
        department: usize,
    ) {
        self.name = (family.0.into(), given.0.into());
        self.kana = (family.1.into(), given.1.into());
        self.former = former;
        self.birth = NaiveDate::from_ymd_opt(year, month, date).unwrap_or_default();
        self.joined = NaiveDate::from_ymd_opt(joined, 4, 1).unwrap_or_default();
        self.left = NaiveDate::from_ymd_opt(left, 9, 30).unwrap_or_default();
        self.department = department;
    }
}

fn day(year: i64, dice: &mut Dice) -> NaiveDate {
    let year = i32::try_from(year).unwrap_or(2000);
    NaiveDate::from_yo_opt(year, u32::try_from(dice.between(1, 365)).unwrap_or(1)).unwrap_or_default()
}
