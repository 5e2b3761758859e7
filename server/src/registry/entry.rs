//! An entry: one leaver's record, as a row of a file gives it and as the database keeps it.

use super::{columns::Column, date, sheet::SheetRow};
use crate::accounts::address;
use enishi_protocol::{Language, membership::PersonName, text};
use std::{collections::BTreeMap, fmt};
use unicode_normalization::UnicodeNormalization;

/// A leaver's record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// 社員番号, folded; none where the company gave none.
    pub employee_number: Option<String>,
    /// 姓
    pub family: String,
    /// 名; empty where the file does not tell it from the family name.
    pub given: String,
    /// The name in kana.
    pub kana: String,
    /// 旧姓
    pub former_family: String,
    /// `YYYY-MM-DD`
    pub birth_date: Option<String>,
    /// `YYYY-MM-DD`
    pub joined_date: Option<String>,
    /// `YYYY-MM-DD`
    pub left_date: String,
    /// Why they left, in the company's words.
    pub reason: String,
    /// The last department.
    pub department: String,
    /// The last title.
    pub title: String,
    /// The form of employment.
    pub employment: String,
    /// A private e-mail address, folded; may be empty.
    pub address: String,
    /// A telephone number as the file has it.
    pub phone: String,
    /// Anything else.
    pub remarks: String,
}

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowProblem {
    /// More or fewer cells than the header.
    Cells,
    /// No name.
    NoName,
    /// No leaving date: nobody who has left.
    NoLeftDate,
    /// Not a date.
    NotADate(Column),
    /// Not an e-mail address.
    NotAnAddress,
    /// A cell is too long.
    TooLong(Column),
    /// The same person as on an earlier line.
    SameAs(u64),
}

impl RowProblem {
    /// What a person is told.
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (Self::Cells, Language::Ja) => "列の数が見出しと合いません".into(),
            (Self::Cells, Language::En) => "the number of cells differs from the header's".into(),
            (Self::NoName, Language::Ja) => "氏名がありません".into(),
            (Self::NoName, Language::En) => "the name is missing".into(),
            (Self::NoLeftDate, Language::Ja) => "退職年月日がありません".into(),
            (Self::NoLeftDate, Language::En) => "the leaving date is missing".into(),
            (Self::NotADate(column), Language::Ja) => format!("「{}」を日付として読めません", column.label()),
            (Self::NotADate(column), Language::En) => format!("{column:?} is not a date"),
            (Self::NotAnAddress, Language::Ja) => "メールアドレスの形が正しくありません".into(),
            (Self::NotAnAddress, Language::En) => "the e-mail address is malformed".into(),
            (Self::TooLong(column), Language::Ja) => format!("「{}」が長すぎます", column.label()),
            (Self::TooLong(column), Language::En) => format!("{column:?} is too long"),
            (Self::SameAs(line), Language::Ja) => format!("{line} 行目と同じ人です"),
            (Self::SameAs(line), Language::En) => format!("the same person as on line {line}"),
        }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Language::Ja), self.message(Language::En))
    }
}

impl Entry {
    /// Reads a row.
    ///
    /// # Errors
    /// What keeps it from being an entry.
    pub fn read(row: &SheetRow) -> Result<Self, RowProblem> {
        let cells = row.cells.as_ref().ok_or(RowProblem::Cells)?;
        if let Some((column, _)) = cells.iter().find(|(_, cell)| cell.chars().count() > super::sheet::CELL_CHARS) {
            return Err(RowProblem::TooLong(*column));
        }
        let text = |column| cells.get(&column).cloned().unwrap_or_default();
        let (family, given) = name(cells);
        if family.is_empty() {
            return Err(RowProblem::NoName);
        }
        let private_address = text(Column::Address);
        let number = number(&text(Column::EmployeeNumber));
        Ok(Self {
            employee_number: (!number.is_empty()).then_some(number),
            family,
            given,
            kana: one_spaced(&text(Column::Kana)),
            former_family: text(Column::FormerFamily),
            birth_date: optional_date(cells, Column::BirthDate)?,
            joined_date: optional_date(cells, Column::JoinedDate)?,
            left_date: optional_date(cells, Column::LeftDate)?.ok_or(RowProblem::NoLeftDate)?,
            reason: text(Column::Reason),
            department: one_spaced(&text(Column::Department)),
            title: text(Column::Title),
            employment: text(Column::Employment),
            address: if private_address.is_empty() {
                private_address
            } else {
                address::fold(&private_address).ok_or(RowProblem::NotAnAddress)?
            },
            phone: text(Column::Phone),
            remarks: text(Column::Remarks),
        })
    }

    /// What entries are matched by where they have no number, and people where they say their name.
    pub fn name_key(&self) -> String {
        name_key(&self.family, &self.given)
    }

    /// Whether a person of this name may be the one: under the present or the former family name.
    pub fn is_named(&self, name: &PersonName) -> bool {
        let key = name_key(&name.family, &name.given);
        key == self.name_key() || (!self.former_family.is_empty() && key == name_key(&self.former_family, &self.given))
    }
}

/// A name as it is compared: folded, without spaces.
pub fn name_key(family: &str, given: &str) -> String {
    text::fold(&format!("{family}{given}")).chars().filter(|c| !c.is_whitespace()).collect()
}

/// An employee number as it is compared: full-width and case made one, spaces dropped.
pub fn number(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

fn name(cells: &BTreeMap<Column, String>) -> (String, String) {
    let cell = |column| cells.get(&column).map(|cell| one_spaced(cell)).unwrap_or_default();
    let family = cell(Column::Family);
    if !family.is_empty() {
        return (family, cell(Column::Given));
    }
    let whole = cell(Column::Name);
    let (family, given) = whole.split_once(' ').unwrap_or((&whole, ""));
    (family.to_owned(), given.to_owned())
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn optional_date(cells: &BTreeMap<Column, String>, column: Column) -> Result<Option<String>, RowProblem> {
    match cells.get(&column).map(String::as_str) {
        None | Some("") => Ok(None),
        Some(text) => date::read(text).map(Some).ok_or(RowProblem::NotADate(column)),
    }
}
