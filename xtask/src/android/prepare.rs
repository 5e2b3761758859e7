//! From the app's libraries, resources and manifest to what a compiler and Robolectric take: one jar of classes, one
//! package of resources, one manifest.

use super::{
    archive::{self, Jar},
    artifacts::Fetched,
    catalog::Catalog,
    manifest,
    resources::{self, Linking},
    xml::Element,
};
use crate::{
    Failed,
    stamp::{Inputs, Stamp},
    workspace,
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// Prepares a set of libraries in a folder of this name.
pub(super) async fn prepare(
    name: &str,
    sets: &[&Fetched],
    catalog: &Catalog,
    framework: &Path,
    words: &Path,
) -> Result<PathBuf, Failed> {
    let folder = super::folder().join(name);
    let app = workspace::root().join("android/app/src/main");
    let own = [app.join("res"), words.join("android/res")];
    let sdk = (catalog.version("min-sdk")?, catalog.version("target-sdk")?);
    let mut inputs = Inputs::default().text(sdk.0).text(sdk.1).files(&app.join("AndroidManifest.xml"))?;
    for set in sets {
        for artifact in &set.artifacts {
            inputs = inputs.text(&artifact.file());
        }
    }
    for resources in &own {
        inputs = inputs.files(resources)?;
    }
    for how in [include_str!("archive.rs"), include_str!("manifest.rs"), include_str!("resources.rs")] {
        inputs = inputs.text(how);
    }
    let stamp = Stamp::of(&folder, inputs);
    if stamp.is_fresh() {
        return Ok(folder);
    }
    stamp.clear()?;
    let mut jar = Jar::create(&folder.join("classes.jar"))?;
    let opened = open(sets, &folder, &mut jar)?;
    let manifest_file = folder.join("AndroidManifest.xml");
    let merged = manifest::merge(&fs::read_to_string(app.join("AndroidManifest.xml"))?, &opened.manifests)?;
    fs::write(&manifest_file, merged.to_xml()?)?;
    fs::write(folder.join("rules.pro"), opened.rules)?;
    let compiled_folder = folder.join("compiled");
    fs::create_dir_all(&compiled_folder)?;
    let mut compiled = Vec::new();
    for resources in opened.resources.iter().chain(own.iter().filter(|own| own.is_dir())) {
        let into = compiled_folder.join(format!("{:03}.zip", compiled.len()));
        resources::compile(resources, &into).await?;
        compiled.push(into);
    }
    let linking = Linking { framework, manifest: &manifest_file, compiled: &compiled, packages: &opened.packages, sdk };
    resources::link(&linking, &folder, &mut jar).await?;
    jar.finish()?;
    fs::create_dir_all(folder.join("assets"))?;
    stamp.done()?;
    Ok(folder)
}

#[derive(Default)]
struct Opened {
    manifests: Vec<String>,
    packages: Vec<String>,
    resources: Vec<PathBuf>,
    rules: String,
}

fn open(sets: &[&Fetched], folder: &Path, jar: &mut Jar) -> Result<Opened, Failed> {
    let mut opened = Opened::default();
    for set in sets {
        for artifact in &set.artifacts {
            if artifact.kind == "jar" {
                jar.add_jar(File::open(set.path(artifact))?)?;
                continue;
            }
            let library = archive::open(&set.path(artifact), jar, folder)?;
            if library.names {
                let package = Element::parse(&library.manifest)?.get("package").map(str::to_owned);
                opened.packages.push(package.ok_or(format!("{} names no package", artifact.name))?);
            }
            opened.manifests.push(library.manifest);
            opened.resources.extend(library.resources);
            opened.rules += &library.rules;
        }
    }
    Ok(opened)
}
