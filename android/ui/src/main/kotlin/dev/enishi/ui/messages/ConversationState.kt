package dev.enishi.ui.messages

import dev.enishi.id.MessageId
import dev.enishi.model.MemberView
import dev.enishi.model.MessageView
import dev.enishi.model.MessageWindow
import dev.enishi.model.SyncStatus
import dev.enishi.ui.Problem

/** The most characters of a message. */
const val MESSAGE_CHARS = 4_000

data class ConversationState(
    val window: MessageWindow? = null,
    val loaded: Boolean = false,
    val text: String = "",
    /** A message whose text is being changed. */
    val editing: MessageId? = null,
    val status: SyncStatus? = null,
    /** Who could be added, while somebody is looked for; null while not. */
    val query: String? = null,
    val candidates: List<MemberView> = emptyList(),
    val problem: Problem? = null,
    val done: Boolean = false,
)

sealed interface ConversationEvent {
    data class Text(val text: String) : ConversationEvent

    data object Send : ConversationEvent

    data class Edit(val message: MessageView?) : ConversationEvent

    data class Delete(val message: MessageId) : ConversationEvent

    data class Decide(val accept: Boolean) : ConversationEvent

    data class Mute(val on: Boolean) : ConversationEvent

    data object Leave : ConversationEvent

    data class Query(val text: String?) : ConversationEvent

    data class Add(val member: MemberView) : ConversationEvent

    data class Seen(val newest: MessageView) : ConversationEvent

    data object Earlier : ConversationEvent
}
