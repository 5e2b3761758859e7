//! Files: picking them, their upload, and seeing what others posted.

use super::Community;
use crate::EnishiError;
use enishi_core::Community as Core;
use enishi_core::media::{Picked, Upload};
use enishi_protocol::media::MediaSize;
use enishi_protocol::{AttachmentId, MutationId, PostId};
use std::path::Path;

#[uniffi::export]
impl Community {
    /// Forgets a picked file that nothing shows.
    ///
    /// # Errors
    /// `WrongPlace` where something that was written shows it.
    pub async fn unpick(&self, id: AttachmentId) -> Result<(), EnishiError> {
        self.look(move |community| community.unpick(id)).await
    }

    /// The files on their way, in the order of the outbox.
    pub async fn uploads(&self) -> Result<Vec<Upload>, EnishiError> {
        self.look(Core::uploads).await
    }

    /// Uploads a large file also where the network costs money by the byte.
    pub async fn upload_now(&self, id: AttachmentId) -> Result<(), EnishiError> {
        self.look(move |community| community.upload_now(id)).await
    }

    /// Stops the upload of what a post or comment shows. Its text is kept, in needs attention.
    ///
    /// # Errors
    /// `NotFound` where nothing of that id waits for its files.
    pub async fn cancel_upload(&self, shown_by: MutationId) -> Result<(), EnishiError> {
        self.look(move |community| community.cancel_upload(shown_by)).await
    }

    /// Copies an image or PDF into this phone's encrypted store, to be shown by what is written next.
    /// Making it smaller is the caller's matter.
    ///
    /// # Errors
    /// `FileTooLarge`, `FileKindUnknown`, `StorageFull`.
    pub async fn pick(&self, bytes: Vec<u8>) -> Result<Picked, EnishiError> {
        self.look(move |community| community.pick(&mut bytes.as_slice())).await
    }

    /// As `pick`, of a file, which is needed no longer after it.
    ///
    /// # Errors
    /// As there; `Internal` where the file cannot be read.
    pub async fn pick_file(&self, path: String) -> Result<Picked, EnishiError> {
        self.look(move |community| community.pick_file(Path::new(&path))).await
    }

    /// The bytes of a file that a post shows, itself or in a comment on it: from this phone where it
    /// has them, else from the server. A thumbnail of one's own file that is not sent yet is the file itself.
    ///
    /// # Errors
    /// `NotFound` where the post does not show it, or a PDF has no thumbnail; `FileMissing`; `Offline`.
    pub async fn file(&self, post: PostId, id: AttachmentId, size: MediaSize) -> Result<Vec<u8>, EnishiError> {
        self.ask(|community| async move { community.file(post, id, size).await }).await
    }
}
