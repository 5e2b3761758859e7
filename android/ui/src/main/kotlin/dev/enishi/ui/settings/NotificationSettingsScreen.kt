package dev.enishi.ui.settings

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.id.GroupId
import dev.enishi.protocol.Level
import dev.enishi.protocol.NotificationKind
import dev.enishi.protocol.NotificationSettings
import dev.enishi.ui.Problem
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Choose
import dev.enishi.ui.parts.Chooses
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words

data class NotificationSettingsState(
    val community: String,
    /** Null until the phone's own store has been read. */
    val settings: NotificationSettings? = null,
    /** The groups that one is in. */
    val groups: List<Pair<GroupId, String>> = emptyList(),
    /** Whether notifications of this community may say on the locked screen what they are about. */
    val tellsContent: Boolean = false,
    /** Whether the system shows this app's notifications. */
    val mayNotify: Boolean = true,
    val problem: Problem? = null,
)

sealed interface NotificationSettingsEvent {
    data object Look : NotificationSettingsEvent

    data object Allow : NotificationSettingsEvent

    data class Kind(val kind: NotificationKind, val level: Level) : NotificationSettingsEvent

    data class Group(val group: GroupId, val level: Level) : NotificationSettingsEvent

    /** Keeps quiet between two minutes of the day; null for never. */
    data class Quiet(val hours: Hours?) : NotificationSettingsEvent

    data class TellContent(val on: Boolean) : NotificationSettingsEvent
}

/** From a minute of the day until before another. */
data class Hours(val from: Int, val to: Int)

/** What is asked just now. */
private sealed interface Asked {
    data class Kind(val kind: NotificationKind) : Asked

    data class Group(val group: GroupId, val name: String) : Asked

    data object From : Asked

    data object To : Asked
}

/** What one wishes to hear of, from whom, and when. */
@Composable
fun NotificationSettingsScreen(state: NotificationSettingsState, on: (NotificationSettingsEvent) -> Unit, go: (To) -> Unit) {
    var asked by remember { mutableStateOf<Asked?>(null) }
    ColumnPage(words.notifyTitle, { go(To.Back) }) {
        if (!state.mayNotify) {
            Note(words.notifyDenied, Icons.Bell, Modifier.testTag("denied"), action = words.notifyAllow, onAction = { on(NotificationSettingsEvent.Allow) })
        }
        ProblemNote(state.problem)
        val settings = state.settings ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
        Aside(words.notifyLead(state.community))
        Section(words.notifyQuiet)
        Quiet(settings, on) { asked = it }
        Section(words.notifyScreen)
        Rows {
            Column(Modifier.padding(horizontal = 16.dp)) {
                SwitchRow(words.notifyContent, state.tellsContent, { on(NotificationSettingsEvent.TellContent(it)) }, words.notifyContentText)
            }
        }
        Section(words.notifyKinds)
        Rows {
            for (kind in Kinds) Chooses(kind.called(words), settings.level(kind).called(words), { asked = Asked.Kind(kind) })
        }
        if (state.groups.isNotEmpty()) {
            Section(words.notifyGroups)
            Rows {
                for ((id, name) in state.groups) {
                    Chooses(name, (settings.groups[id] ?: Level.ALERT).called(words), { asked = Asked.Group(id, name) })
                }
            }
        }
    }
    Asking(asked, state.settings ?: return, on) { asked = null }
}

@Composable
private fun Quiet(settings: NotificationSettings, on: (NotificationSettingsEvent) -> Unit, ask: (Asked) -> Unit) = Rows {
    val quiet = settings.hours
    Column(Modifier.padding(horizontal = 16.dp)) {
        SwitchRow(words.notifyQuietOn, quiet != null, { on(NotificationSettingsEvent.Quiet(if (it) Night else null)) }, words.notifyQuietText)
    }
    if (quiet != null) {
        Chooses(words.notifyFrom, clock(quiet.from), { ask(Asked.From) })
        Chooses(words.notifyTo, clock(quiet.to), { ask(Asked.To) })
    }
}

@Composable
private fun Asking(asked: Asked?, settings: NotificationSettings, on: (NotificationSettingsEvent) -> Unit, close: () -> Unit) {
    val quiet = settings.hours ?: Night
    val answer = { event: NotificationSettingsEvent ->
        close()
        on(event)
    }
    when (asked) {
        is Asked.Kind -> Choose(asked.kind.called(words), Level.entries, settings.level(asked.kind), { it.called(words) }, { answer(NotificationSettingsEvent.Kind(asked.kind, it)) }, close)
        is Asked.Group -> Choose(asked.name, Level.entries, settings.groups[asked.group] ?: Level.ALERT, { it.called(words) }, { answer(NotificationSettingsEvent.Group(asked.group, it)) }, close)
        Asked.From -> Choose(words.notifyFrom, times(quiet.from), quiet.from, { clock(it) }, { answer(NotificationSettingsEvent.Quiet(quiet.copy(from = it))) }, close)
        Asked.To -> Choose(words.notifyTo, times(quiet.to), quiet.to, { clock(it) }, { answer(NotificationSettingsEvent.Quiet(quiet.copy(to = it))) }, close)
        null -> Unit
    }
}

/** What most people sleep in. */
private val Night = Hours(22 * 60, 7 * 60)

/** Every full hour, and the one that is set. */
private fun times(set: Int): List<Int> = ((0..23).map { it * 60 } + set).distinct().sorted()

private fun clock(minute: Int): String = "%d:%02d".format(minute / 60, minute % 60)

internal val NotificationSettings.hours: Hours? get() = quiet?.let { Hours(it.from.toInt(), it.to.toInt()) }

/** What is not named draws attention. */
private fun NotificationSettings.level(kind: NotificationKind): Level = kinds[kind.name.lowercase()] ?: Level.ALERT

/** What most people get most of comes first. */
private val Kinds = listOf(
    NotificationKind.MESSAGE, NotificationKind.MESSAGE_REQUEST, NotificationKind.MENTION, NotificationKind.COMMENT, NotificationKind.REPLY,
    NotificationKind.ANNOUNCEMENT, NotificationKind.GROUP_INVITATION, NotificationKind.DECISION, NotificationKind.JOIN_REQUEST,
)

private fun NotificationKind.called(words: Words): String = when (this) {
    NotificationKind.ANNOUNCEMENT -> words.notifyKindAnnouncement
    NotificationKind.COMMENT -> words.notifyKindComment
    NotificationKind.DECISION -> words.notifyKindDecision
    NotificationKind.GROUP_INVITATION -> words.notifyKindGroupInvitation
    NotificationKind.JOIN_REQUEST -> words.notifyKindJoinRequest
    NotificationKind.MENTION -> words.notifyKindMention
    NotificationKind.MESSAGE -> words.notifyKindMessage
    NotificationKind.MESSAGE_REQUEST -> words.notifyKindMessageRequest
    NotificationKind.REPLY -> words.notifyKindReply
}

private fun Level.called(words: Words): String = when (this) {
    Level.ALERT -> words.notifyAlert
    Level.LIST -> words.notifyList
    Level.OFF -> words.notifyOff
}
