package dev.enishi.ui.messages

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.enishi.created
import dev.enishi.model.ConversationView
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.beginOf
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.words
import dev.enishi.watchConversations

data class MessagesState(val conversations: List<ConversationView>? = null)

sealed interface MessagesEvent

class MessagesModel(place: Place) : ScreenModel<MessagesState, MessagesEvent>(MessagesState()) {
    init {
        follow(place.community.watchConversations()) { state, conversations -> state.copy(conversations = conversations) }
    }

    override fun on(event: MessagesEvent): Unit = Unit
}

/** Conversations, those that wait for an answer first. */
@Composable
fun MessagesScreen(state: MessagesState, go: (To) -> Unit) {
    SecureWindow()
    Page(words.tabMessages, null) { padding ->
        val conversations = state.conversations
        when {
            conversations == null -> Waiting(Modifier.padding(padding))
            conversations.isEmpty() -> Empty(words.messagesNone, Modifier.padding(padding), words.messagesFind) { go(To.People) }
            else -> {
                val (asked, others) = conversations.partition { it.askedBy != null }
                LazyColumn(Modifier.fillMaxSize().padding(padding).widthIn(max = 640.dp).testTag("conversations"), contentPadding = PaddingValues(bottom = 24.dp)) {
                    if (asked.isNotEmpty()) item("asked") { Section(words.messagesAsked, Modifier.padding(horizontal = 16.dp)) }
                    items(asked, key = { "${it.id}" }) { conversation -> ConversationLine(conversation, go) }
                    if (asked.isNotEmpty() && others.isNotEmpty()) item("others") { Section(words.messagesOthers, Modifier.padding(horizontal = 16.dp)) }
                    items(others, key = { "${it.id}" }) { conversation -> ConversationLine(conversation, go) }
                    item("who") { Aside(words.messagesWho, Modifier.padding(16.dp)) }
                }
            }
        }
    }
}

@Composable
private fun ConversationLine(conversation: ConversationView, go: (To) -> Unit) {
    val called = nameOf(conversation)
    val newest = conversation.newest
    val said = if (conversation.askedBy != null) words.messagesAsks else newest?.text
    val other = conversation.participants.firstOrNull { !it.own } ?: conversation.participants.first()
    val unread = words.messagesUnread(conversation.unread)
    Line(
        called, Modifier.testTag("conversation"), more = listOfNotNull(said?.let { beginOf(it, 60) }, newest?.let { saidTime(it.created) }).joinToString("\n").ifEmpty { null },
        onPress = { go(To.Conversation(conversation.id)) }, start = { Avatar(other.member.value, other.name) },
    ) {
        if (conversation.unread > 0) Box(Modifier.size(10.dp).background(MaterialTheme.colorScheme.primary, CircleShape).semantics { contentDescription = unread })
    }
}

/** A conversation's title, or who else is in it. */
@Composable
internal fun nameOf(conversation: ConversationView): String =
    conversation.title ?: othersIn(conversation)

/** Who else is in a conversation. */
@Composable
internal fun othersIn(conversation: ConversationView): String =
    conversation.participants.filter { !it.own }.joinToString(words.nameAnd) { it.name }.ifEmpty { words.messagesAlone }
