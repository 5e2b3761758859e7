//! What has to be in the package, so that it starts on a phone and the store takes it.

use super::dex;
use crate::{
    Failed,
    android::{archive::is_service, xml::Element},
    bindings::{
        android::{
            PROCESSORS,
            elf::{Linked, PAGE},
        },
        kotlin::LICENCES,
        succeed,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::Read,
    path::Path,
    process::Stdio,
};
use tokio::process::Command;
use zip::{CompressionMethod, ZipArchive};

/// Classes that are reached by their names alone, beside those of the manifest.
const BY_NAME: [&str; 4] =
    ["com.sun.jna.Native", "com.sun.jna.Structure", "dev.enishi.UniffiLib", "dev.enishi.RustBuffer"];

/// Libraries that are loaded by their names.
const LIBRARIES: [&str; 2] = ["libjnidispatch.so", "libandroidx.graphics.path.so"];

/// What has to be in it under this very name.
const FILES: [&str; 4] = ["AndroidManifest.xml", "resources.arsc", "res/mipmap-anydpi-v26/ic_launcher.xml", LICENCES];

/// Fails with everything that the package lacks.
pub(super) async fn check(apk: &Path, manifest: &Path, min_sdk: &str) -> Result<(), Failed> {
    let mut signer = Command::new("apksigner");
    signer.args(["verify", "--min-sdk-version", min_sdk]).arg(apk).stdin(Stdio::null()).kill_on_drop(true);
    succeed(signer, "verifying the signature").await?;
    let contents = Contents::read(apk)?;
    let lacks = contents.lacks(&named(&Element::parse(&fs::read_to_string(manifest)?)?));
    if lacks.is_empty() { Ok(()) } else { Err(format!("{}: {}", apk.display(), lacks.join("; ")).into()) }
}

/// The classes that a manifest names.
fn named(manifest: &Element) -> BTreeSet<String> {
    let application = manifest.children.iter().filter(|child| child.name == "application");
    let within = application.clone().flat_map(|application| &application.children);
    let kinds = ["application", "activity", "service", "receiver", "provider"];
    let elements = application.chain(within).filter(|element| kinds.contains(&element.name.as_str()));
    elements.filter_map(|element| element.get("android:name").map(str::to_owned)).collect()
}

/// The class that a line of a service's file names; the rest is for people.
fn class_of(line: &str) -> Option<&str> {
    line.split('#').next().map(str::trim).filter(|class| !class.is_empty())
}

#[derive(Default)]
struct Contents {
    /// Who serves, as the package names them: without the one for the main thread nothing is ever drawn.
    services: BTreeSet<String>,
    files: BTreeSet<String>,
    classes: BTreeSet<String>,
    /// How each native library was linked, and where it lies in the package; none where it is compressed.
    libraries: BTreeMap<String, (Linked, Option<u64>)>,
}

impl Contents {
    fn read(apk: &Path) -> Result<Self, Failed> {
        let mut archive = ZipArchive::new(File::open(apk)?)?;
        let mut contents = Self::default();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let name = entry.name().to_owned();
            let stored = entry.compression() == CompressionMethod::Stored;
            let place = stored.then(|| entry.data_start()).flatten();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            if is_service(&name) {
                contents.services.extend(String::from_utf8(bytes)?.lines().filter_map(class_of).map(str::to_owned));
            } else if name.starts_with("classes") {
                contents.classes.extend(dex::classes(&bytes)?);
            } else if name.starts_with("lib/") {
                contents.libraries.insert(name.clone(), (Linked::read(&bytes)?, place));
            }
            contents.files.insert(name);
        }
        Ok(contents)
    }

    fn lacks(&self, named: &BTreeSet<String>) -> Vec<String> {
        let by_name = BY_NAME.iter().map(|name| (*name).to_owned());
        let mut lacks: Vec<_> = named
            .iter()
            .chain(&self.services)
            .cloned()
            .chain(by_name)
            .filter(|class| !self.classes.contains(class))
            .map(|class| format!("the class {class} is missing"))
            .collect();
        let libraries = PROCESSORS.iter().flat_map(|one| LIBRARIES.iter().map(move |name| format!("lib/{one}/{name}")));
        if self.services.is_empty() {
            lacks.push("nobody is named to serve".into());
        }
        let files = FILES.iter().map(|name| (*name).to_owned()).chain(libraries);
        lacks.extend(files.filter(|file| !self.files.contains(file)).map(|file| format!("{file} is missing")));
        for (name, (linked, place)) in &self.libraries {
            if !linked.loads_everywhere() {
                lacks.push(format!("{name} is linked for pages of {} bytes", linked.alignment));
            }
            if place.is_none_or(|place| place % u64::from(PAGE) != 0) {
                lacks.push(format!("{name} does not lie at the begin of a page"));
            }
        }
        lacks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(alignment: u64) -> Linked {
        Linked { wide: true, alignment }
    }

    fn whole() -> Contents {
        let libraries: Vec<_> =
            PROCESSORS.iter().flat_map(|one| LIBRARIES.map(|name| format!("lib/{one}/{name}"))).collect();
        Contents {
            files: FILES.into_iter().map(str::to_owned).chain(libraries.clone()).collect(),
            services: BTreeSet::from(["a.Serves".to_owned()]),
            classes: BY_NAME.into_iter().chain(["a.Main", "a.Serves"]).map(str::to_owned).collect(),
            libraries: libraries.into_iter().map(|name| (name, (linked(0x4000), Some(0x8000)))).collect(),
        }
    }

    #[test]
    fn whatever_is_missing_is_named() {
        let named = BTreeSet::from(["a.Main".to_owned()]);
        assert_eq!(whole().lacks(&named), Vec::<String>::new());
        for class in whole().classes {
            let mut contents = whole();
            contents.classes.remove(&class);
            assert_eq!(contents.lacks(&named), [format!("the class {class} is missing")]);
        }
        for file in whole().files {
            let mut contents = whole();
            contents.files.remove(&file);
            assert_eq!(contents.lacks(&named), [format!("{file} is missing")]);
        }
        let contents = Contents { services: BTreeSet::new(), ..whole() };
        assert_eq!(contents.lacks(&named), ["nobody is named to serve"]);
    }

    #[test]
    fn a_library_for_small_pages_or_between_two_is_named() {
        for wrong in [(linked(0x1000), Some(0x8000)), (linked(0x4000), Some(0x8004)), (linked(0x4000), None)] {
            let mut contents = whole();
            contents.libraries.insert("lib/x86_64/liba.so".into(), wrong);
            assert_eq!(contents.lacks(&BTreeSet::new()).len(), 1, "{wrong:?}");
        }
        let mut contents = whole();
        contents
            .libraries
            .insert("lib/armeabi-v7a/liba.so".into(), (Linked { wide: false, alignment: 0x1000 }, Some(0x4000)));
        assert_eq!(contents.lacks(&BTreeSet::new()), Vec::<String>::new());
    }

    #[test]
    fn the_classes_of_a_manifest_are_those_of_its_application_and_what_is_in_it() {
        let text = r#"<manifest><application android:name="a.App"><activity android:name="a.Main"/>
            <meta-data android:name="a.Not"/></application></manifest>"#;
        let classes = named(&Element::parse(text).expect("reads"));
        assert_eq!(classes, BTreeSet::from(["a.App".to_owned(), "a.Main".to_owned()]));
    }
}
