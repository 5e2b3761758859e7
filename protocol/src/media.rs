//! Images and PDFs: how a phone hands a file to the server, and what shows it says of it.
//!
//! A file is sent in pieces, each at the place where the server stands; a piece that is there already
//! changes nothing. Finishing names the hash of the whole, and a repeat gets the same answer.

use crate::{error::ErrorCode, ids::AttachmentId};
use serde::{Deserialize, Serialize};

/// What kind of file an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A document of pages.
    Pdf,
    /// A kind that this build does not know.
    #[serde(other)]
    Other,
}

impl AttachmentKind {
    /// The kind's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Pdf => "pdf",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Self {
        match name {
            "image" => Self::Image,
            "pdf" => Self::Pdf,
            _ => Self::Other,
        }
    }

    /// What a file is by its first bytes; none where the server would take no such file.
    ///
    /// The magic numbers are those of JFIF, PNG (RFC 2083, 3.1), GIF, WebP and PDF (ISO 32000-1, 7.5.2).
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        let image: [&[u8]; 4] = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"];
        if webp || image.iter().any(|magic| bytes.starts_with(magic)) {
            Some(Self::Image)
        } else {
            bytes.starts_with(b"%PDF-").then_some(Self::Pdf)
        }
    }
}

/// An attachment, as the post or comment carries it that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// Which attachment.
    pub id: AttachmentId,
    /// What is known of the file.
    #[serde(flatten)]
    pub file: FileFacts,
    /// What it shows, in words, for those who cannot see it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// What is known of a file that the server has made of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FileFacts {
    /// What kind of file.
    pub kind: AttachmentKind,
    /// Width of an image in pixels, of a PDF's first page in points; 0 where it is not known.
    pub width: u32,
    /// Height of an image in pixels, of a PDF's first page in points; 0 where it is not known.
    pub height: u32,
    /// Pages of a PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Bytes of the file.
    pub bytes: u64,
    /// An image's mean colour, `#rrggbb`, to show until it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tint: Option<String>,
}

/// What a mutation says of an attachment that it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Attaching {
    /// An upload of one's own that is finished and that nothing shows yet.
    pub id: AttachmentId,
    /// What it shows, in words, at most [`crate::limits::ALT_CHARS`] characters; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// How far an upload has come: the answer to asking, and to every piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UploadStanding {
    /// Bytes that the server has: where the next piece begins.
    pub received: u64,
    /// What the server has made of it, once it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<FileFacts>,
    /// Why the server will not take this file, where it looked at it and will not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<ErrorCode>,
}

/// Finishes an upload: `POST /v1/communities/{community}/attachments/{attachment}/finish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UploadFinish {
    /// SHA-256 of the whole file as it was sent, in lower-case hexadecimal.
    pub sha256: String,
}

/// Which form of an attachment is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaSize {
    /// The file as the server keeps it.
    #[default]
    Full,
    /// A small image of it, at most [`crate::limits::THUMB_EDGE`] pixels on its longer side; a PDF has none.
    Thumb,
}

impl MediaSize {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Thumb => "thumb",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_of_a_kind_from_the_future_still_reads() {
        let json = r#"{"id":"00000000-0000-0000-0000-000000000007","kind":"hologram","width":1,"height":1,"bytes":9}"#;
        let attachment: Attachment = serde_json::from_str(json).expect("reads");
        assert_eq!((attachment.file.kind, attachment.file.bytes), (AttachmentKind::Other, 9));
    }

    #[test]
    fn a_file_is_known_by_its_first_bytes_and_not_by_what_it_is_called() {
        assert_eq!(AttachmentKind::of_bytes(b"%PDF-1.7\n"), Some(AttachmentKind::Pdf));
        assert_eq!(AttachmentKind::of_bytes(b"\xff\xd8\xff\xe1\x00\x00"), Some(AttachmentKind::Image));
        assert_eq!(AttachmentKind::of_bytes(b"RIFF\x00\x00\x00\x00WEBPVP8 "), Some(AttachmentKind::Image));
        for other in [&b"<svg xmlns="[..], b"RIFF\x00\x00\x00\x00WAVE", b"", b"MZ"] {
            assert_eq!(AttachmentKind::of_bytes(other), None, "{other:?}");
        }
    }
}
