//! `cargo xtask strings`: the words of the apps, from one source to what each platform reads.
//!
//! The source is Fluent, in `bindings/strings/<language>/<screen>.ftl`. Kotlin gets a type with a member for each message,
//! so that a screen cannot name one that is not there or leave a value out; Android and Apple get their resources, for
//! what the system itself shows.

mod apple;
mod kotlin;
mod message;
mod read;
mod resources;

use crate::{Failed, Outcome, files, workspace};
use message::Catalogue;
use std::path::PathBuf;

/// Writes the words for all platforms below `target/strings`.
pub(crate) fn run() -> Outcome {
    let made = make()?;
    println!("{}", made.display());
    Ok(true)
}

/// Reads the source, checks that both languages say the same things, and writes what is made of it.
pub(crate) fn make() -> Result<PathBuf, Failed> {
    let catalogue = Catalogue::read(&workspace::root().join("bindings").join("strings"))?;
    let folder = workspace::target().join("strings");
    let mut files = vec![
        ("kotlin/dev/enishi/ui/words/Words.kt".into(), kotlin::write(&catalogue)),
        ("apple/Localizable.xcstrings".into(), apple::write(&catalogue)?),
    ];
    for (at, language) in message::LANGUAGES.iter().enumerate() {
        // Japanese is what a phone of any other language shows.
        let values = if at == 0 { "values".into() } else { format!("values-{language}") };
        files.push((format!("android/res/{values}/strings.xml"), resources::write(&catalogue, at)));
    }
    for (name, text) in files {
        files::put(&folder.join(name), &text)?;
    }
    Ok(folder)
}
