//! A PDF made anew: only what its pages need, and nothing that acts when it is opened.
//!
//! Runs in the process of `worker` alone. What acts (scripts, launching, sending forms, embedded
//! files) is a reason to refuse and not something to cut out: a document that lost a part
//! without saying so is another document. Who wrote it and with what is left out silently.

use super::worker::Made;
use enishi_protocol::{
    ErrorCode,
    limits::{PDF_OBJECTS, PDF_PAGES},
    media::{AttachmentKind, FileFacts},
};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

/// Bytes that any one stream of objects may unpack to.
const UNPACKED_BYTES: usize = 64 * 1024 * 1024;
/// How deep objects may lie in each other.
const DEPTH: usize = 64;

/// Actions that do more than turn to another place of the document or open a web page
/// (ISO 32000-1, 12.6.4).
const ACTIONS: &[&[u8]] = &[
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"Movie",
    b"Sound",
    b"Rendition",
    b"RichMediaExecute",
    b"GoTo3DView",
];
/// Keys under which something lies that acts, or another file.
const KEYS: &[&[u8]] =
    &[b"JS", b"JavaScript", b"EmbeddedFiles", b"EmbeddedFile", b"EF", b"AF", b"XFA", b"RichMediaContent", b"AA"];
/// Kinds of objects that hold such things.
const TYPES: &[&[u8]] =
    &[b"EmbeddedFile", b"Filespec", b"RichMedia", b"FileAttachment", b"3D", b"Screen", b"Sound", b"Movie"];
/// What a catalogue may keep: the rest is not needed to show pages.
const KEPT: &[&[u8]] = &[
    b"Type",
    b"Pages",
    b"Outlines",
    b"Dests",
    b"PageLabels",
    b"PageLayout",
    b"PageMode",
    b"Lang",
    b"OCProperties",
    b"StructTreeRoot",
    b"MarkInfo",
    b"AcroForm",
    b"ViewerPreferences",
    b"Version",
];

/// Makes a PDF anew.
///
/// # Errors
/// [`ErrorCode::PdfEncrypted`], [`ErrorCode::PdfActive`], [`ErrorCode::PdfTooLong`],
/// [`ErrorCode::FileUnreadable`].
pub(super) fn remake(bytes: &[u8]) -> Result<Made, ErrorCode> {
    let options = LoadOptions { max_decompressed_size: Some(UNPACKED_BYTES), ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => ErrorCode::PdfEncrypted,
        _ => ErrorCode::FileUnreadable,
    })?;
    if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(ErrorCode::PdfEncrypted);
    }
    if document.objects.len() > PDF_OBJECTS {
        return Err(ErrorCode::PdfTooLong);
    }
    if document.objects.values().any(|object| acts(&document, object, 0)) || acts_when_opened(&document) {
        return Err(ErrorCode::PdfActive);
    }
    let pages = document.page_iter().take(PDF_PAGES + 1).collect::<Vec<_>>();
    let first = *pages.first().ok_or(ErrorCode::FileUnreadable)?;
    if pages.len() > PDF_PAGES {
        return Err(ErrorCode::PdfTooLong);
    }
    let (width, height) = size(&document, first);
    strip(&mut document)?;
    let mut file = Vec::new();
    document.save_to(&mut file).map_err(|_| ErrorCode::FileUnreadable)?;
    let facts = FileFacts {
        kind: AttachmentKind::Pdf,
        width,
        height,
        pages: u32::try_from(pages.len()).ok(),
        bytes: u64::try_from(file.len()).unwrap_or(u64::MAX),
        tint: None,
    };
    Ok(Made { facts, media_type: "application/pdf".into(), file, thumb: Vec::new() })
}

/// Whether an object acts, or something in it does. What lies too deep to look into counts as such.
fn acts(document: &Document, object: &Object, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match object {
        Object::Dictionary(dictionary) => dictionary_acts(document, dictionary, depth),
        Object::Stream(stream) => dictionary_acts(document, &stream.dict, depth),
        Object::Array(items) => items.iter().any(|item| acts(document, item, depth + 1)),
        _ => false,
    }
}

fn dictionary_acts(document: &Document, dictionary: &Dictionary, depth: usize) -> bool {
    // A name may also lie elsewhere and be referred to, and viewers follow that.
    let named = |key: &[u8], names: &[&[u8]]| {
        let value = dictionary.get(key).and_then(|value| document.dereference(value));
        value.and_then(|(_, value)| value.as_name()).is_ok_and(|name| names.contains(&name))
    };
    // `S` also names other things (a border's style, a transparency group): those names act nowhere.
    named(b"S", ACTIONS)
        || named(b"Type", TYPES)
        || named(b"Subtype", TYPES)
        || KEYS.iter().any(|key| dictionary.has(key))
        || dictionary.iter().any(|(_, value)| acts(document, value, depth + 1))
}

