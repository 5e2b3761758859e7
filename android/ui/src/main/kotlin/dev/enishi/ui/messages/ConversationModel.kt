package dev.enishi.ui.messages

import androidx.lifecycle.viewModelScope
import dev.enishi.id.ConversationId
import dev.enishi.model.MessageView
import dev.enishi.ui.Draft
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watchMessages
import dev.enishi.watchStatus
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What some members say to each other and nobody else reads. */
@OptIn(ExperimentalCoroutinesApi::class)
class ConversationModel(place: Place, private val id: ConversationId) : ScreenModel<ConversationState, ConversationEvent>(ConversationState()) {
    private val community = place.community
    private val draft = Draft(community, "message:$id", viewModelScope)
    private val size = MutableStateFlow(60)

    init {
        viewModelScope.launch {
            size.flatMapLatest { community.watchMessages(id, size = it) }.collect { window -> change { it.copy(window = window, loaded = true) } }
        }
        follow(community.watchStatus()) { state, status -> state.copy(status = status) }
        viewModelScope.launch {
            val begun = draft.read()
            change { it.copy(text = it.text.ifEmpty { begun }) }
        }
    }

    override fun on(event: ConversationEvent) {
        when (event) {
            is ConversationEvent.Text -> {
                if (state.value.editing == null) draft.write(event.text)
                change { it.copy(text = event.text, problem = null) }
            }
            ConversationEvent.Send -> send()
            is ConversationEvent.Edit -> edit(event.message)
            is ConversationEvent.Delete -> doing { community.deleteMessage(event.message) }
            is ConversationEvent.Decide -> doing {
                community.decideConversation(id, event.accept)
                if (!event.accept) change { it.copy(done = true) }
            }
            is ConversationEvent.Mute -> doing { community.muteConversation(id, event.on) }
            ConversationEvent.Leave -> doing {
                community.leaveConversation(id)
                change { it.copy(done = true) }
            }
            is ConversationEvent.Query -> {
                change { it.copy(query = event.text) }
                val text = event.text ?: return
                doing {
                    val inside = state.value.window?.conversation?.participants.orEmpty().map { it.member }.toSet()
                    val found = if (text.isBlank()) emptyList() else community.directory(text, 8u).filter { it.id !in inside }
                    change { if (it.query == text) it.copy(candidates = found) else it }
                }
            }
            is ConversationEvent.Add -> doing {
                community.addToConversation(id, listOf(event.member.id))
                change { it.copy(query = null, candidates = emptyList()) }
            }
            is ConversationEvent.Seen -> event.newest.position?.let { position -> doing { community.markConversationRead(id, position) } }
            ConversationEvent.Earlier -> size.update { it + 60 }
        }
    }

    private fun doing(what: suspend () -> Unit) = attempt({ state, problem -> state.copy(problem = problem) }, what)

    /** What was being written meanwhile is there again once the editing is over. */
    private fun edit(message: MessageView?) {
        change { it.copy(editing = message?.id, text = message?.text.orEmpty()) }
        if (message == null) viewModelScope.launch {
            val begun = draft.read()
            change { if (it.editing == null && it.text.isEmpty()) it.copy(text = begun) else it }
        }
    }

    private fun send() {
        val written = state.value
        if (written.text.isBlank()) return
        // The field is emptied at once: a second press finds nothing to send again.
        change { it.copy(text = "", editing = null, problem = null) }
        attempt({ state, problem -> state.copy(problem = problem, text = state.text.ifEmpty { written.text }, editing = written.editing) }) {
            val editing = written.editing
            if (editing != null) {
                community.editMessage(editing, written.text)
                edit(null)
            } else {
                community.writeMessage(id, written.text)
                draft.forget()
            }
        }
    }
}
