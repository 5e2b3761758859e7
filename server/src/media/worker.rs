//! The process that looks into a file which nobody has looked at before: a parser's mistake can hurt
//! it and nothing else.
//!
//! It limits itself before it reads anything, has no network, no database and no folder to write to,
//! and is started anew for each file. What it says is read by [`super::making`], which believes
//! nothing but sizes.

use super::{image, pdf};
use enishi_protocol::{
    ErrorCode,
    limits::UPLOAD_BYTES,
    media::{AttachmentKind, FileFacts},
};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

/// The hidden command that runs it.
pub const COMMAND: &str = "look-at-file";

/// Address space, in bytes.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// Seconds of a processor.
const PROCESSOR: u64 = 20;
/// Files that may be open: the three that it is given, and few more.
const FILES: u64 = 16;

/// A file made anew.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) facts: FileFacts,
    pub(super) media_type: String,
    pub(super) file: Vec<u8>,
    /// A small image of it; empty where it has none.
    pub(super) thumb: Vec<u8>,
}

/// The line that comes before the bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Said {
    /// The file, then its thumbnail, of these lengths.
    Made { facts: FileFacts, media_type: String, file: usize, thumb: usize },
    /// Why the file is not taken.
    Refused(ErrorCode),
}

/// Runs as that process: standard input to standard output.
pub fn run() -> ExitCode {
    match limit().and_then(|()| answer(&mut io::stdin().lock(), &mut io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn limit() -> io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, PROCESSOR),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, FILES),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Reads a file and says what became of it, without limiting the process.
///
/// # Errors
/// Those of reading and writing.
pub fn answer(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    from.take(UPLOAD_BYTES + 1).read_to_end(&mut bytes)?;
    let mut say = |said: &Said| -> io::Result<()> {
        let mut line = serde_json::to_vec(said)?;
        line.push(b'\n');
        to.write_all(&line)
    };
    match remake(&bytes) {
        Ok(made) => {
            let Made { facts, media_type, file, thumb } = made;
            say(&Said::Made { facts, media_type, file: file.len(), thumb: thumb.len() })?;
            to.write_all(&file)?;
            to.write_all(&thumb)?;
        }
        Err(code) => say(&Said::Refused(code))?,
    }
    to.flush()
}

/// Makes a file anew.
pub(super) fn remake(bytes: &[u8]) -> Result<Made, ErrorCode> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > UPLOAD_BYTES {
        return Err(ErrorCode::FileTooLarge);
    }
    match AttachmentKind::of_bytes(bytes) {
        Some(AttachmentKind::Image) => image::remake(bytes),
        Some(AttachmentKind::Pdf) => pdf::remake(bytes),
        _ => Err(ErrorCode::FileKindUnknown),
    }
}
