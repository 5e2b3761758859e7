//! The version catalog that Gradle and this chore share: the one place for versions of what the app is made of.

use crate::{Failed, workspace};
use std::{collections::BTreeMap, fs};

/// An artifact in Maven's terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Artifact {
    pub(super) group: String,
    pub(super) name: String,
    pub(super) version: String,
    /// `aar` or `jar`.
    pub(super) kind: &'static str,
}

impl Artifact {
    /// What the file is called where artifacts of several groups lie in one folder.
    pub(super) fn file(&self) -> String {
        format!("{}.{}-{}.{}", self.group, self.name, self.version, self.kind)
    }
}

/// What the catalog says.
pub(super) struct Catalog {
    versions: BTreeMap<String, String>,
    libraries: BTreeMap<String, (String, String, String)>,
    bundles: BTreeMap<String, Vec<String>>,
}

impl Catalog {
    /// Reads the catalog of this repository.
    pub(super) fn read() -> Result<Self, Failed> {
        Self::parse(&fs::read_to_string(workspace::root().join("android/gradle/libs.versions.toml"))?)
    }

    fn parse(text: &str) -> Result<Self, Failed> {
        let table: toml::Table = text.parse()?;
        let section = |name: &str| table.get(name).and_then(toml::Value::as_table).ok_or(format!("no section {name}"));
        let words = |value: &toml::Value| value.as_str().map(str::to_owned);
        let versions: BTreeMap<_, _> =
            section("versions")?.iter().filter_map(|(name, value)| Some((name.clone(), words(value)?))).collect();
        let mut libraries = BTreeMap::new();
        for (name, value) in section("libraries")? {
            let module = value.get("module").and_then(words).ok_or(format!("{name} has no module"))?;
            let (group, artifact) = module.split_once(':').ok_or(format!("{module} is no module"))?;
            let version = match value.get("version") {
                Some(toml::Value::String(version)) => version,
                Some(other) => {
                    let named = other.get("ref").and_then(toml::Value::as_str).unwrap_or_default();
                    versions.get(named).ok_or(format!("{name} has no version"))?
                }
                None => return Err(format!("{name} has no version").into()),
            };
            libraries.insert(name.clone(), (group.to_owned(), artifact.to_owned(), version.clone()));
        }
        let mut bundles = BTreeMap::new();
        for (name, value) in section("bundles")? {
            let names = value.as_array().ok_or(format!("bundle {name} is no list"))?;
            bundles.insert(name.clone(), names.iter().filter_map(words).collect());
        }
        Ok(Self { versions, libraries, bundles })
    }

    /// All versions, by their names.
    pub(super) fn versions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.versions.iter().map(|(name, version)| (name.as_str(), version.as_str()))
    }

    /// A version by its name.
    pub(super) fn version(&self, name: &str) -> Result<&str, Failed> {
        Ok(self.versions.get(name).ok_or(format!("the catalog has no version {name}"))?)
    }

    /// The artifacts of a bundle.
    pub(super) fn bundle(&self, name: &str, kind: &'static str) -> Result<Vec<Artifact>, Failed> {
        let names = self.bundles.get(name).ok_or(format!("the catalog has no bundle {name}"))?;
        names.iter().map(|library| self.library(library, kind)).collect()
    }

    /// A library by its name in the catalog.
    pub(super) fn library(&self, library: &str, kind: &'static str) -> Result<Artifact, Failed> {
        let (group, name, version) = self.libraries.get(library).ok_or(format!("the catalog has no {library}"))?;
        Ok(Artifact { group: group.clone(), name: name.clone(), version: version.clone(), kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_has_the_version_that_it_names_or_refers_to() {
        let catalog = Catalog::parse(
            "[versions]\nui = \"1.2\"\n[libraries]\na = { module = \"x.y:a\", version.ref = \"ui\" }\n\
             b = { module = \"x:b\", version = \"3\" }\n[bundles]\nall = [\"a\", \"b\"]\n",
        )
        .expect("a catalog");
        let files: Vec<_> = catalog.bundle("all", "aar").expect("there").iter().map(Artifact::file).collect();
        assert_eq!(files, ["x.y.a-1.2.aar", "x.b-3.aar"]);
        assert!(catalog.bundle("none", "aar").is_err());
    }

    /// The Kotlin package has a build of its own, which anybody may take by itself.
    #[test]
    fn the_kotlin_package_is_built_with_the_versions_of_the_app() {
        let catalog = Catalog::read().expect("reads");
        let pom = fs::read_to_string(workspace::root().join("bindings/kotlin/pom.xml")).expect("there");
        for name in ["kotlin", "coroutines", "jna"] {
            let version = catalog.version(name).expect("there");
            assert!(pom.contains(&format!("<{name}.version>{version}</{name}.version>")), "{name} {version}");
        }
    }

    #[test]
    fn whatever_the_bundles_name_is_in_the_catalog() {
        let catalog = Catalog::read().expect("reads");
        for (bundle, kind) in [("aars", "aar"), ("jars", "jar"), ("test-aars", "aar")] {
            assert!(!catalog.bundle(bundle, kind).expect("whole").is_empty());
        }
    }
}
