//! Files through the handle: picking them, following their upload, and seeing what others posted.

use super::Community;
use crate::{
    error::Error,
    media::{Picked, Upload, uploader::waits_for_unmetered},
};
use enishi_protocol::{AttachmentId, ErrorCode, MutationId, PostId, media::MediaSize};
use std::{fs::File, io::Read, path::Path};
use tokio::sync::watch;

impl Community {
    /// Copies an image or PDF into this phone's encrypted store, to be shown by what is written next.
    /// The file itself is needed no longer. Making it smaller is the caller's matter.
    ///
    /// # Errors
    /// [`ErrorCode::FileTooLarge`], [`ErrorCode::FileKindUnknown`]; [`Error::StorageFull`].
    pub fn pick(&self, from: &mut dyn Read) -> Result<Picked, Error> {
        let surroundings = &self.0.surroundings;
        let id = AttachmentId(surroundings.new_id());
        Ok(self.store().pick((self.id(), self.member()), id, surroundings.now_us(), from)?)
    }

    /// [`Community::pick`] of a file.
    ///
    /// # Errors
    /// As there; [`Error::Internal`] where the file cannot be read.
    pub fn pick_file(&self, path: &Path) -> Result<Picked, Error> {
        let mut file = File::open(path).map_err(crate::StoreError::from)?;
        self.pick(&mut file)
    }

    /// Forgets a picked file that nothing shows.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPlace`] where something that was written shows it.
    pub fn unpick(&self, id: AttachmentId) -> Result<(), Error> {
        Ok(self.store().unpick((self.id(), self.member()), id)?)
    }

    /// The files on their way, in the order of the outbox.
    pub fn uploads(&self) -> Result<Vec<Upload>, Error> {
        let (store, metered) = (self.store(), self.status().metered);
        let mut uploads = Vec::new();
        for held in store.held_writes(self.id(), self.member())? {
            for attaching in &held.shows {
                let Some(file) = store.picked(attaching.id)? else { continue };
                uploads.push(Upload {
                    shown_by: held.mutation,
                    id: file.id,
                    sent: if file.finished { file.bytes } else { file.sent },
                    total: file.bytes,
                    finished: file.finished,
                    waits_for_unmetered: !file.finished && waits_for_unmetered(&file, metered),
                });
            }
        }
        Ok(uploads)
    }

    /// Follows uploads: the number grows with each piece.
    pub fn follow_uploads(&self) -> watch::Receiver<u64> {
        self.0.progress.subscribe()
    }

    /// Uploads a large file also where the network costs money by the byte.
    pub fn upload_now(&self, id: AttachmentId) -> Result<(), Error> {
        self.store().picked_on_metered(id)?;
        self.changed();
        Ok(())
    }

    /// Stops the upload of what a post or comment shows. Its text is kept, in needs attention.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where nothing of that id waits for its files.
    pub fn cancel_upload(&self, shown_by: MutationId) -> Result<(), Error> {
        let held = |replica: &crate::sync::replica::Replica| {
            replica.outbox.iter().any(|entry| entry.id == shown_by && entry.held && !entry.needs_attention())
        };
        if !self.0.local.look(held) {
            return Err(ErrorCode::NotFound.into());
        }
        self.commit(&[], |replica| replica.refuse_held(shown_by, ErrorCode::UploadCancelled))
    }

    /// The bytes of a file that a post shows, itself or in a comment on it: from this phone where it
    /// has them, else from the server. A thumbnail of one's own file that is not sent yet is the file itself.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where the post does not show it, or a PDF has no thumbnail;
    /// [`ErrorCode::FileMissing`]; [`Error::Offline`].
    pub async fn file(&self, post: PostId, id: AttachmentId, size: MediaSize) -> Result<Vec<u8>, Error> {
        let (store, now_us) = (self.store(), self.0.surroundings.now_us());
        if let Some(file) = store.picked(id)? {
            return Ok(store.picked_bytes(id, 0, usize::try_from(file.bytes).unwrap_or(usize::MAX))?);
        }
        if let Some(bytes) = store.kept(self.id(), (post, id), size, now_us)? {
            return Ok(bytes);
        }
        let (api, token) = self.calls()?;
        let bytes = api.attachment(&token, self.id(), id, size).await?;
        store.keep(self.id(), (post, id), size, now_us, &bytes)?;
        Ok(bytes.to_vec())
    }
}
