//! What was made already: each step notes what it was made from, and is not done again for the same.

use crate::files;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// A digest over everything that a step is made from.
#[derive(Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Adds words.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
        self
    }

    /// Adds a file's or a folder's names and contents.
    pub(crate) fn files(mut self, path: &Path) -> io::Result<Self> {
        for file in files::all(path)? {
            self = self.text(&file.to_string_lossy());
            self.0.update(fs::read(&file)?);
        }
        Ok(self)
    }

    fn digest(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The note that a step leaves beside what it made.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// The note of a step whose output is a folder.
    pub(crate) fn of(folder: &Path, inputs: Inputs) -> Self {
        Self::at(folder.join("made-from"), inputs)
    }

    /// The note in a file of this name.
    pub(crate) fn at(file: PathBuf, inputs: Inputs) -> Self {
        Self { file, digest: inputs.digest() }
    }

    /// Whether the step was done to its end from the same.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|noted| noted == self.digest)
    }

    /// An empty folder for the output.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        files::remove_folder(folder)?;
        fs::create_dir_all(folder)
    }

    /// Notes that the step is done.
    pub(crate) fn done(&self) -> io::Result<()> {
        fs::write(&self.file, &self.digest)
    }
}

/// The SHA-256 of a file.
pub(crate) fn sha256(file: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut fs::File::open(file)?, &mut HashWriter(&mut digest))?;
    Ok(hex(&digest.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
