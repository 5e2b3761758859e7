package dev.enishi.ui.parts

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.id.AttachmentId
import dev.enishi.id.PostId
import dev.enishi.protocol.Attachment
import dev.enishi.ui.Problem
import dev.enishi.ui.attempt
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import java.io.IOException
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/** Shows a document of a post in another app; false where none on this device can. */
fun interface Documents {
    suspend fun open(post: PostId, file: AttachmentId): Boolean
}

val LocalDocuments = staticCompositionLocalOf { Documents { _, _ -> false } }

/** A document: pressed, it is fetched and opened in another app; pressed again meanwhile, it is left. */
@Composable
internal fun Document(post: PostId, document: Attachment) {
    val documents = LocalDocuments.current
    val scope = rememberCoroutineScope()
    var fetching by remember { mutableStateOf<Job?>(null) }
    var problem by remember { mutableStateOf<Problem?>(null) }
    val open = {
        problem = null
        fetching = scope.launch {
            attempt({ problem = it }) {
                try {
                    if (!documents.open(post, document.id)) problem = Problem("no_viewer")
                } catch (_: IOException) {
                    problem = Problem("storage_full")
                }
            }
            fetching = null
        }
    }
    val leave = { job: Job ->
        job.cancel()
        fetching = null
    }
    Opened(document, fetching != null, problem) { fetching?.let(leave) ?: open() }
}

@Composable
private fun Opened(document: Attachment, fetching: Boolean, problem: Problem?, onPress: () -> Unit) {
    val pages = document.file.pages
    val what = if (pages != null) words.postFile(pages.toLong()) else words.postFilePlain
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Surface(color = MaterialTheme.colorScheme.surfaceContainerHigh, shape = MaterialTheme.shapes.small) {
            Row(
                Modifier.fillMaxWidth().heightIn(min = 56.dp)
                    .clickable(onClickLabel = if (fetching) words.postFileStop else words.postFileOpen, onClick = onPress)
                    .testTag("document").padding(12.dp),
                Arrangement.spacedBy(12.dp),
                Alignment.CenterVertically,
            ) {
                if (fetching) CircularProgressIndicator(Modifier.size(24.dp), strokeWidth = 2.dp) else Icon(Icons.Document, null)
                Column(Modifier.weight(1f)) {
                    Body(document.alt.ifBlank { what })
                    if (fetching) Aside(words.postFileWait) else if (document.alt.isNotBlank()) Aside(what)
                }
            }
        }
        ProblemNote(problem)
    }
}