/// Opening to a place is harmless; opening to an action was looked at with all others, unless the
/// action is of a kind that nobody knows.
fn acts_when_opened(document: &Document) -> bool {
    let Ok(catalogue) = document.catalog() else { return false };
    let Ok(opening) = catalogue.get(b"OpenAction") else { return false };
    let opening = match opening {
        Object::Reference(id) => document.get_object(*id).ok(),
        other => Some(other),
    };
    match opening {
        Some(Object::Array(_)) | None => false,
        Some(Object::Dictionary(action)) => {
            !action.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"GoTo")
        }
        Some(_) => true,
    }
}

/// Leaves out what pages do not need: who wrote it, with what, and what nothing refers to.
fn strip(document: &mut Document) -> Result<(), ErrorCode> {
    document.trailer.remove(b"Info");
    document.trailer.remove(b"ID");
    document.trailer.remove(b"Prev");
    let catalogue = document.catalog_mut().map_err(|_| ErrorCode::FileUnreadable)?;
    let keys: Vec<Vec<u8>> = catalogue.iter().map(|(key, _)| key.clone()).collect();
    for key in keys.iter().filter(|key| !KEPT.contains(&key.as_slice())) {
        catalogue.remove(key);
    }
    for object in document.objects.values_mut() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &mut stream.dict,
            _ => continue,
        };
        // XMP, and what programs keep of their own: both name people and places.
        dictionary.remove(b"Metadata");
        dictionary.remove(b"PieceInfo");
        dictionary.remove(b"LastModified");
    }
    document.prune_objects();
    Ok(())
}

/// The first page's size in points; zero where it does not say.
fn size(document: &Document, page: ObjectId) -> (u32, u32) {
    let mut at = page;
    for _ in 0..DEPTH {
        let Ok(dictionary) = document.get_dictionary(at) else { break };
        if let Ok(area) = dictionary.get(b"MediaBox").and_then(Object::as_array) {
            return measure(area).unwrap_or_default();
        }
        match dictionary.get(b"Parent").and_then(Object::as_reference) {
            Ok(parent) => at = parent,
            Err(_) => break,
        }
    }
    (0, 0)
}

fn measure(area: &[Object]) -> Option<(u32, u32)> {
    let sides: Vec<f32> = area.iter().filter_map(|side| side.as_float().ok()).collect();
    let [left, bottom, right, top] = sides[..] else { return None };
    let points = |length: f32| length.abs().round().clamp(0.0, 100_000.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100,000")]
    Some((points(right - left) as u32, points(top - bottom) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{EncryptionState, EncryptionVersion, Permissions};
    use std::fmt::Write;

    /// A link to a web page, in a document with a password.
    fn encrypted(user_password: &str) -> Vec<u8> {
        let plain = linked("<< /S /URI /URI (https://example.jp) >>", "null");
        let mut document = Document::load_mem(&plain).unwrap();
        let id = Object::string_literal("0123456789abcdef");
        document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut file = Vec::new();
        document.save_to(&mut file).unwrap();
        file
    }

    #[test]
    fn a_document_with_a_password_is_refused_also_where_readers_need_none() {
        for user_password in ["secret", ""] {
            assert_eq!(remake(&encrypted(user_password)).err(), Some(ErrorCode::PdfEncrypted), "{user_password:?}");
        }
    }

    /// A page with a link that does `action`, and one object more, `6 0 R`.
    fn linked(action: &str, more: &str) -> Vec<u8> {
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            "<< /Type /Page /Parent 2 0 R /Annots [4 0 R] >>",
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 5 0 R >>",
            action,
            more,
        ];
        let (mut file, mut places) = ("%PDF-1.5\n".to_owned(), String::new());
        for (number, object) in (1..).zip(objects) {
            writeln!(places, "{:010} 00000 n ", file.len()).unwrap();
            writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
        }
        let start = file.len();
        write!(
            file,
            "xref\n0 7\n0000000000 65535 f \n{places}trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        )
        .unwrap();
        file.into_bytes()
    }

    #[test]
    fn a_link_that_acts_is_refused_however_its_action_is_named() {
        for action in ["JavaScript", "Launch", "SubmitForm", "GoToR"] {
            let name = format!("/{action}");
            for (how, s) in [("directly", name.as_str()), ("by reference", "6 0 R")] {
                let made = remake(&linked(&format!("<< /S {s} /F (x) >>"), &name));
                assert_eq!(made.err(), Some(ErrorCode::PdfActive), "{action} {how}");
            }
        }
    }

    #[test]
    fn a_link_to_a_web_page_is_kept_however_its_action_is_named() {
        for s in ["/URI", "6 0 R"] {
            let made = remake(&linked(&format!("<< /S {s} /URI (https://example.jp) >>"), "/URI")).unwrap();
            assert_eq!((made.facts.width, made.facts.height, made.facts.pages), (595, 842, Some(1)), "{s}");
        }
    }
}
