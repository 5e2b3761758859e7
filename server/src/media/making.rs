//! Has a file made anew by another process: few at a time, each for a bounded time, and whatever
//! becomes of it, this process goes on.

use super::worker::{COMMAND, Said};
use crate::error::Error;
use enishi_protocol::{ErrorCode, media::FileFacts};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

/// How long looking at one file may take. More than the processor's time that the process has: what runs into this
/// is not the file's fault, but that of a machine with too much to do.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bytes of the line that comes first.
const LINE: u64 = 4 * 1024;
/// Bytes of what is made of one file: an image without loss may be larger than what was sent.
const MADE: usize = 64 * 1024 * 1024;

/// A file made anew, with what is known of it.
#[derive(Debug)]
pub struct MadeFile {
    /// What streams say of it.
    pub facts: FileFacts,
    /// Its content type.
    pub media_type: String,
    /// The file.
    pub file: Vec<u8>,
    /// A small image of it, where it has one.
    pub thumb: Option<Vec<u8>>,
}

/// Has a file made anew by `program`.
///
/// # Errors
/// Why the file is not taken, for good; [`ErrorCode::TryAgain`] where there was no time; or that the process could not
/// be run.
pub async fn make(program: &Path, upload: Vec<u8>) -> Result<MadeFile, Error> {
    let mut command = Command::new(program);
    command.arg(COMMAND).env_clear().current_dir("/");
    run(command, upload, PATIENCE).await
}

async fn run(mut command: Command, upload: Vec<u8>, patience: Duration) -> Result<MadeFile, Error> {
    let failed = |error: std::io::Error| Error::Internal(format!("the process that looks at files: {error}"));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    // Dropping the child at the end of time kills it.
    match tokio::time::timeout(patience, talk(&mut child, upload)).await {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(Talk::Refused(code))) => Err(code.into()),
        Ok(Err(Talk::Broken)) => {
            drop(child.start_kill());
            let ended = child.wait().await.map_err(failed)?;
            tracing::warn!(%ended, "a file was too much for the process that looks at files");
            Err(ErrorCode::FileUnreadable.into())
        }
        Err(_) => {
            tracing::warn!("there was no time to look at a file");
            Err(ErrorCode::TryAgain.into())
        }
    }
}

/// Why nothing came of it.
enum Talk {
    /// The file is refused, in the process's own words.
    Refused(ErrorCode),
    /// The process died, or said what it never would.
    Broken,
}

impl From<std::io::Error> for Talk {
    fn from(_: std::io::Error) -> Self {
        Self::Broken
    }
}

async fn talk(child: &mut Child, upload: Vec<u8>) -> Result<MadeFile, Talk> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else { return Err(Talk::Broken) };
    // It may refuse before it has read all; that the rest cannot be written then is no matter.
    let giving = async move {
        drop(to.write_all(&upload).await);
        drop(to.shutdown().await);
    };
    let ((), said) = tokio::join!(giving, hear(BufReader::new(from)));
    let made = said?;
    if child.wait().await?.success() { Ok(made) } else { Err(Talk::Broken) }
}

async fn hear(mut from: BufReader<impl AsyncRead + Unpin>) -> Result<MadeFile, Talk> {
    let mut line = Vec::new();
    (&mut from).take(LINE).read_until(b'\n', &mut line).await?;
    let (facts, media_type, file, thumb) = match serde_json::from_slice(&line).map_err(|_| Talk::Broken)? {
        Said::Made { facts, media_type, file, thumb } => (facts, media_type, file, thumb),
        Said::Refused(code) => return Err(Talk::Refused(code)),
    };
    let types = ["image/jpeg", "image/png", "application/pdf"];
    if file == 0 || file > MADE || thumb > MADE || !types.contains(&media_type.as_str()) {
        return Err(Talk::Broken);
    }
    let file = exactly(&mut from, file).await?;
    let thumb = if thumb > 0 { Some(exactly(&mut from, thumb).await?) } else { None };
    Ok(MadeFile { facts, media_type, file, thumb })
}

async fn exactly(from: &mut (impl AsyncRead + Unpin), length: usize) -> Result<Vec<u8>, Talk> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enishi_protocol::media::AttachmentKind;

    /// What comes of a file where the process does something else.
    async fn instead(script: &str, patience: Duration) -> Result<Vec<u8>, ErrorCode> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let made = run(command, vec![7; 300_000], patience).await;
        made.map(|made| made.file).map_err(|error| error.code())
    }

    /// What the process says that has made so many bytes.
    fn said(file: usize) -> String {
        let facts = FileFacts { kind: AttachmentKind::Image, width: 4, height: 3, pages: None, bytes: 3, tint: None };
        serde_json::to_string(&Said::Made { facts, media_type: "image/png".into(), file, thumb: 0 }).unwrap()
    }

    #[tokio::test]
    async fn whatever_the_process_does_only_its_file_is_refused() {
        let made = instead(&format!("echo '{}'; printf abc", said(3)), PATIENCE).await;
        assert_eq!(made, Ok(b"abc".to_vec()), "what it should do");
        for (what, script) in [
            ("it ends at once", "exit 1".to_owned()),
            ("it is killed", "kill -KILL $$".to_owned()),
            ("it says nothing", "cat > /dev/null".to_owned()),
            ("it never ends to say something else", "exec yes".to_owned()),
            ("it ends badly after all", format!("echo '{}'; printf abc; exit 1", said(3))),
            ("it has less than it promises", format!("echo '{}'; printf ab", said(3))),
            ("it promises more than there may be", format!("echo '{}'; exec yes", said(MADE + 1))),
            (
                "it hands out something else",
                format!("echo '{}'; printf abc", said(3).replace("image/png", "text/html")),
            ),
        ] {
            assert_eq!(instead(&script, PATIENCE).await, Err(ErrorCode::FileUnreadable), "{what}");
        }
    }

    #[tokio::test]
    async fn a_process_that_does_not_end_is_ended_and_its_phone_asked_to_come_back() {
        let folder = crate::db::testing::folder();
        let file = folder.join("process");
        let script = format!("echo $$ > '{}'; exec sleep 600", file.display());
        assert_eq!(instead(&script, Duration::from_secs(2)).await, Err(ErrorCode::TryAgain));
        let process = std::fs::read_to_string(&file).unwrap();
        let stat = format!("/proc/{}/stat", process.trim());
        let waited = std::time::Instant::now();
        // Until its end is noticed it is there as one that has ended.
        while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(waited.elapsed() < PATIENCE, "it goes on");
            tokio::task::yield_now().await;
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
