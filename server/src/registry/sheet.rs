//! A file of leavers read into rows: UTF-8 or CP932, whichever it is, with lines as a person counts them.

use super::columns::Column;
use encoding_rs::SHIFT_JIS;
use std::collections::BTreeMap;

/// The most bytes that a file may have.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most characters that one cell may have.
pub const CELL_CHARS: usize = 2_000;

/// Why a file as a whole cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Neither of the two encodings.
    #[error(
        "the file is neither UTF-8 nor CP932 (Shift_JIS) / ファイルの文字コードが UTF-8 でも CP932（Shift_JIS）でもありません"
    )]
    Encoding,
    /// Nothing in it.
    #[error("the file has no header line / 見出しの行がありません")]
    Empty,
    /// Too large.
    #[error("the file is larger than {} MB / ファイルが大きすぎます", BYTES_MAX / 1024 / 1024)]
    TooLarge,
    /// No name or no leaving date among the columns.
    #[error("the file has no column {0} / 「{0}」の列がありません")]
    Column(&'static str),
    /// Two columns mean the same.
    #[error("two columns mean {0} / 「{0}」の列が二つあります")]
    Twice(&'static str),
}

/// A row with the line that it begins on, from 1.
#[derive(Debug)]
pub struct SheetRow {
    /// The line in the file.
    pub line: u64,
    /// What it says, or that its cells do not fit the header.
    pub cells: Option<BTreeMap<Column, String>>,
}

/// A file as read.
#[derive(Debug)]
pub struct Sheet {
    /// `UTF-8` or `CP932`.
    pub encoding: &'static str,
    /// Columns that nobody knows, by their header; they are left out.
    pub unknown: Vec<String>,
    /// All rows but the header and empty ones.
    pub rows: Vec<SheetRow>,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Unreadable`] where no row of it can be trusted.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > BYTES_MAX {
            return Err(Unreadable::TooLarge);
        }
        let (text, encoding) = decode(bytes)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = match records.next() {
            Some(Ok(header)) if header.iter().any(|cell| !cell.trim().is_empty()) => header,
            _ => return Err(Unreadable::Empty),
        };
        let (columns, unknown) = columns(&header)?;
        let mut rows = Vec::new();
        let mut lines = Lines { text: &text, byte: 0, line: 1 };
        for record in records {
            let Ok(record) = record else { continue };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            rows.push(SheetRow { line, cells: cells(&record, &columns) });
        }
        Ok(Self { encoding, unknown, rows })
    }
}

/// Counts lines as an editor does. (The reader's own count is one short in files with CRLF.)
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character at or after a byte; bytes are asked for in ascending order.
    fn at(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        while self.byte < bytes.len() && (self.byte < from || matches!(bytes[self.byte], b'\r' | b'\n')) {
            // A line ends with CR LF, with LF, or with CR alone, as the CSV's reader has it too.
            let ends =
                bytes[self.byte] == b'\n' || bytes[self.byte] == b'\r' && bytes.get(self.byte + 1) != Some(&b'\n');
            self.line += u64::from(ends);
            self.byte += 1;
        }
        self.line
    }
}

fn decode(bytes: &[u8]) -> Result<(String, &'static str), Unreadable> {
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(without_mark) {
        return Ok((text.to_owned(), "UTF-8"));
    }
    let (text, malformed) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if malformed { Err(Unreadable::Encoding) } else { Ok((text.into_owned(), "CP932")) }
}

type Columns = Vec<Option<Column>>;

fn columns(header: &csv::StringRecord) -> Result<(Columns, Vec<String>), Unreadable> {
    let columns: Columns = header.iter().map(Column::of_header).collect();
    let has = |column| columns.contains(&Some(column));
    for (index, column) in columns.iter().enumerate() {
        if let Some(column) = column
            && columns[..index].contains(&Some(*column))
        {
            return Err(Unreadable::Twice(column.label()));
        }
    }
    if !has(Column::Name) && !has(Column::Family) {
        return Err(Unreadable::Column(Column::Name.label()));
    }
    if !has(Column::LeftDate) {
        return Err(Unreadable::Column(Column::LeftDate.label()));
    }
    let unknown = header.iter().zip(&columns).filter(|(_, column)| column.is_none());
    let unknown = unknown.map(|(header, _)| header.trim().to_owned()).filter(|header| !header.is_empty()).collect();
    Ok((columns, unknown))
}

fn cells(record: &csv::StringRecord, columns: &Columns) -> Option<BTreeMap<Column, String>> {
    if record.len() != columns.len() {
        return None;
    }
    let named = record.iter().zip(columns).filter_map(|(cell, column)| Some(((*column)?, cell.trim().to_owned())));
    Some(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> Vec<u8> {
        SHIFT_JIS.encode(text).0.into_owned()
    }

    #[test]
    fn both_encodings_are_told_apart() {
        let text = "氏名,退職日\n髙橋　﨑子,2020/1/31\n";
        let plain = Sheet::read(text.as_bytes()).unwrap();
        let marked = Sheet::read(format!("\u{feff}{text}").as_bytes()).unwrap();
        let old = Sheet::read(&cp932(text)).unwrap();
        assert_eq!((plain.encoding, marked.encoding, old.encoding), ("UTF-8", "UTF-8", "CP932"));
        for sheet in [plain, marked, old] {
            assert_eq!(sheet.rows[0].cells.as_ref().unwrap()[&Column::Name], "髙橋　﨑子");
        }
        assert_eq!(Sheet::read(b"\x81\xff\xfe,\xff").unwrap_err(), Unreadable::Encoding);
    }

    #[test]
    fn lines_are_counted_as_in_the_file_also_after_a_cell_of_several() {
        let sheet =
            Sheet::read("氏名,退職日,備考\nA B,2020-01-31,\"x\r\ny, z\"\n\n,,\nC D,2020-01-31\n".as_bytes()).unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 6]);
        assert!(sheet.rows[1].cells.is_none(), "a cell is missing");
        let sheet = Sheet::read(b"name,left\r\n\r\nA B,2020-01-31\r\nC D,2020-01-31").unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);
        let sheet = Sheet::read(b"name,left\rA B,2020-01-31\r\rC D,2020-01-31\r").unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_file_that_lacks_what_an_entry_needs_is_refused_whole() {
        let error = |text: &str| Sheet::read(text.as_bytes()).unwrap_err();
        assert_eq!(error(""), Unreadable::Empty);
        assert_eq!(error("社員番号,退職日\n"), Unreadable::Column("氏名"));
        assert_eq!(error("氏名\n"), Unreadable::Column("退職年月日"));
        assert_eq!(error("氏名,名前,退職日\n"), Unreadable::Twice("氏名"));
        assert_eq!(Sheet::read("氏名,退職日,給与\n".as_bytes()).unwrap().unknown, ["給与"]);
    }
}
