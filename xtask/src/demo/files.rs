//! Files for the demo, made here so that nothing is needed to make them: PNG (RFC 2083) with stored blocks, and a PDF
//! (ISO 32000-1) written by hand.

use std::fmt::Write as _;

/// What the camera writes into its file and nobody else is to know.
pub(super) const PLACE: &[u8] = b"GPS 36.2308N 137.9644E";

/// PNG's colour types: one sample of grey, three of colour.
const GREY: u8 = 0;
const COLOUR: u8 = 2;

/// A picture with the place in it.
pub(super) fn photograph() -> Vec<u8> {
    let (width, height) = (720_u32, 540_u32);
    let mut rows = Vec::new();
    let mut noise = 0x9e37_79b9_u32;
    for y in 0..height {
        rows.push(0);
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let sky = u8::try_from(255 - y * 200 / height).unwrap_or_default();
            let snow = if y > height / 3 + (x * 7 % 90) { 60 } else { 0 };
            rows.extend([sky.saturating_sub(snow), sky, u8::try_from(noise >> 26).unwrap_or_default() + 190]);
        }
    }
    png((width, height), (8, COLOUR), &rows)
}

/// As many pixels as a good telephone takes, in black and white.
pub(super) fn fifty_megapixels() -> Vec<u8> {
    let (width, height) = (8_192_u32, 6_144_u32);
    let row = [&[0][..], &[0b0110_1001].repeat(width as usize / 8)].concat();
    png((width, height), (1, GREY), &row.repeat(height as usize))
}

/// A few bytes that say they are 60,000 by 60,000 pixels.
pub(super) fn bomb() -> Vec<u8> {
    png((60_000, 60_000), (8, COLOUR), &[0; 64])
}

/// A PDF that runs a script when it is opened.
pub(super) fn pdf_with_script() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        "<< /Type /Page /Parent 2 0 R >>",
    ];
    // Writing to a text never fails.
    let mut pdf = String::from("%PDF-1.7\n");
    let mut places = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", pdf.len());
        let _ = writeln!(pdf, "{} 0 obj\n{object}\nendobj", number + 1);
    }
    let (table, size) = (pdf.len(), objects.len() + 1);
    let _ = write!(pdf, "xref\n0 {size}\n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF");
    pdf.into_bytes()
}

/// A PNG of so many pixels, with so many bits of a colour type each, that tells where it was taken.
fn png((width, height): (u32, u32), (depth, colour): (u8, u8), rows: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, colour, 0, 0, 0]);
    chunk(&mut png, "IHDR", &header);
    chunk(&mut png, "tEXt", &[b"Comment\0".as_slice(), PLACE].concat());
    chunk(&mut png, "IDAT", &stored(rows));
    chunk(&mut png, "IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &str, content: &[u8]) {
    png.extend(u32::try_from(content.len()).unwrap_or_default().to_be_bytes());
    let named = [kind.as_bytes(), content].concat();
    png.extend(&named);
    png.extend(crc(&named).to_be_bytes());
}

/// Zlib without compression (RFC 1950, RFC 1951, 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = vec![0x78, 0x01];
    let blocks = bytes.chunks(0xffff).count();
    for (number, block) in bytes.chunks(0xffff).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        zlib.push(u8::from(number + 1 == blocks));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    zlib.extend((high << 16 | low).to_be_bytes());
    zlib
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
