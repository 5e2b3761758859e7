package dev.enishi.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.gestures.rememberTransformableState
import androidx.compose.foundation.gestures.transformable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.systemBars
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.graphicsLayer
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Dialog
import androidx.compose.ui.window.DialogProperties
import dev.enishi.id.PostId
import dev.enishi.protocol.Attachment
import dev.enishi.protocol.MediaSize
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** A picture over the whole screen, to be drawn larger with two fingers; the small one stands in until it is there. */
@Composable
internal fun WholePicture(post: PostId, picture: Attachment, small: ImageBitmap?, heard: String, onClose: () -> Unit) {
    val pictures = LocalPictures.current
    val large by produceState<ImageBitmap?>(null, picture.id) { value = pictures.of(post, picture.id, MediaSize.FULL) }
    Dialog(onClose, DialogProperties(usePlatformDefaultWidth = false)) {
        var scale by remember { mutableFloatStateOf(1f) }
        var moved by remember { mutableStateOf(Offset.Zero) }
        val fingers = rememberTransformableState { zoom, pan, _ ->
            scale = (scale * zoom).coerceIn(1f, 6f)
            moved = if (scale == 1f) Offset.Zero else moved + pan * scale
        }
        Box(Modifier.fillMaxSize().background(Color.Black).windowInsetsPadding(WindowInsets.systemBars), Alignment.Center) {
            val shown = large ?: small
            if (shown != null) {
                val at = Modifier.graphicsLayer(scale, scale, translationX = moved.x, translationY = moved.y)
                Image(shown, heard, Modifier.fillMaxSize().transformable(fingers).then(at), contentScale = ContentScale.Fit)
            } else {
                Text(words.postImageWait, Modifier.padding(24.dp), color = Color.White)
            }
            IconButton(onClose, Modifier.align(Alignment.TopEnd).padding(8.dp)) { Icon(Icons.Close, words.actionClose, tint = Color.White) }
        }
    }
}
