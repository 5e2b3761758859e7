package dev.enishi.app.machine

import android.app.Activity
import android.content.ContentResolver
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.PickMultipleVisualMedia
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import dev.enishi.ui.Chosen
import dev.enishi.ui.ChosenFile
import java.io.File
import java.io.IOException
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** The system's picker of pictures, with its picker of documents beside it for PDF files. Neither needs a permission. */
internal class ChooseFiles : ActivityResultContract<Int, List<Uri>?>() {
    override fun createIntent(context: Context, input: Int): Intent {
        val pictures = PickVisualMediaRequest.Builder().setMediaType(PickVisualMedia.ImageOnly).build()
        val picker = if (input > 1) {
            PickMultipleVisualMedia(input).createIntent(context, pictures)
        } else {
            PickVisualMedia().createIntent(context, pictures)
        }
        val documents = Intent(Intent.ACTION_OPEN_DOCUMENT)
            .addCategory(Intent.CATEGORY_OPENABLE)
            .setType("application/pdf")
            .putExtra(Intent.EXTRA_ALLOW_MULTIPLE, input > 1)
        return Intent.createChooser(picker, null).putExtra(Intent.EXTRA_INITIAL_INTENTS, arrayOf(documents))
    }

    override fun parseResult(resultCode: Int, intent: Intent?): List<Uri>? {
        if (resultCode != Activity.RESULT_OK || intent == null) return null
        val clips = intent.clipData
        val several = clips?.let { List(it.itemCount) { at -> it.getItemAt(at).uri } }.orEmpty().filterNotNull()
        return (several + listOfNotNull(intent.data)).distinct()
    }
}

/** Copies of what other apps gave, where only this app reads; nothing larger than a server takes. */
internal class Copies(private val folder: File, private val resolver: ContentResolver) {
    /** Copies at most `most` of them. What cannot be read any more, and what is too much, is left out and counted. */
    suspend fun of(sources: List<Uri>, most: Int): Chosen = withContext(Dispatchers.IO) {
        val copied = sources.take(most).map(::copy)
        val files = copied.mapNotNull { it.file }
        val tooLarge = copied.count { it.tooLarge }
        Chosen(files, tooLarge, leftOut = sources.size - files.size - tooLarge)
    }

    /** Nothing is left of an earlier run of the app. */
    fun clear() {
        folder.deleteRecursively()
    }

    private class Copied(val file: ChosenFile?, val tooLarge: Boolean = false)

    private fun copy(source: Uri): Copied {
        // A path of this app's own files would be handed out to whoever reads what is posted.
        if (source.scheme != ContentResolver.SCHEME_CONTENT) return Copied(null)
        folder.mkdirs()
        val file = File(folder, UUID.randomUUID().toString())
        val written = try {
            resolver.openInputStream(source)?.use { from -> file.outputStream().use { from.copyTo(it, MOST_BYTES) } }
        } catch (_: IOException) {
            null
        } catch (_: SecurityException) {
            null
        }
        if (written != null && written in 1..MOST_BYTES) return Copied(ChosenFile(file.path))
        file.delete()
        return Copied(null, tooLarge = written != null && written > MOST_BYTES)
    }

    /** Copies, and stops one step after the limit: what another app gives may have no end. */
    private fun java.io.InputStream.copyTo(into: java.io.OutputStream, limit: Long): Long {
        val buffer = ByteArray(64 * 1024)
        var sum = 0L
        while (sum <= limit) {
            val read = read(buffer)
            if (read < 0) break
            into.write(buffer, 0, read)
            sum += read
        }
        return sum
    }

    companion object {
        /** What a server takes of one file. */
        const val MOST_BYTES = 20L * 1024 * 1024
    }
}
