//! The framework in a form that Debian's aapt2 links against.
//!
//! The tables of API 35 use entries that an aapt2 of 2022 cannot read: offsets of 16 bits, sparse tables and compact
//! values. Here each is written in the long form that every aapt2 knows. The values stay the same.

use crate::{
    Failed,
    stamp::{Inputs, Stamp},
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

const STRING_POOL: u16 = 0x0001;
const PACKAGE: u16 = 0x0200;
const TYPE: u16 = 0x0201;
const TYPE_SPEC: u16 = 0x0202;

/// How a type's table says where its entries are.
const SPARSE: u8 = 1;
const OFFSET16: u8 = 2;

/// What an entry is.
const COMPLEX: u16 = 1;
const COMPACT: u16 = 8;

/// No entry in this configuration.
const NONE: u32 = u32::MAX;

/// Makes the package from the framework's jar.
pub(super) fn package(jar: &Path) -> Result<PathBuf, Failed> {
    let folder = super::folder().join("framework");
    let package = folder.join("framework.apk");
    // The jar is checked when it is fetched: its name says which it is.
    let stamp = Stamp::of(&folder, Inputs::default().text(&jar.to_string_lossy()).text(include_str!("framework.rs")));
    if !stamp.is_fresh() {
        stamp.clear()?;
        let mut archive = ZipArchive::new(File::open(jar)?)?;
        let mut read = |name: &str| -> Result<Vec<u8>, Failed> {
            let mut bytes = Vec::new();
            archive.by_name(name)?.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let (manifest, table) = (read("AndroidManifest.xml")?, read("resources.arsc")?);
        let mut writer = ZipWriter::new(File::create(&package)?);
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file("AndroidManifest.xml", stored)?;
        writer.write_all(&manifest)?;
        writer.start_file("resources.arsc", stored)?;
        writer.write_all(&lengthen(&table)?)?;
        writer.finish()?;
        stamp.done()?;
    }
    Ok(package)
}

/// The table of resources with each entry in its long form, and the framework's own package alone.
fn lengthen(table: &[u8]) -> Result<Vec<u8>, Failed> {
    let (mut pool, mut packages) = (Vec::new(), Vec::new());
    for chunk in chunks(table, usize::from(u16_at(table, 2)?)) {
        let chunk = chunk?;
        match chunk.kind {
            STRING_POOL => pool = chunk.bytes.to_vec(),
            PACKAGE if u32_at(chunk.bytes, 8)? == 1 => packages.push(lengthen_package(&chunk)?),
            _ => {}
        }
    }
    let package = packages.into_iter().max_by_key(Vec::len).ok_or("the framework has no package")?;
    let mut whole = Vec::new();
    whole.extend([2u16, 12].iter().flat_map(|number| number.to_le_bytes()));
    whole.extend(length(12 + pool.len() + package.len())?.to_le_bytes());
    whole.extend(1u32.to_le_bytes());
    whole.extend(pool);
    whole.extend(package);
    Ok(whole)
}

fn lengthen_package(package: &Chunk<'_>) -> Result<Vec<u8>, Failed> {
    let mut whole = package.bytes.get(..package.header).ok_or(CUT)?.to_vec();
    for chunk in chunks(package.bytes, package.header) {
        let chunk = chunk?;
        match chunk.kind {
            TYPE => whole.extend(lengthen_type(&chunk)?),
            STRING_POOL | TYPE_SPEC => whole.extend(chunk.bytes),
            _ => {}
        }
    }
    let size = length(whole.len())?;
    put(&mut whole, 4, size)?;
    Ok(whole)
}

fn lengthen_type(chunk: &Chunk<'_>) -> Result<Vec<u8>, Failed> {
    let (count, entries) = (u32_at(chunk.bytes, 12)?, u32_at(chunk.bytes, 16)? as usize);
    let mut places = BTreeMap::new();
    let flags = *chunk.bytes.get(9).ok_or(CUT)?;
    for index in 0..count {
        let at = chunk.header + 4 * index as usize;
        if flags & SPARSE != 0 {
            places.insert(u32::from(u16_at(chunk.bytes, at)?), u32::from(u16_at(chunk.bytes, at + 2)?) * 4);
        } else if flags & OFFSET16 != 0 {
            let place = u16_at(chunk.bytes, chunk.header + 2 * index as usize)?;
            if place != u16::MAX {
                places.insert(index, u32::from(place) * 4);
            }
        } else if u32_at(chunk.bytes, at)? != NONE {
            places.insert(index, u32_at(chunk.bytes, at)?);
        }
    }
    let count = if flags & SPARSE == 0 { count } else { places.keys().next_back().map_or(0, |last| last + 1) };
    let mut offsets = vec![NONE; count as usize];
    let mut body = Vec::new();
    for (index, place) in places {
        *offsets.get_mut(index as usize).ok_or(CUT)? = length(body.len())?;
        body.extend(entry(chunk.bytes, entries + place as usize)?);
    }
    let start = length(chunk.header + 4 * offsets.len())?;
    let mut whole = chunk.bytes.get(..chunk.header).ok_or(CUT)?.to_vec();
    *whole.get_mut(9).ok_or(CUT)? = 0;
    put(&mut whole, 4, start + length(body.len())?)?;
    put(&mut whole, 12, count)?;
    put(&mut whole, 16, start)?;
    whole.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    whole.extend(body);
    Ok(whole)
}

/// One entry in its long form.
fn entry(bytes: &[u8], at: usize) -> Result<Vec<u8>, Failed> {
    let (size, flags) = (u16_at(bytes, at)?, u16_at(bytes, at + 2)?);
    if flags & COMPACT != 0 {
        // The size is the key, and the upper half of the flags the kind of value.
        let mut long = Vec::new();
        long.extend(8u16.to_le_bytes());
        long.extend((flags & 7).to_le_bytes());
        long.extend(u32::from(size).to_le_bytes());
        long.extend(8u16.to_le_bytes());
        long.push(0);
        long.push(flags.to_le_bytes()[1]);
        long.extend(u32_at(bytes, at + 4)?.to_le_bytes());
        return Ok(long);
    }
    let values = if flags & COMPLEX == 0 { 8 } else { 12 * u32_at(bytes, at + 12)? as usize };
    Ok(bytes.get(at..at + usize::from(size) + values).ok_or(CUT)?.to_vec())
}

const CUT: &str = "the framework's table of resources ends early";

struct Chunk<'a> {
    kind: u16,
    header: usize,
    bytes: &'a [u8],
}

fn chunks(bytes: &[u8], from: usize) -> impl Iterator<Item = Result<Chunk<'_>, Failed>> {
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let chunk = chunk(bytes, at);
        at = chunk.as_ref().map_or(bytes.len(), |chunk| at + chunk.bytes.len());
        Some(chunk)
    })
}

