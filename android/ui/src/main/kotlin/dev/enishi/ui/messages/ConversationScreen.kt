package dev.enishi.ui.messages

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.created
import dev.enishi.model.MessageView
import dev.enishi.model.MessageWindow
import dev.enishi.model.Reach
import dev.enishi.protocol.Subject
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.DeliveryMark
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.LinkedText
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Menu
import dev.enishi.ui.parts.MenuItem
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.PressIcon
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** A conversation: the newest message at the bottom, above the field. */
@Composable
fun ConversationScreen(state: ConversationState, on: (ConversationEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    LaunchedEffect(state.done) { if (state.done) go(To.Back) }
    var leaving by rememberSaveable { mutableStateOf(false) }
    val window = state.window
    Page(
        window?.let { nameOf(it.conversation) } ?: words.tabMessages, { go(To.Back) },
        actions = { if (window != null) ConversationMenu(window, on, go) { leaving = true } },
        below = { if (window != null) Bottom(state, window, on) },
    ) { padding ->
        when {
            window != null -> Messages(state, window, padding, on, go)
            state.loaded -> Empty(words.conversationGone, Modifier.padding(padding), words.actionBack) { go(To.Back) }
            else -> Waiting(Modifier.padding(padding))
        }
    }
    if (leaving) {
        Confirm(words.conversationLeave, words.conversationLeaveText, words.conversationLeave, onDismiss = { leaving = false }, onDo = {
            leaving = false
            on(ConversationEvent.Leave)
        })
    }
}

@Composable
private fun ConversationMenu(window: MessageWindow, on: (ConversationEvent) -> Unit, go: (To) -> Unit, onLeave: () -> Unit) {
    val conversation = window.conversation
    val other = conversation.participants.firstOrNull { !it.own }
    Menu(
        listOfNotNull(
            other?.let { MenuItem(words.memberTitle) { go(To.Member(it.member)) } },
            MenuItem(if (conversation.muted) words.conversationUnmute else words.conversationMute) { on(ConversationEvent.Mute(!conversation.muted)) },
            MenuItem(words.conversationAdd) { on(ConversationEvent.Query("")) }.takeIf { !conversation.pair },
            MenuItem(words.conversationLeave, danger = true, onLeave).takeIf { !conversation.pair },
        ),
    )
}

@Composable
private fun Messages(state: ConversationState, window: MessageWindow, padding: PaddingValues, on: (ConversationEvent) -> Unit, go: (To) -> Unit) {
    val newest = window.messages.lastOrNull { it.position != null }
    LaunchedEffect(newest?.id) { if (newest != null && window.conversation.askedBy == null) on(ConversationEvent.Seen(newest)) }
    LazyColumn(
        Modifier.fillMaxSize().padding(padding).testTag("messages"), reverseLayout = true,
        contentPadding = PaddingValues(16.dp), verticalArrangement = Arrangement.spacedBy(10.dp),
    ) {
        if (state.status?.reach is Reach.Offline) item("offline") { Aside(words.feedOffline) }
        items(window.messages.asReversed(), key = { "${it.id}" }) { message -> Bubble(message, window.conversation.pair, on, go) }
        if (window.moreAbove) item("earlier") { QuietButton(words.conversationEarlier, { on(ConversationEvent.Earlier) }) }
        item("who") { Aside(words.messagesWho, Modifier.padding(vertical = 12.dp)) }
    }
}

@Composable
private fun Bubble(message: MessageView, pair: Boolean, on: (ConversationEvent) -> Unit, go: (To) -> Unit) {
    val colours = MaterialTheme.colorScheme
    Box(Modifier.fillMaxWidth().testTag("message"), if (message.own) Alignment.CenterEnd else Alignment.CenterStart) {
        Column(Modifier.widthIn(max = 320.dp), Arrangement.spacedBy(2.dp), if (message.own) Alignment.End else Alignment.Start) {
            if (!message.own && !pair) Aside(message.authorName ?: words.postNobody)
            Row(verticalAlignment = Alignment.CenterVertically) {
                if (message.own) MessageMenu(message, on, go)
                Surface(Modifier.weight(1f, fill = false), MaterialTheme.shapes.medium, if (message.own) colours.primaryContainer else colours.surfaceContainerLowest) {
                    Column(Modifier.padding(horizontal = 14.dp, vertical = 8.dp)) { LinkedText(message.text) }
                }
                if (!message.own) MessageMenu(message, on, go)
            }
            DeliveryMark(message.delivery) { go(To.Attention) }
            Aside(listOfNotNull(saidTime(message.created), if (message.edited) words.postEdited else null).joinToString(words.listDot))
        }
    }
}

@Composable
private fun MessageMenu(message: MessageView, on: (ConversationEvent) -> Unit, go: (To) -> Unit) {
    var deleting by rememberSaveable { mutableStateOf(false) }
    if (deleting) {
        Confirm(words.messageDelete, words.messageDeleteText, words.messageDelete, onDismiss = { deleting = false }, onDo = {
            deleting = false
            on(ConversationEvent.Delete(message.id))
        })
    }
    Menu(if (message.own) listOf(
        MenuItem(words.actionEdit) { on(ConversationEvent.Edit(message)) },
        MenuItem(words.messageDelete, danger = true) { deleting = true },
    ) else listOf(MenuItem(words.reportPost) { go(To.Report(Subject.Message(message.id), message.conversation)) }))
}

@Composable
private fun Bottom(state: ConversationState, window: MessageWindow, on: (ConversationEvent) -> Unit) {
    Surface(color = MaterialTheme.colorScheme.surfaceContainerLow) {
        Column(
            Modifier.fillMaxWidth().windowInsetsPadding(WindowInsets.navigationBars).imePadding().padding(horizontal = 16.dp, vertical = 8.dp),
            Arrangement.spacedBy(8.dp),
        ) {
            ProblemNote(state.problem)
            val asked = window.conversation.askedBy
            if (asked != null) {
                val name = window.conversation.participants.firstOrNull { it.member == asked }?.name ?: words.postNobody
                Text(words.conversationAsks(name), style = MaterialTheme.typography.bodyMedium)
                MainButton(words.conversationAccept, { on(ConversationEvent.Decide(true)) })
                OtherButton(words.conversationDecline, { on(ConversationEvent.Decide(false)) })
                return@Column
            }
            state.query?.let { query ->
                Field(query, { on(ConversationEvent.Query(it)) }, words.peopleField, limit = 200, learns = false)
                for (member in state.candidates) Line(member.name, more = member.past(words).ifEmpty { null }, onPress = { on(ConversationEvent.Add(member)) }, start = { Avatar(member.id.value, member.name, 32.dp) })
                QuietButton(words.actionClose, { on(ConversationEvent.Query(null)) })
            }
            if (state.editing != null) QuietButton(words.commentEditStop, { on(ConversationEvent.Edit(null)) })
            Aside(words.messagesReaders(othersIn(window.conversation)))
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                Field(state.text, { on(ConversationEvent.Text(it)) }, words.conversationText, Modifier.weight(1f).testTag("message-text"), limit = MESSAGE_CHARS, lines = if ('\n' in state.text || state.text.length > 40) 3 else 1, learns = false)
                PressIcon(Icons.Send, words.actionSend, { on(ConversationEvent.Send) }, Modifier.testTag("send-message"), enabled = state.text.isNotBlank())
            }
        }
    }
}
