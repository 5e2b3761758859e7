//! Libraries for Android, opened: classes, resources, manifest, rules for R8, native libraries.

use crate::{Failed, files};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{Cursor, Read, Seek, Write},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// A jar that is being written: each class once, the first one that comes.
pub(super) struct Jar {
    writer: ZipWriter<File>,
    names: BTreeSet<String>,
}

impl Jar {
    pub(super) fn create(path: &Path) -> Result<Self, Failed> {
        Ok(Self { writer: ZipWriter::new(File::create(path)?), names: BTreeSet::new() })
    }

    /// Adds one file.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failed> {
        if self.names.insert(name.to_owned()) {
            // Stored: it is read often, and thrown away.
            let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            self.writer.start_file(name, stored)?;
            self.writer.write_all(bytes)?;
        }
        Ok(())
    }

    /// Adds what belongs on a class path of another jar.
    pub(super) fn add_jar(&mut self, jar: impl Read + Seek) -> Result<(), Failed> {
        let mut archive = ZipArchive::new(jar)?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let name = entry.name().to_owned();
            if !entry.is_dir() && belongs(&name) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                self.add(&name, &bytes)?;
            }
        }
        Ok(())
    }

    /// Adds the classes of another jar and nothing else.
    pub(super) fn add_classes(&mut self, jar: impl Read + Seek) -> Result<(), Failed> {
        let mut archive = ZipArchive::new(jar)?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let name = entry.name().to_owned();
            if Path::new(&name).extension().is_some_and(|end| end == "class") {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                self.add(&name, &bytes)?;
            }
        }
        Ok(())
    }

    /// Adds every file of a folder.
    pub(super) fn add_folder(&mut self, folder: &Path) -> Result<(), Failed> {
        for file in files::all(folder)? {
            let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
            self.add(&name, &fs::read(&file)?)?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Failed> {
        self.writer.finish()?;
        Ok(())
    }
}

/// Classes, Kotlin's own notes on them, services and rules; not signatures, nor what only a compiler for other
/// platforms reads.
fn belongs(name: &str) -> bool {
    let kept = ["META-INF/proguard/", "META-INF/com.android.tools/"];
    let ends = |end: &str| Path::new(name).extension().is_some_and(|found| found == end);
    match name {
        "module-info.class" => false,
        _ if name.starts_with("META-INF/") => {
            ends("kotlin_module") || is_service(name) || kept.iter().any(|start| name.starts_with(start))
        }
        _ => !ends("knm"),
    }
}

/// One file of an archive.
pub(super) fn file(archive: &Path, name: &str) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    ZipArchive::new(File::open(archive)?)?.by_name(name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file names who serves for an interface.
pub(super) fn is_service(name: &str) -> bool {
    name.starts_with("META-INF/services/")
}

/// What is in a library beside its classes.
pub(super) struct Library {
    pub(super) manifest: String,
    /// The package of its resources' names, where it has any names.
    pub(super) names: bool,
    /// Where its resources were put, where it has any.
    pub(super) resources: Option<PathBuf>,
    pub(super) rules: String,
}

/// Opens a library: its classes go into `jar`, its resources and native libraries below `folder`.
pub(super) fn open(path: &Path, jar: &mut Jar, folder: &Path) -> Result<Library, Failed> {
    let mut archive = ZipArchive::new(File::open(path)?)?;
    let title = path.file_stem().unwrap_or_default();
    let mut library = Library { manifest: String::new(), names: false, resources: None, rules: String::new() };
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if entry.is_dir() {
            continue;
        }
        let inside = entry.enclosed_name().ok_or("a library with a name that leads out of it")?;
        let name = inside.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        match name.as_str() {
            "AndroidManifest.xml" => library.manifest = String::from_utf8(bytes)?,
            "R.txt" => library.names = !bytes.trim_ascii().is_empty(),
            "proguard.txt" => library.rules = String::from_utf8(bytes)? + "\n",
            _ if is_code(&name) => jar.add_jar(Cursor::new(bytes))?,
            _ if inside.starts_with("jni") => write(&folder.join(inside), &bytes)?,
            _ if inside.starts_with("res") => {
                let place = folder.join("res").join(title);
                write(&place.join(inside.strip_prefix("res")?), &bytes)?;
                library.resources = Some(place);
            }
            _ => {}
        }
    }
    Ok(library)
}

fn is_code(name: &str) -> bool {
    name == "classes.jar" || name.strip_prefix("libs/").is_some_and(|file| file.to_ascii_lowercase().ends_with(".jar"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, bytes)?)
}
