package dev.enishi.ui.attention

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.Refused
import dev.enishi.errorMessage
import dev.enishi.errorName
import dev.enishi.id.MutationId
import dev.enishi.protocol.ErrorCode
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.compose.POST_CHARS
import dev.enishi.ui.messages.MESSAGE_CHARS
import dev.enishi.ui.post.COMMENT_CHARS
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.watchAttention

data class AttentionState(val refused: List<Refused>? = null, val problem: Problem? = null)

sealed interface AttentionEvent {
    /** Once more, with another text where it was changed. */
    data class Again(val id: MutationId, val text: String?) : AttentionEvent

    data class WithoutFiles(val id: MutationId) : AttentionEvent

    data class Discard(val id: MutationId) : AttentionEvent
}

/** What the server refused: kept until the member has chosen. */
class AttentionModel(place: Place) : ScreenModel<AttentionState, AttentionEvent>(AttentionState()) {
    private val community = place.community

    init {
        follow(community.watchAttention()) { state, refused -> state.copy(refused = refused) }
    }

    override fun on(event: AttentionEvent) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            when (event) {
                is AttentionEvent.Again -> community.retry(event.id, event.text)
                is AttentionEvent.WithoutFiles -> community.retryWithoutFiles(event.id, null)
                is AttentionEvent.Discard -> community.discard(event.id)
            }
        }
    }
}

/** Each with its reason and three choices: send it again, change it, or let it go. */
@Composable
fun AttentionScreen(state: AttentionState, on: (AttentionEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.attentionTitle, { go(To.Back) }) {
        ProblemNote(state.problem)
        val refused = state.refused
        when {
            refused == null -> Waiting()
            refused.isEmpty() -> Empty(words.attentionNone, action = words.actionBack) { go(To.Back) }
            else -> {
                Body(words.attentionText)
                for (one in refused) RefusedCard(one, on)
            }
        }
    }
}

private val FilesLost = setOf(
    ErrorCode.ATTACHMENT_LOST, ErrorCode.ATTACHMENT_MISSING, ErrorCode.FILE_MISSING, ErrorCode.FILE_TOO_LARGE, ErrorCode.FILE_UNREADABLE,
    ErrorCode.FILE_KIND_UNKNOWN, ErrorCode.IMAGE_TOO_LARGE, ErrorCode.PDF_ACTIVE, ErrorCode.PDF_ENCRYPTED, ErrorCode.PDF_TOO_LONG,
    ErrorCode.UPLOAD_BROKEN, ErrorCode.UPLOAD_CANCELLED, ErrorCode.UPLOAD_QUOTA,
)

@Composable
private fun RefusedCard(one: Refused, on: (AttentionEvent) -> Unit) {
    var text by rememberSaveable(one.id.toString()) { mutableStateOf<String?>(null) }
    var dropping by rememberSaveable(one.id.toString()) { mutableStateOf(false) }
    Card(Modifier.testTag("refused"), between = 12) {
        Section(whatWas(one.kind, words))
        Body(errorMessage(one.reason, words.language))
        Aside(errorName(one.reason))
        one.theirs?.let { theirs ->
            Section(words.attentionTheirs)
            Body(theirs)
            Section(words.attentionYours)
        }
        val changed = text
        if (changed != null) Field(changed, { text = it }, words.attentionField, Modifier.testTag("refused-text"), limit = limitOf(one.kind), lines = 4, learns = false)
        else one.yours?.let { Body(words.quoted(it)) }
        MainButton(words.attentionAgain, { on(AttentionEvent.Again(one.id, changed)) })
        if (one.reason in FilesLost) OtherButton(words.attentionWithout, { on(AttentionEvent.WithoutFiles(one.id)) })
        if (one.yours != null && changed == null && limitOf(one.kind) != null) OtherButton(words.attentionChange, { text = one.yours })
        QuietButton(words.attentionDrop, { dropping = true }, danger = true)
    }
    if (dropping) {
        Confirm(words.attentionDrop, words.attentionDropText, words.attentionDrop, onDismiss = { dropping = false }, onDo = {
            dropping = false
            on(AttentionEvent.Discard(one.id))
        })
    }
}

/** The most characters of what can be changed here; null for what is changed where it was written. */
private fun limitOf(kind: String): Int? = when {
    kind.startsWith("post.") || kind.startsWith("poll.") -> POST_CHARS
    kind.startsWith("comment.") -> COMMENT_CHARS
    kind.startsWith("message.") -> MESSAGE_CHARS
    else -> null
}

/** What was to be done, by the operation's name. */
private fun whatWas(kind: String, words: Words): String = when {
    kind.startsWith("post.") || kind.startsWith("poll.") -> words.attentionPost
    kind.startsWith("comment.") -> words.attentionComment
    kind.startsWith("message.") || kind.startsWith("conversation.") -> words.attentionMessage
    kind.startsWith("profile.") -> words.attentionProfile
    kind.startsWith("group.") -> words.attentionGroup
    else -> words.attentionOther
}
