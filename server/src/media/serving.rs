//! What handlers and chores do with files: the rules over a connection, the store, and the process
//! that looks at files, put together.

use super::{
    attaching::{self, Readable},
    leftovers,
    making::{self, MadeFile},
    store::{MediaStore, StoreError},
    uploads::{self, Known, Piece, State, Stored, Upload},
};
use crate::{
    config::Config,
    db::{Connection, Database, Scope},
    error::{Error, Result},
    secrets,
};
use bytes::Bytes;
use enishi_protocol::{
    AttachmentId, CommunityId, ErrorCode, MemberId,
    media::{FileFacts, MediaSize, UploadStanding},
};
use std::{path::PathBuf, sync::OnceLock, time::Duration};
use tokio::sync::{Notify, Semaphore};

/// Files that are looked at at once, in this process's children: each may take a core and much memory.
const AT_ONCE: usize = 2;
/// How long a file waits for its turn before its phone is asked to come back.
const TURN: Duration = Duration::from_secs(5);

/// Everything about files that one server process holds.
pub struct Media {
    url: Option<String>,
    folder: PathBuf,
    program: Option<PathBuf>,
    store: OnceLock<MediaStore>,
    turns: Semaphore,
    /// Rung when something is left to be removed.
    pub due: Notify,
}

impl Media {
    /// As a server's set-up says. Nothing is opened before it is needed.
    pub fn new(config: &Config) -> Self {
        Self {
            url: config.media_url.clone(),
            folder: config.media_folder(),
            program: config.media_program.clone(),
            store: OnceLock::new(),
            turns: Semaphore::new(AT_ONCE),
            due: Notify::new(),
        }
    }

