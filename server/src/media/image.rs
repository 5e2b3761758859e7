//! An image made anew: upright, in sRGB terms, without anything but its pixels.
//!
//! Runs in the process of `worker` alone. Sizes are checked from the header, before anything is decoded.

use super::worker::Made;
use enishi_protocol::{
    ErrorCode,
    limits::{IMAGE_EDGE, IMAGE_PIXELS, THUMB_EDGE},
    media::{AttachmentKind, FileFacts},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    error::LimitErrorKind,
    metadata::Orientation,
};
use std::io::Cursor;

/// Bytes that decoding may take: 52 megapixels of four bytes, and what the decoder needs beside them.
const DECODING_BYTES: u64 = 420 * 1024 * 1024;
/// JPEG quality of the file and of its thumbnail, of 100.
const QUALITY: u8 = 85;
const THUMB_QUALITY: u8 = 78;
/// Up to so many pixels an image that came without loss is kept without loss.
const LOSSLESS_PIXELS: u64 = 4_000_000;

/// Makes an image anew, with its thumbnail. Of an animation, its first frame.
///
/// # Errors
/// [`ErrorCode::FileKindUnknown`], [`ErrorCode::FileUnreadable`], [`ErrorCode::ImageTooLarge`].
pub(super) fn remake(bytes: &[u8]) -> Result<Made, ErrorCode> {
    let format = image::guess_format(bytes).map_err(|_| ErrorCode::FileKindUnknown)?;
    if format == ImageFormat::Jpeg && is_cut_short(bytes) {
        return Err(ErrorCode::FileUnreadable);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| code(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(ErrorCode::FileUnreadable);
    }
    if pixels > IMAGE_PIXELS || decoder.total_bytes() > DECODING_BYTES {
        return Err(ErrorCode::ImageTooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| code(&error))?;
    let mut image = within(image, IMAGE_EDGE);
    image.apply_orientation(orientation);
    made(&image, format)
}

/// Whether a JPEG ends before its picture does: decoders make grey of what is missing. Its last scan must
/// be followed by the end of the image (ITU-T T.81, B.1.1.3); what cameras append behind that is no matter.
fn is_cut_short(bytes: &[u8]) -> bool {
    let scan = bytes.windows(2).rposition(|marker| marker == [0xff, 0xda]);
    scan.is_none_or(|scan| !bytes[scan..].windows(2).any(|marker| marker == [0xff, 0xd9]))
}

fn code(error: &ImageError) -> ErrorCode {
    match error {
        ImageError::Unsupported(_) => ErrorCode::FileKindUnknown,
        ImageError::Limits(limits) => match limits.kind() {
            LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => ErrorCode::ImageTooLarge,
            _ => ErrorCode::FileUnreadable,
        },
        _ => ErrorCode::FileUnreadable,
    }
}

/// The image, made smaller where its longer side is above `edge`.
fn within(image: DynamicImage, edge: u32) -> DynamicImage {
    if image.width().max(image.height()) <= edge { image } else { image.thumbnail(edge, edge) }
}

fn made(image: &DynamicImage, format: ImageFormat) -> Result<Made, ErrorCode> {
    let seen_through = image.color().has_alpha();
    let small = u64::from(image.width()) * u64::from(image.height()) <= LOSSLESS_PIXELS;
    let drawn = matches!(format, ImageFormat::Png | ImageFormat::Gif) && small;
    let thumb = within(image.clone(), THUMB_EDGE);
    let (file, thumb_bytes, media_type) = if seen_through || drawn {
        (png(image)?, png(&thumb)?, "image/png")
    } else {
        (jpeg(image, QUALITY)?, jpeg(&thumb, THUMB_QUALITY)?, "image/jpeg")
    };
    let facts = FileFacts {
        kind: AttachmentKind::Image,
        width: image.width(),
        height: image.height(),
        pages: None,
        bytes: u64::try_from(file.len()).unwrap_or(u64::MAX),
        tint: Some(tint(&thumb)),
    };
    Ok(Made { facts, media_type: media_type.to_owned(), file, thumb: thumb_bytes })
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, ErrorCode> {
    let mut bytes = Vec::new();
    let opaque = DynamicImage::ImageRgb8(image.to_rgb8());
    opaque
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .map_err(|_| ErrorCode::FileUnreadable)?;
    Ok(bytes)
}

fn png(image: &DynamicImage) -> Result<Vec<u8>, ErrorCode> {
    let mut bytes = Vec::new();
    // Sixteen bits a channel are for editing; eight are for looking at.
    let shown = if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.to_rgb8())
    };
    shown.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(|_| ErrorCode::FileUnreadable)?;
    Ok(bytes)
}

/// The mean colour, `#rrggbb`.
fn tint(thumb: &DynamicImage) -> String {
    let [red, green, blue] = thumb.thumbnail_exact(1, 1).to_rgb8().get_pixel(0, 0).0;
    format!("#{red:02x}{green:02x}{blue:02x}")
}
