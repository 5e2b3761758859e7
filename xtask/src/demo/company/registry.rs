//! The registry of leavers as a personnel system gives it out: a CSV in CP932, with the small
//! disorder that such files have.

use super::{
    dice::Dice,
    leavers::{self, Leaver},
    places::DEPARTMENTS,
};
use chrono::{Datelike, NaiveDate};

const HEADER: [&str; 14] = [
    "社員番号",
    "氏名",
    "氏名（カナ）",
    "旧姓",
    "生年月日",
    "入社年月日",
    "退職年月日",
    "退職理由",
    "所属",
    "役職",
    "雇用形態",
    "メールアドレス（個人）",
    "電話番号",
    "備考",
];
const REMARKS: &[&str] = &["", "", "", "", "", "", "再雇用希望あり", "住所変更届あり", "OB会幹事", "連絡は書面で"];

/// Rows that no import can take: what is wrong with each is the field it lacks or has too much.
const BROKEN: [&str; 8] = [
    "99-90001,山本　太郎,ヤマモト タロウ,,1970-02-30,1993-04-01,2015-03-31,自己都合,経理部,,正社員,,,",
    "99-90002,,,,1971-05-05,1994-04-01,2016-03-31,自己都合,経理部,主任,正社員,,,",
    "99-90003,渡辺　花子,ワタナベ ハナコ,,1980-01-01,2003-04-01,,自己都合,人事部,,正社員,,,",
    "99-90004,小林　次郎,コバヤシ ジロウ,,1969-08-08,1992-04-01,平成二十年頃,転職,第一営業部,,正社員,,,",
    "99-90005,加藤　三郎,カトウ サブロウ,,1975-12-12,1998-04-01,2011-06-30,転職",
    "99-90006,吉田　史郎,ヨシダ シロウ,,1966-03-03,1989-04-01,2006-09-30,定年,校正室,,正社員,shiro＠メール,090-0000-0000,",
    "合計,5000,,,,,,,,,,,,",
    ",,,,,,,,,,,,,",
];

/// The file's bytes.
pub(crate) fn csv() -> Vec<u8> {
    let mut dice = Dice::new(932);
    let mut rows: Vec<String> = leavers::all().iter().map(|leaver| row(leaver, &mut dice)).collect();
    for (place, broken) in BROKEN.iter().enumerate() {
        rows.insert((place + 1) * 600, (*broken).to_owned());
    }
    let mut text = HEADER.join(",");
    for row in rows {
        text.push_str("\r\n");
        text.push_str(&row);
    }
    text.push_str("\r\n");
    encoding_rs::SHIFT_JIS.encode(&text).0.into_owned()
}

fn row(leaver: &Leaver, dice: &mut Dice) -> String {
    let space = *dice.pick(&["　", "　", "　", " "]);
    let style = dice.below(12);
    let name = |(family, given): &(String, String), space: &str| format!("{family}{space}{given}");
    let remark = *dice.pick(REMARKS);
    let cells = [
        leaver.number.clone(),
        name(&leaver.name, space),
        name(&leaver.kana, " "),
        leaver.former.unwrap_or_default().to_owned(),
        date(leaver.birth, style),
        date(leaver.joined, style),
        date(leaver.left, style),
        leaver.reason.to_owned(),
        DEPARTMENTS[leaver.department].0.to_owned(),
        leaver.title.to_owned(),
        leaver.employment.to_owned(),
        leaver.address.clone().unwrap_or_default(),
        leaver.phone.clone(),
        if remark.is_empty() || dice.chance(60) { remark.to_owned() } else { format!("\"{remark}, 要確認\"") },
    ];
    cells.join(",")
}

/// Over the years a personnel system has written dates in more than one way.
fn date(date: NaiveDate, style: usize) -> String {
    match style {
        0..=6 => date.format("%Y-%m-%d").to_string(),
        7..=9 => date.format("%Y/%-m/%-d").to_string(),
        10 => date.format("%Y年%-m月%-d日").to_string(),
        _ => date_of_era(date),
    }
}

fn date_of_era(date: NaiveDate) -> String {
    let (era, first) = match (date.year(), date.ordinal()) {
        (year, _) if year > 2019 => ('R', 2018),
        (2019, day) if day > 120 => ('R', 2018),
        (year, _) if year > 1989 => ('H', 1988),
        (1989, day) if day > 7 => ('H', 1988),
        _ => ('S', 1925),
    };
    format!("{era}{}.{}.{}", date.year() - first, date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_cp932_and_loses_no_character() {
        let bytes = csv();
        assert!(std::str::from_utf8(&bytes).is_err());
        let (text, _, lossy) = encoding_rs::SHIFT_JIS.decode(&bytes);
        assert!(!lossy);
        assert!(!text.contains("&#"), "a character has no place in CP932");
        assert_eq!(text.lines().count(), 1 + leavers::COUNT + BROKEN.len());
        for name in ["髙橋", "山﨑", "渡邊"] {
            assert!(text.contains(name), "{name}");
        }
        assert_eq!(csv(), bytes);
    }

    #[test]
    fn an_era_begins_on_its_day() {
        let on = |year, month, day| date_of_era(NaiveDate::from_ymd_opt(year, month, day).expect("a day"));
        assert_eq!(on(2019, 4, 30), "H31.4.30");
        assert_eq!(on(2019, 5, 1), "R1.5.1");
        assert_eq!(on(1989, 1, 7), "S64.1.7");
        assert_eq!(on(1989, 1, 8), "H1.1.8");
    }
}
