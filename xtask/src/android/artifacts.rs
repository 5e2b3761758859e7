//! Fetches with Maven what the app is made of, and checks each file against `android/artifacts.sha256`.
//!
//! Every artifact is asked for by itself: what the poms of Android's libraries ask for in turn does not resolve
//! outside of Gradle, which reads another description.

use super::catalog::{Artifact, Catalog};
use crate::{
    Failed,
    bindings::succeed,
    maven::{dependency, maven},
    stamp::{Inputs, Stamp, sha256},
    workspace,
};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// Where the files of one set lie.
pub(super) struct Fetched {
    pub(super) folder: PathBuf,
    pub(super) artifacts: Vec<Artifact>,
}

impl Fetched {
    /// The path of an artifact of the set.
    pub(super) fn path(&self, artifact: &Artifact) -> PathBuf {
        self.folder.join(artifact.file())
    }
}

/// Fetches a set into a folder of this name; `accept` takes what was fetched for what it must be.
pub(super) async fn fetch(name: &str, artifacts: Vec<Artifact>, accept: bool) -> Result<Fetched, Failed> {
    let folder = super::folder().join(name);
    let pom = pom(&artifacts);
    let known = read(&list())?;
    let sums: Vec<_> = artifacts.iter().filter_map(|artifact| known.get(&artifact.file()).cloned()).collect();
    // What the list says of them as well: another sum is looked at again.
    let stamp = Stamp::of(&folder, Inputs::default().text(&pom).text(&sums.join(" ")));
    let fetched = Fetched { folder, artifacts };
    if accept || !stamp.is_fresh() {
        stamp.clear()?;
        copy(&fetched, &pom).await?;
        check(&fetched, accept)?;
        stamp.done()?;
    }
    Ok(fetched)
}

async fn copy(fetched: &Fetched, pom: &str) -> Result<(), Failed> {
    let file = fetched.folder.join("pom.xml");
    fs::write(&file, pom)?;
    let mut maven = maven(&fetched.folder);
    maven.args(["--strict-checksums", &dependency("copy-dependencies"), "-Dmdep.prependGroupId=true"]);
    maven.arg(format!("-DoutputDirectory={}", fetched.folder.display()));
    succeed(maven, "fetching what the app is made of").await?;
    fs::remove_file(file)?;
    Ok(())
}

fn pom(artifacts: &[Artifact]) -> String {
    let mut pom = String::from(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <groupId>dev.enishi</groupId><artifactId>made-of</artifactId><version>1</version><packaging>pom</packaging>\
         <repositories><repository><id>google</id><url>https://dl.google.com/dl/android/maven2</url></repository>\
         </repositories><dependencies>\n",
    );
    for Artifact { group, name, version, kind } in artifacts {
        let _ = writeln!(
            pom,
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>\
             <type>{kind}</type><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>\
             </exclusions></dependency>"
        );
    }
    pom + "</dependencies></project>\n"
}

fn check(fetched: &Fetched, accept: bool) -> Result<(), Failed> {
    let mut known = read(&list())?;
    for artifact in &fetched.artifacts {
        let (file, digest) = (artifact.file(), sha256(&fetched.path(artifact))?);
        if accept {
            known.insert(file, digest);
        } else if known.get(&file) != Some(&digest) {
            return Err(format!("{file} is not what android/artifacts.sha256 says: {digest}").into());
        }
    }
    if accept {
        let mut lines = String::new();
        for (file, digest) in &known {
            let _ = writeln!(lines, "{digest}  {file}");
        }
        fs::write(list(), lines)?;
    }
    Ok(())
}

/// What each file must be.
fn list() -> PathBuf {
    workspace::root().join("android").join("artifacts.sha256")
}

fn read(list: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let text = match fs::read_to_string(list) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    Ok(text.lines().filter_map(|line| line.split_once("  ")).map(|(sum, file)| (file.into(), sum.into())).collect())
}

/// The framework as it was built, and as Robolectric runs it.
pub(super) async fn frameworks(catalog: &Catalog, accept: bool) -> Result<Fetched, Failed> {
    let framework = |name: &str, version: &str| -> Result<Artifact, Failed> {
        let (group, name) = ("org.robolectric".into(), name.into());
        Ok(Artifact { group, name, version: catalog.version(version)?.into(), kind: "jar" })
    };
    let both =
        vec![framework("android-all", "framework")?, framework("android-all-instrumented", "framework-instrumented")?];
    let fetched = fetch("frameworks", both, accept).await?;
    for artifact in &fetched.artifacts {
        // Robolectric looks for its name alone.
        let plain = super::stored(&fetched.folder, &artifact.name, &artifact.version);
        if !plain.exists() {
            fs::hard_link(fetched.path(artifact), plain)?;
        }
    }
    Ok(fetched)
}
