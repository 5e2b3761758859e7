package dev.enishi.ui.unseen

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.id.MemberId
import dev.enishi.model.Delivery
import dev.enishi.model.UnseenMember
import dev.enishi.protocol.MessagesFrom
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.DeliveryMark
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.ChoiceRow
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.watch

data class UnseenState(
    /** Null until the phone's own store has been read. */
    val from: MessagesFrom? = null,
    val blocked: List<UnseenMember> = emptyList(),
    val muted: List<UnseenMember> = emptyList(),
    val problem: Problem? = null,
)

sealed interface UnseenEvent {
    data class AcceptFrom(val from: MessagesFrom) : UnseenEvent

    data class Unblock(val member: MemberId) : UnseenEvent

    data class Unmute(val member: MemberId) : UnseenEvent
}

/** Whom one does not see, and who may begin to write. */
class UnseenModel(private val place: Place) : ScreenModel<UnseenState, UnseenEvent>(UnseenState()) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            place.community.watch { Triple(acceptsMessagesFrom(), blocked(), muted()) }.collect { (from, blocked, muted) ->
                change { it.copy(from = from, blocked = blocked, muted = muted) }
            }
        }
    }

    override fun on(event: UnseenEvent) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            when (event) {
                is UnseenEvent.AcceptFrom -> place.community.acceptMessagesFrom(event.from)
                is UnseenEvent.Unblock -> place.community.block(event.member, false)
                is UnseenEvent.Unmute -> place.community.mute(event.member, false)
            }
        }
    }
}

/** Who may write to one, and who is out of sight; each can be undone at once. */
@Composable
fun UnseenScreen(state: UnseenState, on: (UnseenEvent) -> Unit, go: (To) -> Unit) = ColumnPage(words.unseenTitle, { go(To.Back) }) {
    ProblemNote(state.problem)
    val from = state.from ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
    Section(words.unseenFrom)
    Rows {
        Column(Modifier.padding(horizontal = 16.dp).selectableGroup()) {
            for (choice in MessagesFrom.entries) ChoiceRow(choice.called(words), choice == from, { on(UnseenEvent.AcceptFrom(choice)) }, choice.means(words))
        }
    }
    Aside(words.unseenFromText)
    Section(words.unseenBlocked)
    Aside(words.unseenBlockedText)
    People(state.blocked, words.unseenBlockedNone, words.unseenUnblock, { on(UnseenEvent.Unblock(it)) }, go)
    Section(words.unseenMuted)
    Aside(words.unseenMutedText)
    People(state.muted, words.unseenMutedNone, words.unseenUnmute, { on(UnseenEvent.Unmute(it)) }, go)
}

@Composable
private fun People(people: List<UnseenMember>, none: String, undo: String, onUndo: (MemberId) -> Unit, go: (To) -> Unit) = Rows {
    if (people.isEmpty()) Line(none)
    for (person in people) {
        val name = person.name ?: words.postNobody
        Line(name, Modifier.testTag("unseen"), start = { Avatar(person.id.value, name) }, end = {})
        Column(Modifier.padding(start = 60.dp)) {
            Column(Modifier.padding(start = 12.dp)) { if (person.delivery != Delivery.Sent) DeliveryMark(person.delivery) { go(To.Attention) } }
            QuietButton(undo, { onUndo(person.id) })
        }
    }
}

private fun MessagesFrom.called(words: Words): String = when (this) {
    MessagesFrom.EVERYONE -> words.unseenEveryone
    MessagesFrom.GROUPS -> words.unseenGroups
    MessagesFrom.NOBODY -> words.unseenNobody
}

private fun MessagesFrom.means(words: Words): String = when (this) {
    MessagesFrom.EVERYONE -> words.unseenEveryoneText
    MessagesFrom.GROUPS -> words.unseenGroupsText
    MessagesFrom.NOBODY -> words.unseenNobodyText
}
