package dev.enishi.ui.app

import androidx.compose.ui.graphics.ImageBitmap
import dev.enishi.Community
import dev.enishi.EnishiException
import dev.enishi.id.AttachmentId
import dev.enishi.id.PostId
import dev.enishi.protocol.MediaSize
import dev.enishi.ui.Platform
import dev.enishi.ui.parts.Pictures
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Pictures as they are drawn, the newest of them kept so that scrolling back shows them at once. */
internal class PictureCache(private val community: Community, private val platform: Platform) : Pictures {
    private val kept = object : LinkedHashMap<Pair<AttachmentId, MediaSize>, ImageBitmap>(16, 0.75f, true) {
        override fun removeEldestEntry(eldest: MutableMap.MutableEntry<Pair<AttachmentId, MediaSize>, ImageBitmap>) = size > KEPT
    }

    override suspend fun of(post: PostId, file: AttachmentId, size: MediaSize): ImageBitmap? {
        synchronized(kept) { kept[file to size] }?.let { return it }
        val bytes = try {
            community.file(post, file, size)
        } catch (_: EnishiException) {
            // Its place says so; it is asked for again when it is looked at again.
            return null
        }
        val drawn = withContext(Dispatchers.Default) { platform.decode(bytes) } ?: return null
        synchronized(kept) { kept[file to size] = drawn }
        return drawn
    }

    private companion object {
        /** Thumbnails have at most 480 pixels a side: about 40 MB in all. */
        const val KEPT = 48
    }
}