fn chunk(bytes: &[u8], at: usize) -> Result<Chunk<'_>, Failed> {
    let size = u32_at(bytes, at + 4)? as usize;
    if size < 8 {
        return Err(CUT.into());
    }
    let header = usize::from(u16_at(bytes, at + 2)?);
    Ok(Chunk { kind: u16_at(bytes, at)?, header, bytes: bytes.get(at..at + size).ok_or(CUT)? })
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Failed> {
    Ok(u16::from_le_bytes(bytes.get(at..at + 2).ok_or(CUT)?.try_into()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Failed> {
    Ok(u32::from_le_bytes(bytes.get(at..at + 4).ok_or(CUT)?.try_into()?))
}

fn put(bytes: &mut [u8], at: usize, number: u32) -> Result<(), Failed> {
    bytes.get_mut(at..at + 4).ok_or(CUT)?.copy_from_slice(&number.to_le_bytes());
    Ok(())
}

fn length(length: usize) -> Result<u32, Failed> {
    Ok(u32::try_from(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with offsets of 16 bits, with a compact value at 0, nothing at 1 and a long value at 2.
    fn short() -> Vec<u8> {
        let mut bytes = vec![0; 20];
        bytes[0..2].copy_from_slice(&TYPE.to_le_bytes());
        bytes[2..4].copy_from_slice(&20u16.to_le_bytes());
        bytes[9] = OFFSET16;
        put(&mut bytes, 12, 3).expect("room");
        put(&mut bytes, 16, 28).expect("room");
        bytes.extend([0u16, u16::MAX, 2, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend([7u16, 0x1000 | COMPACT].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(42u32.to_le_bytes());
        bytes.extend([8u16, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend([9u32, 0x1000_0008, 43].iter().flat_map(|number| number.to_le_bytes()));
        let size = length(bytes.len()).expect("small");
        put(&mut bytes, 4, size).expect("room");
        bytes
    }

    #[test]
    fn short_entries_become_long_ones_with_the_same_values() {
        let bytes = short();
        let long = lengthen_type(&chunk(&bytes, 0).expect("whole")).expect("lengthens");
        assert_eq!(long[9], 0);
        let numbers: Vec<u32> = (20..long.len()).step_by(4).map(|at| u32_at(&long, at).expect("there")).collect();
        assert_eq!(numbers, [0, NONE, 16, 8, 7, 0x1000_0008, 42, 8, 9, 0x1000_0008, 43]);
        assert_eq!((u32_at(&long, 4).expect("there") as usize, u32_at(&long, 16).expect("there")), (long.len(), 32));
    }

    #[test]
    fn a_table_that_ends_early_is_refused() {
        let bytes = short();
        assert!(lengthen(&bytes[..bytes.len() - 4]).is_err());
    }
}
