//! The package's folder: what is written by hand, what is generated, and the library.
//!
//! It is laid out anew each time, but a file that is as it was is left alone, so that only what changed is compiled.

use crate::{
    Failed,
    bindings::library,
    files,
    licences::{self, Part},
    workspace,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

/// The package, laid out.
pub(super) struct Package(PathBuf);

impl Package {
    /// Where it lies.
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// The headers in a folder of their own, as a module that says nothing of what has to be linked.
    pub(super) fn headers_alone(&self) -> io::Result<PathBuf> {
        let (from, folder) =
            (self.0.join("Sources").join("EnishiFFI"), workspace::target().join("swift").join("headers"));
        let mut headers = gather(&from)?;
        let map = module_map(headers.keys(), &[]);
        headers.insert("module.modulemap".into(), map.into_bytes());
        take_away(&folder, Path::new(""), &headers)?;
        for (name, bytes) in &headers {
            files::put(&folder.join(name), bytes)?;
        }
        Ok(folder)
    }
}

/// Builds the library, and lays out the package.
pub(super) async fn lay_out(release: bool) -> Result<Package, Failed> {
    let library = library::build(release).await?;
    let home = workspace::target().join("swift");
    let generated = home.join("generated");
    fs::create_dir_all(&generated)?;
    library::generate("swift", &generated).await?;

    let mut sources = gather(&workspace::root().join("bindings").join("swift"))?;
    let headers = gather(&generated)?;
    for (name, text) in &headers {
        let source = name.extension().is_some_and(|end| end == "swift");
        let place = Path::new("Sources").join(if source { "EnishiCore" } else { "EnishiFFI" });
        sources.insert(place.join(name), text.clone());
    }
    // Where it is not this machine's, OpenSSL lies inside the library.
    let linked = if workspace::has_openssl() { ["enishi", "crypto"].as_slice() } else { &["enishi"] };
    let map = module_map(headers.keys(), linked);
    sources.insert(Path::new("Sources").join("EnishiFFI").join("module.modulemap"), map.into_bytes());

    let rust = Part::new("Rust's standard library", "MIT OR Apache-2.0", "https://www.rust-lang.org");
    let licences = licences::text("aarch64-apple-ios", vec![rust]).await?;
    sources.insert("LICENCES.txt".into(), licences.into_bytes());

    let folder = home.join("Enishi");
    forget_elsewhere(&folder)?;
    take_away(&folder, Path::new(""), &sources)?;
    for (name, bytes) in &sources {
        files::put(&folder.join(name), bytes)?;
    }
    put_library(&library.with_file_name("libenishi.a"), &folder)?;
    Ok(Package(folder))
}

/// The headers as one module of C, with what has to be linked.
fn module_map<'a>(generated: impl Iterator<Item = &'a PathBuf>, linked: &[&str]) -> String {
    let headers = generated.filter(|name| name.extension().is_some_and(|end| end == "h"));
    let mut lines: Vec<_> = headers.map(|name| format!("header \"{}\"", name.display())).collect();
    lines.extend(linked.iter().map(|library| format!("link \"{library}\"")));
    lines.push("export *".into());
    format!("module EnishiFFI {{\n  {}\n}}\n", lines.join("\n  "))
}

/// All files below a folder, by their path in it.
fn gather(folder: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let within = |file: PathBuf| Ok((file.strip_prefix(folder).unwrap_or(&file).to_owned(), fs::read(&file)?));
    files::all(folder)?.into_iter().map(within).collect()
}

/// Takes away what is not in the package any more, but for what Swift and `put_library` keep in it.
fn take_away(folder: &Path, within: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    let kept: BTreeSet<_> = [".build", "lib", "Enishi.xcframework", "Package.resolved"].map(PathBuf::from).into();
    let Ok(entries) = fs::read_dir(folder.join(within)) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = within.join(entry.file_name());
        if kept.contains(&name) {
        } else if entry.file_type()?.is_dir() {
            take_away(folder, &name, files)?;
        } else if !files.contains_key(&name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Puts the library into the package. Swift does not look whether it is another than the one that it linked.
fn put_library(library: &Path, folder: &Path) -> io::Result<()> {
    let place = folder.join("lib").join("libenishi.a");
    let looks = |path: &Path| fs::metadata(path).and_then(|facts| Ok((facts.len(), facts.modified()?)));
    if looks(&place).ok() == Some(looks(library)?) {
        return Ok(());
    }
    fs::create_dir_all(folder.join("lib"))?;
    match fs::remove_file(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if fs::hard_link(library, &place).is_err() {
        fs::copy(library, &place)?;
    }
    forget_linked(&folder.join(".build"))
}

/// Forgets what was compiled in another place: Swift keeps the paths of that.
fn forget_elsewhere(folder: &Path) -> io::Result<()> {
    let (build, here) = (folder.join(".build"), folder.display().to_string());
    let note = build.join("made-in");
    if fs::read_to_string(&note).is_ok_and(|place| place == here) {
        return Ok(());
    }
    files::remove_folder(&build)?;
    fs::create_dir_all(&build)?;
    fs::write(note, here)
}

/// Forgets the programs that were linked, not what they were linked from.
fn forget_linked(build: &Path) -> io::Result<()> {
    let Ok(platforms) = fs::read_dir(build) else { return Ok(()) };
    for platform in platforms {
        for name in ["EnishiPackageTests.xctest", "WritesUntilKilled"] {
            let program = platform.as_ref().map(|entry| entry.path().join("debug").join(name));
            let Ok(program) = program else { continue };
            if program.is_dir() {
                fs::remove_dir_all(program)?;
            } else if program.is_file() {
                fs::remove_file(program)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_has_every_header_and_links_the_library() {
        let generated = ["Enishi.swift", "enishi.h", "enishi_model.h"].map(PathBuf::from);
        let map = module_map(generated.iter(), &["enishi"]);
        let whole = "module EnishiFFI {\n  header \"enishi.h\"\n  header \"enishi_model.h\"\n  link \"enishi\"\n  export *\n}\n";
        assert_eq!(map, whole);
    }
}
