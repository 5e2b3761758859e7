//! Which classes a file of phones' code defines.

use crate::Failed;
use std::collections::BTreeSet;

const CUT: &str = "a file of code ends early";

/// The names of the classes, as Kotlin writes them.
pub(super) fn classes(dex: &[u8]) -> Result<BTreeSet<String>, Failed> {
    if !dex.starts_with(b"dex\n") {
        return Err("this is no file of code for phones".into());
    }
    let (strings, types) = (number(dex, 0x3c)?, number(dex, 0x44)?);
    let (count, definitions) = (number(dex, 0x60)?, number(dex, 0x64)?);
    let mut classes = BTreeSet::new();
    for at in 0..count {
        let class = number(dex, definitions + 32 * at)?;
        let descriptor = number(dex, types + 4 * class)?;
        let text = text(dex, number(dex, strings + 4 * descriptor)?)?;
        classes.insert(text.trim_start_matches('L').trim_end_matches(';').replace('/', "."));
    }
    Ok(classes)
}

/// A text: its length in a number of seven bits a byte, then the letters up to a zero.
fn text(dex: &[u8], at: usize) -> Result<String, Failed> {
    let rest = dex.get(at..).ok_or(CUT)?;
    let length = rest.iter().position(|byte| byte & 0x80 == 0).ok_or(CUT)? + 1;
    let letters = rest[length..].split(|byte| *byte == 0).next().ok_or(CUT)?;
    Ok(String::from_utf8_lossy(letters).into_owned())
}

fn number(dex: &[u8], at: usize) -> Result<usize, Failed> {
    let bytes: [u8; 4] = dex.get(at..at + 4).ok_or(CUT)?.try_into()?;
    Ok(u32::from_le_bytes(bytes) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_known_by_its_name() {
        let mut dex = vec![0; 0x70];
        dex[..4].copy_from_slice(b"dex\n");
        // One string at 0x70, one type at 0x74, one definition at 0x78, the letters at 0x98.
        for (at, number) in [(0x3c, 0x70u32), (0x44, 0x74), (0x60, 1), (0x64, 0x78)] {
            dex[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        dex.extend(0x98u32.to_le_bytes());
        dex.extend([0; 4 + 32]);
        dex.extend(b"\x05La/B;\0");
        assert_eq!(classes(&dex).expect("reads"), BTreeSet::from(["a.B".to_owned()]));
        assert!(classes(&dex[..0x90]).is_err());
        assert!(classes(b"PK").is_err());
    }
}
