//! A photograph on its way: posted without a network, sent over a line that breaks, and seen by somebody
//! else without the place where it was taken.

use super::{
    Failed,
    meter::Meter,
    phone::Phone,
    tell::{bytes, chapter, line},
};
use enishi_core::feed::Delivery;
use enishi_protocol::{
    AttachmentId, PostId, Stream,
    feed::{PostKind, PostWriting},
    media::{Attaching, AttachmentKind, MediaSize},
};

/// What the camera writes into its file and nobody else is to know.
const PLACE: &[u8] = b"GPS 36.2308N 137.9644E";

/// Tells of it. Returns the post.
pub(super) async fn posts_a_photograph(from: &Phone, to: &Phone) -> Result<PostId, Failed> {
    let (sender, receiver) = (&from.owner.family, &to.owner.family);
    chapter(
        &format!("{sender}さんが山の写真を送ります。回線はよくありません"),
        "She sends a photograph from the mountains, over a bad line",
    );
    let photograph = photograph();
    from.set_online(false);
    let community = from.community()?;
    let picked = community.pick(&mut &photograph[..])?;
    let attachments = vec![Attaching { id: picked.id, alt: "雪の残る穂高".into() }];
    let text = "上高地から見た穂高です。電波が届いたら送られるはず。".to_owned();
    let (kind, mentions) = (PostKind::Text, Vec::new());
    let writing = PostWriting { stream: Stream::Community, kind, text, mentions, poll: None, attachments };
    let post = community.write_post_as(writing)?;
    let shown = from.window(1)?.posts.into_iter().next().ok_or("the post does not show")?;
    if shown.id != post || shown.delivery != Delivery::Pending || shown.attachments.len() != 1 {
        return Err("the photograph does not show while it waits".into());
    }
    line(
        &format!("圏外で{}の写真を投稿しました。すぐ画面に出て、送信待ちの印がついています", bytes(picked.bytes)),
        &format!("She posted a photograph of {} offline; it shows at once, marked as waiting", bytes(picked.bytes)),
    );
    let breaks = sends_over_breaking_line(from).await?;
    line(
        &format!("送信中に回線が{breaks}回切れましたが、届いたところから続けて送り終えました"),
        &format!("The line broke {breaks} times; each time it went on from where the server stood"),
    );
    to.in_step().await?;
    let seen = arrives(to, post, picked.id).await?;
    line(
        &format!(
            "{receiver}さんの画面に届きました（{} x {}、{}）。撮影した場所の記録は消えています",
            seen.width,
            seen.height,
            bytes(seen.bytes)
        ),
        &format!(
            "He sees it ({} x {}, {}); where it was taken is gone from the file",
            seen.width,
            seen.height,
            bytes(seen.bytes)
        ),
    );
    Ok(post)
}

/// The next calls fail one after the other. Gives how often.
async fn sends_over_breaking_line(phone: &Phone) -> Result<usize, Failed> {
    let meter: &Meter = phone.meter();
    meter.break_every_other(6);
    phone.set_online(true);
    phone.in_step().await?;
    match meter.breaks_left() {
        0 => Ok(6),
        left => Err(format!("the line should have broken {left} more times").into()),
    }
}

async fn arrives(phone: &Phone, post: PostId, id: AttachmentId) -> Result<enishi_protocol::media::FileFacts, Failed> {
    let shown = phone.window(10)?.posts.into_iter().find(|shown| shown.id == post).ok_or("the post did not arrive")?;
    let attachment = shown.attachments.first().ok_or("the post arrived without its photograph")?;
    if attachment.id != id || attachment.file.kind != AttachmentKind::Image || attachment.alt.is_empty() {
        return Err(format!("another attachment arrived: {attachment:?}").into());
    }
    let community = phone.community()?;
    let full = community.file(post, id, MediaSize::Full).await?;
    let thumb = community.file(post, id, MediaSize::Thumb).await?;
    if full.windows(PLACE.len()).any(|part| part == PLACE) || thumb.windows(PLACE.len()).any(|part| part == PLACE) {
        return Err("the file still tells where it was taken".into());
    }
    if thumb.len() >= full.len() {
        return Err("the thumbnail is no smaller than the photograph".into());
    }
    Ok(attachment.file.clone())
}

/// A picture with the place in it: PNG (RFC 2083) with stored blocks, so that nothing is needed to make it.
fn photograph() -> Vec<u8> {
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
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, "IHDR", &header);
    chunk(&mut png, "tEXt", &[b"Comment\0".as_slice(), PLACE].concat());
    chunk(&mut png, "IDAT", &stored(&rows));
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
