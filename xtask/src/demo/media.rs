//! A photograph on its way: posted without a network, sent over a line that breaks, and seen by somebody
//! else without the place where it was taken. And files that are no photographs, though they say so.

use super::{
    Failed, files,
    meter::Meter,
    phone::Phone,
    tell::{bytes, chapter, line},
};
use enishi_core::feed::Delivery;
use enishi_protocol::{
    AttachmentId, ErrorCode, PostId, Stream,
    feed::{PostKind, PostWriting},
    media::{Attaching, AttachmentKind, MediaSize},
};

/// Tells of it. Returns the post.
pub(super) async fn posts_a_photograph(from: &Phone, to: &Phone) -> Result<PostId, Failed> {
    let (sender, receiver) = (&from.owner.family, &to.owner.family);
    chapter(
        &format!("{sender}さんが山の写真を送ります。回線はよくありません"),
        "She sends a photograph from the mountains, over a bad line",
    );
    let photograph = files::photograph();
    from.set_online(false);
    let community = from.community()?;
    let picked = community.pick(&mut &photograph[..])?;
    let hung = Attaching { id: picked.id, alt: "雪の残る穂高".into() };
    let post = community.write_post_as(writing("上高地から見た穂高です。電波が届いたら送られるはず。", hung))?;
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

fn writing(text: &str, shows: Attaching) -> PostWriting {
    let (stream, kind, mentions) = (Stream::Community, PostKind::Text, Vec::new());
    PostWriting { stream, kind, text: text.to_owned(), mentions, poll: None, attachments: vec![shows] }
}

/// Fifty megapixels are taken and made smaller; what would harm is refused by name, and its text is kept.
pub(super) async fn sends_what_would_harm(from: &Phone, to: &Phone) -> Result<(), Failed> {
    let community = from.community()?;
    let sends = async |text: &str, file: Vec<u8>| -> Result<(PostId, AttachmentId), Failed> {
        let picked = community.pick(&mut &file[..])?;
        let post = community.write_post_as(writing(text, Attaching { id: picked.id, alt: text.into() }))?;
        from.in_step().await?;
        Ok((post, picked.id))
    };
    let (post, id) = sends("大きな写真", files::fifty_megapixels()).await?;
    to.in_step().await?;
    let seen = arrives(to, post, id).await?;
    for (text, file, code) in [
        ("開くと36億画素になるPNG", files::bomb(), ErrorCode::ImageTooLarge),
        ("開くと動きだすPDF", files::pdf_with_script(), ErrorCode::PdfActive),
    ] {
        sends(text, file).await?;
        let refused = community.needs_attention()?.pop().ok_or(format!("{text} was taken"))?;
        if (refused.reason, refused.yours.as_deref()) != (code, Some(text)) {
            return Err(format!("{text} was refused otherwise: {refused:?}").into());
        }
        community.discard(refused.id)?;
    }
    line(
        &format!(
            "5,000万画素の写真は{} x {}に縮めて載りました。開くと36億画素になるPNGと、プログラムの入ったPDFは、理由を示して断られ、文章は残りました",
            seen.width, seen.height
        ),
        &format!(
            "A photograph of 50 megapixels was made {} x {}; a PNG that unpacks to 3,600 and a PDF with a script were refused by name, and the words kept",
            seen.width, seen.height
        ),
    );
    Ok(())
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
    if full.windows(files::PLACE.len()).any(|part| part == files::PLACE)
        || thumb.windows(files::PLACE.len()).any(|part| part == files::PLACE)
    {
        return Err("the file still tells where it was taken".into());
    }
    if thumb.len() >= full.len() {
        return Err("the thumbnail is no smaller than the photograph".into());
    }
    Ok(attachment.file.clone())
}
