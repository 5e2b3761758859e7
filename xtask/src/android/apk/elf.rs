//! For which pages a native library was linked.

use crate::Failed;

const CUT: &str = "a library ends early";

/// A part that is loaded into memory.
const LOAD: u64 = 1;

/// The smallest alignment of what is loaded; none for a library of 32 bits, whose phones have small pages.
pub(super) fn page(library: &[u8]) -> Result<Option<u64>, Failed> {
    if !library.starts_with(b"\x7fELF") {
        return Err("this is no library".into());
    }
    if library.get(4) != Some(&2) {
        return Ok(None);
    }
    let (from, size, count) = (number(library, 0x20, 8)?, number(library, 0x36, 2)?, number(library, 0x38, 2)?);
    let mut smallest = None;
    for at in 0..count {
        let header = usize::try_from(from + size * at)?;
        if number(library, header, 4)? == LOAD {
            let aligned = number(library, header + 0x30, 8)?;
            smallest = Some(smallest.map_or(aligned, |smallest: u64| smallest.min(aligned)));
        }
    }
    Ok(Some(smallest.ok_or("a library of which nothing is loaded")?))
}

fn number(library: &[u8], at: usize, length: usize) -> Result<u64, Failed> {
    let bytes = library.get(at..at + length).ok_or(CUT)?;
    Ok(bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(aligned: u64) -> Vec<u8> {
        let mut bytes = vec![0; 0x40 + 0x38];
        bytes[..5].copy_from_slice(b"\x7fELF\x02");
        bytes[0x20] = 0x40;
        bytes[0x36] = 0x38;
        bytes[0x38] = 1;
        bytes[0x40] = 1;
        bytes[0x70..0x78].copy_from_slice(&aligned.to_le_bytes());
        bytes
    }

    #[test]
    fn the_pages_of_a_library_are_read_from_its_header() {
        assert_eq!(page(&library(0x4000)).expect("reads"), Some(0x4000));
        assert_eq!(page(&library(0x1000)).expect("reads"), Some(0x1000));
        assert!(page(&library(0x4000)[..0x60]).is_err());
        assert_eq!(page(b"\x7fELF\x01").expect("reads"), None);
    }
}
