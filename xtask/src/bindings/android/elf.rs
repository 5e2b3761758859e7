//! Reads of a library how it was linked: phones with memory pages of 16 KB load only what is aligned to them.

use std::fmt;

/// What a 64-bit library must be aligned to. Phones of 32 bits have pages of 4 KB.
pub(crate) const PAGE: u16 = 16 * 1024;

/// How a library was linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// Whether it is of 64 bits.
    pub(crate) wide: bool,
    /// The least alignment of the parts that are loaded.
    pub(crate) alignment: u64,
}

/// Why nothing can be said about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotALibrary(&'static str);

impl std::error::Error for NotALibrary {}

impl fmt::Display for NotALibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Linked {
    /// Whether a phone with pages of 16 KB loads it.
    pub(crate) fn loads_everywhere(self) -> bool {
        !self.wide || self.alignment >= PAGE.into() && self.alignment.is_multiple_of(PAGE.into())
    }

    /// Reads the headers of an ELF file.
    pub(crate) fn read(file: &[u8]) -> Result<Self, NotALibrary> {
        if file.get(..4) != Some(b"\x7fELF") {
            return Err(NotALibrary("this is no ELF file"));
        }
        let wide = file.get(4) == Some(&2);
        if file.get(5) != Some(&1) {
            return Err(NotALibrary("this is not for a processor of a phone"));
        }
        // Where the program headers begin, how large one is and how many there are; where a header says what it is,
        // and how the part is aligned.
        let (table, size, count) = if wide { (0x20, 0x36, 0x38) } else { (0x1c, 0x2a, 0x2c) };
        let aligned = if wide { 0x30 } else { 0x1c };
        let word = if wide { 8 } else { 4 };
        let (table, size, count) = (number(file, table, word)?, number(file, size, 2)?, number(file, count, 2)?);
        let mut alignment = None;
        for index in 0..count {
            let header = table.saturating_add(index * size);
            if number(file, header, 4)? == LOADED {
                let this = number(file, header.saturating_add(aligned), word)?;
                alignment = Some(alignment.map_or(this, |least: u64| least.min(this)));
            }
        }
        let alignment = alignment.ok_or(NotALibrary("nothing of it is loaded"))?;
        Ok(Self { wide, alignment })
    }
}

/// A program header of a part that is loaded.
const LOADED: u64 = 1;

/// A number of so many bytes, the least first.
fn number(file: &[u8], at: u64, bytes: usize) -> Result<u64, NotALibrary> {
    let cut = NotALibrary("it was cut off");
    let at = usize::try_from(at).map_err(|_| cut)?;
    let bytes = at.checked_add(bytes).and_then(|end| file.get(at..end)).ok_or(cut)?;
    Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs, process};

    /// A library of this machine, linked for pages of that size.
    fn linked(page: u64, name: &str) -> Vec<u8> {
        let folder = env::temp_dir().join(format!("enishi-elf-{name}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let (source, library) = (folder.join("one.c"), folder.join("libone.so"));
        fs::write(&source, "int one(void) { return 1; }\n").expect("writes");
        let mut cc = process::Command::new("cc");
        cc.args(["-shared", "-fPIC", &format!("-Wl,-z,max-page-size={page}"), "-o"]).arg(&library).arg(&source);
        assert!(cc.status().expect("cc").success());
        let linked = fs::read(library).expect("reads");
        fs::remove_dir_all(folder).expect("removes");
        linked
    }

    #[test]
    fn a_library_that_was_linked_for_small_pages_is_told_from_one_for_large_pages() {
        for (page, loads) in [(4096, false), (16_384, true), (65_536, true)] {
            let linked = Linked::read(&linked(page, "pages")).expect("reads");
            assert_eq!(linked, Linked { wide: true, alignment: page });
            assert_eq!(linked.loads_everywhere(), loads);
        }
        assert!(Linked { wide: false, alignment: 4096 }.loads_everywhere());
    }

    #[test]
    fn one_part_that_is_aligned_to_less_is_enough_to_be_refused() {
        let whole = linked(PAGE.into(), "parts");
        let headers =
            (0x40..).step_by(0x38).take(usize::try_from(number(&whole, 0x38, 2).expect("a count")).expect("few"));
        let loaded = headers.filter(|at| number(&whole, *at, 4) == Ok(LOADED));
        for header in loaded {
            let mut part = whole.clone();
            let at = usize::try_from(header).expect("a place") + 0x30;
            part[at..at + 8].copy_from_slice(&4096_u64.to_le_bytes());
            assert!(!Linked::read(&part).expect("reads").loads_everywhere());
        }
    }

    #[test]
    fn what_is_no_library_or_only_a_part_of_one_is_told() {
        let whole = linked(PAGE.into(), "whole");
        assert!(Linked::read(b"PK\x03\x04").is_err());
        for length in [0, 3, 5, 0x20, 0x40, 0x60] {
            assert!(Linked::read(&whole[..length]).is_err(), "{length}");
        }
    }
}
