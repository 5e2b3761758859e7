package dev.enishi.ui.groups

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.lifecycle.SavedStateHandle
import dev.enishi.protocol.Joining
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.ChoiceRow
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.theme.words

data class NewGroupState(
    val name: String = "",
    val description: String = "",
    val joining: Joining = Joining.OPEN,
    val secret: Boolean = false,
    val closed: Boolean = false,
    val problem: Problem? = null,
    val busy: Boolean = false,
    val next: To? = null,
) {
    val ready: Boolean get() = name.isNotBlank() && name.codePointCount(0, name.length) <= GROUP_NAME_CHARS
}

/** The most characters of a group's name. */
private const val GROUP_NAME_CHARS = 80

sealed interface NewGroupEvent {
    data class Change(val how: (NewGroupState) -> NewGroupState) : NewGroupEvent

    data object Make : NewGroupEvent

    data object Taken : NewGroupEvent
}

class NewGroupModel(place: Place, saved: SavedStateHandle) : ScreenModel<NewGroupState, NewGroupEvent>(NewGroupState()) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.name, it.description) }) { state, (name, description) -> state.copy(name = name, description = description) }
    }

    override fun on(event: NewGroupEvent) {
        when (event) {
            is NewGroupEvent.Change -> change { event.how(it).copy(problem = null) }
            NewGroupEvent.Make -> make()
            NewGroupEvent.Taken -> change { it.copy(next = null) }
        }
    }

    private fun make() {
        if (state.value.busy) return
        change { it.copy(busy = true) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val group = state.value.run {
                if (closed) community.createGroupClosedToStaff(name.trim(), description.trim(), joining, secret)
                else community.createGroup(name.trim(), description.trim(), joining, secret)
            }
            change { it.copy(busy = false, next = To.Group(group)) }
        }
    }
}

/** A place for some, made by one of them. */
@Composable
fun NewGroupScreen(state: NewGroupState, on: (NewGroupEvent) -> Unit, go: (To) -> Unit) {
    ColumnPage(words.groupsNew, { go(To.Back) }) {
        Field(state.name, { text -> on(NewGroupEvent.Change { it.copy(name = text) }) }, words.newGroupName, Modifier.testTag("group-name"), limit = GROUP_NAME_CHARS)
        Field(state.description, { text -> on(NewGroupEvent.Change { it.copy(description = text) }) }, words.newGroupDescription, limit = 1_000, lines = 2)
        Section(words.newGroupJoining)
        ChoiceRow(words.newGroupOpen, state.joining == Joining.OPEN, enabled = !state.secret, onChoose = { on(NewGroupEvent.Change { it.copy(joining = Joining.OPEN) }) })
        ChoiceRow(words.newGroupRequest, state.joining == Joining.REQUEST, enabled = !state.secret, onChoose = { on(NewGroupEvent.Change { it.copy(joining = Joining.REQUEST) }) })
        ChoiceRow(words.newGroupInvitation, state.joining == Joining.INVITATION, { on(NewGroupEvent.Change { it.copy(joining = Joining.INVITATION) }) })
        SwitchRow(words.newGroupClosed, state.closed, { value -> on(NewGroupEvent.Change { it.copy(closed = value) }) }, more = words.newGroupClosedText)
        SwitchRow(words.newGroupSecret, state.secret, { value -> on(NewGroupEvent.Change { it.copy(secret = value, joining = if (value) Joining.INVITATION else it.joining) }) }, more = words.newGroupSecretText)
        ProblemNote(state.problem)
        MainButton(words.newGroupMake, { on(NewGroupEvent.Make) }, enabled = state.ready, busy = state.busy)
    }
}
