//! Images and PDFs on the phone: picked, shown at once, uploaded behind what the member does, fetched
//! and kept for offline.
//!
//! What is picked lies in the encrypted store until the server has it. A post that shows it waits in
//! the outbox, held; all else passes it. Making images smaller is the app's matter, and nothing here
//! decodes one.

pub(crate) mod pace;
pub(crate) mod uploader;

use enishi_protocol::{AttachmentId, MutationId, media::AttachmentKind};

/// A file that was picked, ready to be shown by what is written next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Picked {
    /// Names it from here on.
    pub id: AttachmentId,
    /// What kind of file it is.
    pub kind: AttachmentKind,
    /// Bytes of it.
    pub bytes: u64,
}

/// How far a file has come that something in the outbox shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Upload {
    /// What shows it: the post or comment of that id.
    pub shown_by: MutationId,
    /// Which file.
    pub id: AttachmentId,
    /// Bytes of it that the server has.
    pub sent: u64,
    /// Bytes of it.
    pub total: u64,
    /// Whether the server has looked at it and taken it.
    pub finished: bool,
    /// Whether it waits for a network that does not cost money by the byte.
    pub waits_for_unmetered: bool,
}
