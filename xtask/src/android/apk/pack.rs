//! The parts of the app in one archive, laid out as phones read it: native libraries as they are, each at the begin of
//! a page, so that they are run from where they lie.

use super::super::archive::is_service;
use crate::{
    Failed,
    bindings::android::{PROCESSORS, elf::PAGE},
    files,
};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
};
use zip::{
    CompressionMethod, ZipArchive, ZipWriter,
    write::{ExtendedFileOptions, FileOptions},
};

/// Where tools that sign find how an entry is to lie.
const ALIGNMENT_FIELD: u16 = 0xd935;

/// What goes into the package.
pub(super) struct Parts<'a> {
    pub(super) resources: PathBuf,
    pub(super) dex: PathBuf,
    /// Folders with a folder for each processor.
    pub(super) natives: &'a [PathBuf],
    /// Where services are named.
    pub(super) jars: &'a [PathBuf],
    /// What the app reads by its name, with the name.
    pub(super) read: &'a [(&'a str, Vec<u8>)],
}

pub(super) fn pack(parts: &Parts<'_>, into: &Path) -> Result<(), Failed> {
    let mut package = Package { writer: ZipWriter::new(File::create(into)?), names: BTreeSet::new() };
    let mut resources = ZipArchive::new(File::open(&parts.resources)?)?;
    for index in 0..resources.len() {
        let entry = resources.by_index(index)?;
        let (name, stored) = (entry.name().to_owned(), entry.compression() == CompressionMethod::Stored);
        package.add(&name, &read(entry)?, stored.then_some(4))?;
    }
    for file in files::all(&parts.dex)?.iter().filter(|file| file.extension().is_some_and(|end| end == "dex")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        package.add(&name, &fs::read(file)?, Some(4))?;
    }
    for folder in parts.natives {
        for processor in PROCESSORS {
            for file in files::all(&folder.join(processor))? {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                package.add(&format!("lib/{processor}/{name}"), &fs::read(&file)?, Some(PAGE))?;
            }
        }
    }
    // R8 gives names of its own to what is served and by whom.
    let renamed = parts.dex.join("META-INF/services");
    for file in files::all(&renamed)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        package.add(&format!("META-INF/services/{name}"), &fs::read(&file)?, None)?;
    }
    for jar in parts.jars.iter().filter(|_| !renamed.exists()) {
        let mut archive = ZipArchive::new(File::open(jar)?)?;
        for index in 0..archive.len() {
            let entry = archive.by_index(index)?;
            let name = entry.name().to_owned();
            if is_service(&name) && !entry.is_dir() {
                package.add(&name, &read(entry)?, None)?;
            }
        }
    }
    for (name, bytes) in parts.read {
        package.add(name, bytes, None)?;
    }
    package.writer.finish()?;
    Ok(())
}

struct Package {
    writer: ZipWriter<File>,
    names: BTreeSet<String>,
}

impl Package {
    /// Adds a file: compressed, or as it is at a multiple of `aligned`.
    fn add(&mut self, name: &str, bytes: &[u8], aligned: Option<u16>) -> Result<(), Failed> {
        if !self.names.insert(name.to_owned()) {
            return Ok(());
        }
        let mut options: FileOptions<'_, ExtendedFileOptions> = FileOptions::default();
        match aligned {
            Some(multiple) => {
                options = options.compression_method(CompressionMethod::Stored).with_alignment(multiple);
                options.add_extra_data(ALIGNMENT_FIELD, multiple.to_le_bytes().to_vec().into_boxed_slice(), false)?;
            }
            None => options = options.compression_method(CompressionMethod::Deflated),
        }
        self.writer.start_file(name, options)?;
        Ok(self.writer.write_all(bytes)?)
    }
}

fn read(mut from: impl Read) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    Ok(bytes)
}
