//! The licences of what others made and a package for phones is built with, with their texts: whoever ships it has to hand
//! them on.
//!
//! One file for each package. A licence's text stands once, below a line for each part that is under it; a form feed
//! parts it from the next:
//!
//! ```text
//! serde 1.0.228<tab>MIT OR Apache-2.0<tab>https://github.com/serde-rs/serde
//!
//! Permission is hereby granted, ...
//! ```

use crate::{Failed, files, workspace};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Something that others made.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    /// Its name, with its version where it has one of its own.
    pub(crate) name: String,
    /// The licence, as SPDX writes it.
    pub(crate) licence: String,
    pub(crate) address: String,
}

impl Part {
    /// A part that cargo does not know of. Where its licence leaves a choice, it is taken under Apache-2.0.
    pub(crate) fn new(name: &str, licence: &str, address: &str) -> Self {
        Self { name: name.into(), licence: licence.into(), address: address.into() }
    }
}

/// The licences of the library for phones of a platform, and of what its package adds to it.
pub(crate) async fn text(platform: &str, added: Vec<Part>) -> Result<String, Failed> {
    let apache = fs::read_to_string(workspace::root().join("LICENSE-APACHE"))?;
    let mut texts = BTreeMap::<String, BTreeSet<Part>>::new();
    texts.entry(plain(&apache)).or_default().extend(added);
    for one in crates(&metadata(platform).await?)? {
        let mut found = found_in(&one.folder)?;
        if found.is_empty() {
            let free = one.part.licence.contains("Apache-2.0");
            // What was published without its text: the one that it names, or where that is to be read.
            found = vec![if free { apache.clone() } else { elsewhere(&one.part.licence) }];
        }
        let text = found.iter().map(|text| plain(text)).collect::<Vec<_>>().join("\n\n");
        texts.entry(text).or_default().insert(one.part);
    }
    Ok(written(&texts))
}

fn written(texts: &BTreeMap<String, BTreeSet<Part>>) -> String {
    let mut blocks: Vec<_> = texts.iter().filter(|(_, parts)| !parts.is_empty()).collect();
    blocks.sort_by_key(|(_, parts)| parts.first());
    let block = |(text, parts): (&String, &BTreeSet<Part>)| {
        let lines = parts.iter().map(|part| format!("{}\t{}\t{}\n", part.name, part.licence, part.address));
        format!("{}\n{text}\n", lines.collect::<String>())
    };
    blocks.into_iter().map(block).collect::<Vec<_>>().join("\u{c}\n")
}

/// A text without what is only about pages and lines' ends, so that the same licence is the same text.
fn plain(text: &str) -> String {
    let text = text.replace(['\u{c}', '\u{feff}'], "");
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn elsewhere(licence: &str) -> String {
    let ids = licence.split([' ', '(', ')', '/']).filter(|id| !id.is_empty() && !["OR", "AND", "WITH"].contains(id));
    ids.map(|id| format!("https://spdx.org/licenses/{id}.html")).collect::<Vec<_>>().join("\n")
}

/// Something built in, and where its sources are.
struct Crate {
    part: Part,
    folder: PathBuf,
}

async fn metadata(platform: &str) -> Result<Value, Failed> {
    let mut cargo = workspace::cargo();
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", platform]);
    let output = cargo.output().await?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What the library for other languages is made of, in all: not what only builds or tests it.
fn crates(metadata: &Value) -> Result<Vec<Crate>, Failed> {
    let (packages, nodes) = (by("id", &metadata["packages"]), by("id", &metadata["resolve"]["nodes"]));
    let root = packages.iter().find(|(_, package)| package["name"] == "enishi-bindings").ok_or("no bindings")?.0;
    let (mut open, mut seen) = (vec![*root], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.get(id).ok_or("a crate that is not resolved")?;
        // What builds a library in C is not in it.
        if text_of(packages[id], "name").ends_with("-src") {
            continue;
        }
        for needed in list(&node["deps"]) {
            let name = needed["pkg"].as_str().unwrap_or_default();
            let kinds = || list(&needed["dep_kinds"]).map(|kind| &kind["kind"]);
            // The sources of a library in C are handed to a build script as a crate of their own.
            let sources = kinds().any(|kind| kind == "build") && text_of(packages[name], "name").ends_with("-src");
            if kinds().any(Value::is_null) || sources {
                open.push(name);
            }
        }
    }
    let strange = seen.into_iter().map(|id| packages[id]).filter(|package| !package["source"].is_null());
    let read = |package: &Value| {
        let name = text_of(package, "name");
        let at = || format!("https://crates.io/crates/{name}");
        Crate {
            part: Part {
                name: format!("{name} {}", text_of(package, "version")),
                licence: package["license"].as_str().unwrap_or("?").replace('/', " OR "),
                address: package["repository"].as_str().map_or_else(at, str::to_owned),
            },
            folder: Path::new(text_of(package, "manifest_path")).parent().map(Path::to_owned).unwrap_or_default(),
        }
    };
    Ok(strange.map(read).collect())
}

/// The texts of licences in a crate's folder and in those right in it, where libraries in C lie.
fn found_in(folder: &Path) -> Result<Vec<String>, Failed> {
    let is_text = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let depth = path.strip_prefix(folder).map_or(0, |within| within.components().count());
        depth <= 2 && ["LICENSE", "LICENCE", "NOTICE", "UNLICENSE"].iter().any(|begin| name.starts_with(begin))
    };
    let read = |path: PathBuf| Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned());
    files::all(folder)?.into_iter().filter(|path| is_text(path)).map(read).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The members of a list, by a text in each that is its name.
fn by<'a>(name: &str, values: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    list(values).map(|value| (text_of(value, name), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whatever_is_linked_is_named_with_a_text() {
        let added = vec![Part::new("Kotlin", "Apache-2.0", "https://kotlinlang.org")];
        let text = text("aarch64-linux-android", added).await.expect("the licences");
        for part in ["Kotlin\t", "\nrusqlite ", "\nopenssl-src ", "\nuniffi_core ", "\nring ", "\nzstd-sys "] {
            assert!(text.contains(part) || text.starts_with(part.trim_start()), "{part:?} is missing");
        }
        // Those of libraries in C, which lie deeper.
        assert!(text.contains("ZETETIC LLC") && text.contains("Meta Platforms"), "a library in C is missing");
        // What only tests or builds is not handed on.
        assert!(!text.contains("\nproptest ") && !text.contains("\ncc "), "too much");
        for block in text.split("\u{c}\n") {
            let (parts, licence) = block.split_once("\n\n").expect("parts, then a text");
            assert!(parts.lines().all(|line| line.split('\t').count() == 3), "{parts}");
            assert!(licence.trim().len() > 30, "no text for {parts}");
        }
    }

    #[test]
    fn a_licence_without_a_text_says_where_it_is_to_be_read() {
        assert_eq!(elsewhere("MPL-2.0"), "https://spdx.org/licenses/MPL-2.0.html");
        let both = "https://spdx.org/licenses/BSD-3-Clause.html\nhttps://spdx.org/licenses/ISC.html";
        assert_eq!(elsewhere("(BSD-3-Clause AND ISC)"), both);
    }
}
