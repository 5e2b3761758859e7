//! Dates as Japanese personnel files write them.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

/// Eras by the first letter that files use, with the year before their first.
const ERAS: &[(&[&str], i32)] =
    &[(&["令和", "r"], 2018), (&["平成", "h"], 1988), (&["昭和", "s"], 1925), (&["大正", "t"], 1911)];

/// Reads `1985-04-08`, `1985/4/8`, `1985.4.8`, `19850408`, `1985年4月8日`, `昭和60年4月8日`,
/// `S60.4.8`, full-width digits included. Gives `YYYY-MM-DD`.
pub fn read(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let (offset, rest) = ERAS
        .iter()
        .find_map(|(names, offset)| names.iter().find_map(|name| Some((*offset, text.strip_prefix(name)?))))
        .unwrap_or((0, text.as_str()));
    let rest = rest.replace("元年", "1年");
    let parts: Vec<&str> = rest.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let separators = rest.chars().filter(|c| !c.is_ascii_digit());
    if separators.clone().count() > 3 || separators.into_iter().any(|c| !"-/.年月日".contains(c)) {
        return None;
    }
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 && offset == 0 => (&whole[..4], &whole[4..6], &whole[6..]),
        [year, month, day] if offset != 0 || year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(year.parse::<i32>().ok()? + offset, month.parse().ok()?, day.parse().ok()?)?;
    ((1900..2100).contains(&chrono::Datelike::year(&date))).then(|| date.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_date_is_read_in_every_form_that_files_use() {
        for form in [
            "1985-04-08",
            "1985/4/8",
            "1985.04.08",
            "19850408",
            "1985年4月8日",
            "１９８５／０４／０８",
            " 昭和60年4月8日 ",
            "S60.4.8",
            "s60/04/08",
        ] {
            assert_eq!(read(form).as_deref(), Some("1985-04-08"), "{form}");
        }
        assert_eq!(read("令和元年5月1日").as_deref(), Some("2019-05-01"));
        assert_eq!(read("H31.4.30").as_deref(), Some("2019-04-30"));
    }

    #[test]
    fn what_is_no_date_is_not_guessed_at() {
        for bad in [
            "",
            "1985",
            "1985-02-30",
            "85-04-08",
            "04/08/1985",
            "1985-04",
            "不明",
            "1885-01-01",
            "1985-4-8x",
            "--1985-4-8",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