    /// The store, opened.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open(&self) -> std::result::Result<&MediaStore, StoreError> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store = MediaStore::open(self.url.as_deref(), &self.folder)?;
        Ok(self.store.get_or_init(|| store))
    }

    fn store(&self) -> Result<&MediaStore> {
        self.open().map_err(|error| Error::Internal(error.to_string()))
    }

    fn program(&self) -> Result<PathBuf> {
        match &self.program {
            Some(program) => Ok(program.clone()),
            None => std::env::current_exe().map_err(|error| Error::Internal(error.to_string())),
        }
    }

    /// How an upload stands.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub async fn standing(&self, db: &Database, upload: Upload) -> Result<UploadStanding> {
        let known = db.read(scope(upload), move |conn| uploads::find(conn, &upload)).await?;
        let known = known.filter(|known| known.state != State::Cancelled);
        Ok(known.ok_or(ErrorCode::NotFound)?.standing())
    }

    /// Takes a piece of an upload that will have `total` bytes; the first one begins it. How it stands then.
    ///
    /// # Errors
    /// Those of [`uploads::begin`] and [`uploads::check_piece`].
    pub async fn receive(
        &self,
        db: &Database,
        now_us: i64,
        upload: Upload,
        (start, total): (u64, u64),
        bytes: Bytes,
    ) -> Result<UploadStanding> {
        uploads::check_piece(start, bytes.len(), total)?;
        let known = db.read(scope(upload), move |conn| uploads::find(conn, &upload)).await?;
        let known = match known {
            Some(known) if known.state != State::Cancelled && known.total == total => known,
            _ => db.write(scope(upload), move |conn| uploads::begin(conn, now_us, &upload, total)).await?,
        };
        if known.state != State::Receiving || known.received != start {
            return Ok(known.standing());
        }
        let name = uploads::piece_name(&upload, start, &bytes);
        let piece = Piece { start, bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), name };
        let expected = piece.clone();
        db.write(scope(upload), move |conn| uploads::expect(conn, now_us, &upload, &expected)).await?;
        self.store()?.put(&piece.name, bytes).await?;
        let known = db.write(scope(upload), move |conn| uploads::receive(conn, &upload, &piece)).await?;
        Ok(known.ok_or(ErrorCode::NotFound)?.standing())
    }

    /// Finishes an upload: compares it with its hash, has it made anew, and stores that. A repeat gets
    /// the same answer.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::UploadBroken`]; [`ErrorCode::TryAgain`] where too many wait; and why
    /// the file is not taken.
    pub async fn finish(&self, db: &Database, now_us: i64, upload: Upload, sha256: &[u8; 32]) -> Result<FileFacts> {
        let known = db.read(scope(upload), move |conn| uploads::find(conn, &upload)).await?;
        let known = known.ok_or(ErrorCode::NotFound)?;
        match known.state {
            State::Ready(facts) => return Ok(facts),
            State::Refused(code) => return Err(code.into()),
            State::Cancelled => return Err(ErrorCode::NotFound.into()),
            State::Receiving if known.received < known.total => return Err(ErrorCode::UploadBroken.into()),
            State::Receiving => {}
        }
        let turn = tokio::time::timeout(TURN, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| ErrorCode::TryAgain)?.map_err(|_| ErrorCode::TryAgain)?;
        let bytes = self.gather(db, upload).await?.filter(|bytes| secrets::sha256(bytes) == *sha256);
        let Some(bytes) = bytes else {
            db.write(scope(upload), move |conn| uploads::again(conn, &upload)).await?;
            self.due.notify_one();
            return Err(ErrorCode::UploadBroken.into());
        };
        let made = making::make(&self.program()?, bytes).await;
        let known = match made {
            Ok(made) => self.keep(db, now_us, upload, made).await?,
            Err(Error::Refused(code)) if code != ErrorCode::TryAgain => {
                db.write(scope(upload), move |conn| uploads::refuse(conn, &upload, code)).await?;
                self.due.notify_one();
                return Err(code.into());
            }
            Err(error) => return Err(error),
        };
        self.due.notify_one();
        match known.state {
            State::Ready(facts) => Ok(facts),
            State::Refused(code) => Err(code.into()),
            State::Receiving | State::Cancelled => Err(ErrorCode::NotFound.into()),
        }
    }

    /// The whole upload; none where a piece is not in the store.
    async fn gather(&self, db: &Database, upload: Upload) -> Result<Option<Vec<u8>>> {
        let pieces = db.read(scope(upload), move |conn| uploads::pieces(conn, &upload)).await?;
        let mut bytes = Vec::new();
        for piece in pieces {
            match self.store()?.get(&piece.name).await? {
                Some(found) => bytes.extend_from_slice(&found),
                None => return Ok(None),
            }
        }
        Ok(Some(bytes))
    }

    /// Stores what was made: said before it is written, and believed after.
    async fn keep(&self, db: &Database, now_us: i64, upload: Upload, made: MadeFile) -> Result<Known> {
        let MadeFile { facts, media_type, file, thumb } = made;
        let (file_hash, thumb_hash) = (secrets::sha256(&file), thumb.as_deref().map(secrets::sha256));
        let reserve =
            move |conn: &mut dyn Connection| uploads::reserve(conn, now_us, &upload, &file_hash, thumb_hash.as_ref());
        let known = if db.write(scope(upload), reserve).await? {
            let store = self.store()?;
            store.put(&uploads::name_of(upload.community, &file_hash), file.into()).await?;
            if let (Some(thumb), Some(hash)) = (thumb, thumb_hash) {
                store.put(&uploads::name_of(upload.community, &hash), thumb.into()).await?;
            }
            let stored = Stored { file: file_hash, thumb: thumb_hash, facts, media_type };
            db.write(scope(upload), move |conn| uploads::ready(conn, &upload, &stored)).await?
        } else {
            db.read(scope(upload), move |conn| uploads::find(conn, &upload)).await?
        };
        known.ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// Gives an upload up that nothing shows.
    ///
    /// # Errors
    /// That the database failed.
    pub async fn cancel(&self, db: &Database, upload: Upload) -> Result<()> {
        db.write(scope(upload), move |conn| uploads::cancel(conn, &upload)).await?;
        self.due.notify_one();
        Ok(())
    }

    /// The file of an attachment, and what is known of it, for whoever may read it.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::FileMissing`].
    pub async fn read(
        &self,
        db: &Database,
        (community, reader): (CommunityId, MemberId),
        id: AttachmentId,
        size: MediaSize,
    ) -> Result<Readable> {
        db.read(Scope::Community(community), move |conn| attaching::readable(conn, (community, reader), id, size)).await
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`ErrorCode::FileMissing`], as after a restore of the database without its files.
    pub async fn bytes(&self, readable: &Readable) -> Result<Bytes> {
        let found = self.store()?.get(&readable.name).await?;
        Ok(found.ok_or(ErrorCode::FileMissing)?)
    }

    /// Removes what nothing needs any more in a community. Gives how many objects that were.
    ///
    /// # Errors
    /// That the database or the store failed.
    pub async fn sweep(&self, db: &Database, now_us: i64, community: CommunityId) -> Result<usize> {
        leftovers::sweep(db, self.store()?, now_us, community).await
    }
}

fn scope(upload: Upload) -> Scope {
    Scope::Community(upload.community)
}
