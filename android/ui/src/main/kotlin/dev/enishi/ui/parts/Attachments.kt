package dev.enishi.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.enishi.id.AttachmentId
import dev.enishi.id.PostId
import dev.enishi.protocol.Attachment
import dev.enishi.protocol.AttachmentKind
import dev.enishi.protocol.MediaSize
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** Reads a picture of a post, from this phone or from its server; null where it cannot be had now. */
fun interface Pictures {
    suspend fun of(post: PostId, file: AttachmentId, size: MediaSize): ImageBitmap?
}

val LocalPictures = staticCompositionLocalOf { Pictures { _, _, _ -> null } }

/** What is attached to a post or comment: pictures beside each other by twos, documents below each other. */
@Composable
fun Attachments(post: PostId, files: List<Attachment>) {
    val (pictures, others) = files.partition { it.file.kind == AttachmentKind.IMAGE }
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        for (row in pictures.chunked(2)) {
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp)) {
                for (picture in row) Picture(post, picture, Modifier.weight(1f), alone = pictures.size == 1)
            }
        }
        for (file in others) Document(post, file)
    }
}

@Composable
private fun Picture(post: PostId, picture: Attachment, modifier: Modifier, alone: Boolean) {
    val pictures = LocalPictures.current
    val drawn by produceState<ImageBitmap?>(null, post, picture.id) { value = pictures.of(post, picture.id, MediaSize.THUMB) }
    val (width, height) = picture.file.width.toFloat() to picture.file.height.toFloat()
    val shape = if (alone && width > 0 && height > 0) (width / height).coerceIn(0.6f, 2.2f) else 1f
    val heard = if (picture.alt.isBlank()) words.postImage else words.postImageOf(picture.alt)
    var whole by rememberSaveable { mutableStateOf(false) }
    if (whole) WholePicture(post, picture, drawn, heard) { whole = false }
    Box(
        modifier.aspectRatio(shape).clip(MaterialTheme.shapes.small).background(tintOf(picture.file.tint))
            .clickable(onClickLabel = words.postImageOpen) { whole = true }.semantics { contentDescription = heard },
        Alignment.Center,
    ) {
        val bitmap = drawn
        if (bitmap != null) Image(bitmap, null, Modifier.fillMaxSize(), contentScale = ContentScale.Crop)
        else Icon(Icons.Picture, null, tint = Color.White)
    }
}

/** The colour that a picture has on the whole, until it is there. */
@Composable
private fun tintOf(tint: String?): Color =
    tint?.removePrefix("#")?.toLongOrNull(16)?.let { Color(0xFF000000 or it) } ?: MaterialTheme.colorScheme.outline
