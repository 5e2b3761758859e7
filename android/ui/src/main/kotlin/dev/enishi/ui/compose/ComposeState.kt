package dev.enishi.ui.compose

import androidx.compose.ui.graphics.ImageBitmap
import dev.enishi.id.AttachmentId
import dev.enishi.model.MemberView
import dev.enishi.model.Readers
import dev.enishi.protocol.AttachmentKind
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.Stream
import dev.enishi.ui.Given
import dev.enishi.ui.Problem

/** The most characters of a post. */
const val POST_CHARS = 20_000

/** The most files of a post. */
const val ATTACHMENTS = 8

/** A file that goes with what is written. */
data class Attached(val id: AttachmentId, val kind: AttachmentKind, val picture: ImageBitmap?, val alt: String = "")

data class ComposeState(
    val stream: Stream,
    /** Where it goes, in a name. */
    val where: String,
    val text: String = "",
    val question: Boolean = false,
    val readers: Readers? = null,
    val files: List<Attached> = emptyList(),
    /** Whoever `@` and the letters after it may mean. */
    val candidates: List<MemberView> = emptyList(),
    val mentioned: List<MemberView> = emptyList(),
    /** Choices of a poll; null where it is none. */
    val poll: List<String>? = null,
    /** Whether a post that is there already is changed. */
    val editing: Boolean = false,
    val problem: Problem? = null,
    /** How many chosen files were too large. */
    val tooLarge: Int = 0,
    /** How many could not be read, or were more than a post has room for. */
    val leftOut: Int = 0,
    val busy: Boolean = false,
    val done: Boolean = false,
) {
    val kind: PostKind get() = if (question) PostKind.QUESTION else PostKind.TEXT

    val ready: Boolean get() = (text.isNotBlank() || files.isNotEmpty()) && text.codePointCount(0, text.length) <= POST_CHARS &&
        (poll == null || poll.count { it.isNotBlank() } >= 2)
}

sealed interface ComposeEvent {
    data class Text(val text: String) : ComposeEvent

    data class Question(val on: Boolean) : ComposeEvent

    data object AddFiles : ComposeEvent

    /** What another app gave joins what is here. */
    data class Take(val given: Given) : ComposeEvent

    data class Alt(val file: AttachmentId, val text: String) : ComposeEvent

    data class RemoveFile(val file: AttachmentId) : ComposeEvent

    data class Mention(val member: MemberView) : ComposeEvent

    data class Poll(val choices: List<String>?) : ComposeEvent

    data object Send : ComposeEvent
}
