//! The Kotlin package as Android's tools take it: an archive of the classes, the library for each processor, and the
//! rules that R8 needs to know of.
//!
//! The layout is that of <https://developer.android.com/studio/projects/android-library#aar-contents>.

use super::PROCESSORS;
use crate::{Failed, bindings::kotlin::LICENCES, files};
use std::{
    fs::{self, File},
    io::{Cursor, Read, Seek, Write},
    path::Path,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// What goes into it.
pub(super) struct Parts<'a> {
    /// The package for the JVM.
    pub(super) jar: &'a Path,
    /// A folder with a folder for each processor.
    pub(super) native: &'a Path,
    pub(super) rules: &'a Path,
    /// The least version of Android, by the number of its API.
    pub(super) min_sdk: &'a str,
}

/// Writes the archive.
///
/// # Errors
/// Where the library for a processor is missing.
pub(super) fn pack(parts: &Parts<'_>, into: &Path) -> Result<(), Failed> {
    let mut archive = Archive(ZipWriter::new(File::create(into)?));
    let manifest = format!(
        "<manifest xmlns:android=\"http://schemas.android.com/apk/res/android\" package=\"dev.enishi.core\">\n    \
         <uses-sdk android:minSdkVersion=\"{}\" />\n</manifest>\n",
        parts.min_sdk
    );
    archive.add("AndroidManifest.xml", manifest.as_bytes())?;
    archive.add("classes.jar", &classes(File::open(parts.jar)?)?)?;
    archive.add("proguard.txt", &fs::read(parts.rules)?)?;
    // It has no resources.
    archive.add("R.txt", b"")?;
    for processor in PROCESSORS {
        let libraries = files::all(&parts.native.join(processor))?;
        if libraries.is_empty() {
            return Err(format!("the library for {processor} is missing").into());
        }
        for library in libraries {
            let name = library.file_name().unwrap_or_default().to_string_lossy();
            archive.add(&format!("jni/{processor}/{name}"), &fs::read(&library)?)?;
        }
    }
    archive.0.finish()?;
    Ok(())
}

/// The classes of the package with what they read, without the library for a computer.
fn classes(jar: impl Read + Seek) -> Result<Vec<u8>, Failed> {
    let mut jar = ZipArchive::new(jar)?;
    let mut classes = Archive(ZipWriter::new(Cursor::new(Vec::new())));
    for index in 0..jar.len() {
        let mut entry = jar.by_index(index)?;
        let name = entry.name().to_owned();
        let kept = name == LICENCES || [".class", ".kotlin_module"].iter().any(|end| name.ends_with(end));
        if kept {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            classes.add(&name, &bytes)?;
        }
    }
    Ok(classes.0.finish()?.into_inner())
}

struct Archive<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Archive<W> {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failed> {
        self.0.start_file(name, SimpleFileOptions::default())?;
        Ok(self.0.write_all(bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn names(archive: impl Read + Seek) -> Vec<String> {
        let archive = ZipArchive::new(archive).expect("an archive");
        let mut names: Vec<_> = archive.file_names().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// A package and libraries in a folder of their own.
    fn made(name: &str, processors: &[&str]) -> PathBuf {
        let folder = crate::workspace::target().join("tmp").join(format!("aar-{name}-{}", std::process::id()));
        files::remove_folder(&folder).expect("a folder");
        for processor in processors {
            files::put(&folder.join("native").join(processor).join("libenishi.so"), b"library").expect("writes");
        }
        files::put(&folder.join("rules"), b"-keep class a.B").expect("writes");
        let mut jar = Archive(ZipWriter::new(File::create(folder.join("a.jar")).expect("a jar")));
        for name in ["dev/enishi/A.class", "META-INF/a.kotlin_module", LICENCES, "linux-x86-64/libenishi.so"] {
            jar.add(name, name.as_bytes()).expect("adds");
        }
        jar.0.finish().expect("a jar");
        folder
    }

    fn packed(folder: &Path) -> Result<(), Failed> {
        let (jar, native, rules) = (folder.join("a.jar"), folder.join("native"), folder.join("rules"));
        pack(&Parts { jar: &jar, native: &native, rules: &rules, min_sdk: "26" }, &folder.join("a.aar"))
    }

    #[test]
    fn it_lies_as_androids_tools_look_for_it_and_without_the_library_for_a_computer() {
        let folder = made("whole", &PROCESSORS);
        packed(&folder).expect("packs");
        let aar = folder.join("a.aar");
        let libraries = ["jni/arm64-v8a/libenishi.so", "jni/armeabi-v7a/libenishi.so", "jni/x86_64/libenishi.so"];
        let others = ["AndroidManifest.xml", "R.txt", "classes.jar"];
        assert_eq!(names(File::open(&aar).expect("opens")), [&others[..], &libraries, &["proguard.txt"]].concat());
        let mut archive = ZipArchive::new(File::open(&aar).expect("opens")).expect("an archive");
        let mut classes = Vec::new();
        archive.by_name("classes.jar").expect("classes").read_to_end(&mut classes).expect("reads");
        assert_eq!(names(Cursor::new(classes)), ["META-INF/a.kotlin_module", "dev/enishi/A.class", LICENCES]);
        files::remove_folder(&folder).expect("gone");
    }

    #[test]
    fn one_that_some_phones_could_not_load_is_not_made() {
        let folder = made("part", &PROCESSORS[..2]);
        let error = packed(&folder).expect_err("a library is missing");
        assert_eq!(error.to_string(), "the library for x86_64 is missing");
        files::remove_folder(&folder).expect("gone");
    }
}
