package dev.enishi.ui.groups

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.lifecycle.SavedStateHandle
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.RequestId
import dev.enishi.model.Belonging
import dev.enishi.model.GroupMemberView
import dev.enishi.model.GroupView
import dev.enishi.model.JoinRequestView
import dev.enishi.model.MemberView
import dev.enishi.protocol.Joining
import dev.enishi.protocol.Stream
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch

data class GroupState(
    val group: GroupView? = null,
    val loaded: Boolean = false,
    val members: List<GroupMemberView> = emptyList(),
    val requests: List<JoinRequestView> = emptyList(),
    val note: String = "",
    /** Who could be invited, for what was typed. */
    val query: String = "",
    val candidates: List<MemberView> = emptyList(),
    val invited: Set<MemberId> = emptySet(),
    val done: Boolean = false,
    val problem: Problem? = null,
)

sealed interface GroupEvent {
    data class Note(val text: String) : GroupEvent

    data object Join : GroupEvent

    data object Leave : GroupEvent

    data class Decide(val request: RequestId, val accept: Boolean) : GroupEvent

    data class Query(val text: String) : GroupEvent

    data class Invite(val member: MemberId) : GroupEvent
}

/** A group: what it is for, who is in it, and how to get in or out. */
class GroupModel(place: Place, private val id: GroupId, saved: SavedStateHandle) : ScreenModel<GroupState, GroupEvent>(GroupState()) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.note) }) { state, (note) -> state.copy(note = note) }
        follow(community.watch { groups().firstOrNull { it.id == id } }) { state, group -> state.copy(group = group, loaded = true) }
        follow(community.watch { if (groups().any { it.id == id && it.belonging == Belonging.MEMBER }) groupMembers(id) else emptyList() }) { state, members -> state.copy(members = members) }
        follow(community.watch { joinRequests().filter { it.group == id } }) { state, requests -> state.copy(requests = requests) }
    }

    override fun on(event: GroupEvent) {
        when (event) {
            is GroupEvent.Note -> change { it.copy(note = event.text) }
            GroupEvent.Join -> doing { community.joinGroup(id, state.value.note.trim()) }
            GroupEvent.Leave -> doing {
                community.leaveGroup(id)
                change { it.copy(done = true) }
            }
            is GroupEvent.Decide -> doing { community.decide(event.request, id, event.accept) }
            is GroupEvent.Query -> {
                change { it.copy(query = event.text) }
                doing {
                    val inside = state.value.members.map { it.id }.toSet()
                    val found = if (event.text.isBlank()) emptyList() else community.directory(event.text, 8u).filter { it.id !in inside }
                    change { if (it.query == event.text) it.copy(candidates = found) else it }
                }
            }
            is GroupEvent.Invite -> doing {
                community.inviteToGroup(id, event.member)
                change { it.copy(invited = it.invited + event.member) }
            }
        }
    }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }, what)
    }
}

@Composable
fun GroupScreen(state: GroupState, on: (GroupEvent) -> Unit, go: (To) -> Unit) {
    val group = state.group
    var leaving by rememberSaveable { mutableStateOf(false) }
    LaunchedEffect(state.done) { if (state.done) go(To.Back) }
    ColumnPage(group?.name ?: words.groupsTitle, { go(To.Back) }) {
        if (group == null) {
            if (state.loaded) Empty(words.groupGone, action = words.actionBack) { go(To.Back) } else Waiting()
            return@ColumnPage
        }
        Aside(factsOf(group))
        if (group.description.isNotBlank()) Body(group.description)
        if (group.closedToStaff) Note(words.groupClosedText, Icons.Lock)
        ProblemNote(state.problem)
        when (group.belonging) {
            Belonging.MEMBER -> Inside(group, state, on, go) { leaving = true }
            Belonging.INVITED -> MainButton(words.groupAccept, { on(GroupEvent.Join) })
            Belonging.REQUESTED -> Note(words.groupRequestedText, Icons.Clock)
            Belonging.OUTSIDE -> Outside(group, state, on)
        }
    }
    if (leaving) {
        Confirm(words.groupLeave, words.groupLeaveText, words.groupLeave, onDismiss = { leaving = false }, onDo = {
            leaving = false
            on(GroupEvent.Leave)
        })
    }
}

@Composable
private fun Outside(group: GroupView, state: GroupState, on: (GroupEvent) -> Unit) {
    when (group.joining) {
        Joining.OPEN -> MainButton(words.groupJoin, { on(GroupEvent.Join) })
        Joining.REQUEST -> {
            Field(state.note, { on(GroupEvent.Note(it)) }, words.joinNote, Modifier.testTag("group-note"), limit = 1_000, lines = 2)
            MainButton(words.groupAsk, { on(GroupEvent.Join) })
        }
        Joining.INVITATION -> Note(words.groupByInvitation, Icons.Mail)
    }
}

@Composable
private fun Inside(group: GroupView, state: GroupState, on: (GroupEvent) -> Unit, go: (To) -> Unit, onLeave: () -> Unit) {
    MainButton(words.groupWrite, { go(To.Compose(Stream.Group(group.id))) })
    for (request in state.requests) {
        Card {
            Body(words.groupAsks("${request.request.name.family} ${request.request.name.given}"))
            if (request.request.note.isNotBlank()) Aside(request.request.note)
            MainButton(words.groupLetIn, { on(GroupEvent.Decide(request.id, true)) })
            OtherButton(words.groupLetOut, { on(GroupEvent.Decide(request.id, false)) })
        }
    }
    Section(words.groupInvite)
    Field(state.query, { on(GroupEvent.Query(it)) }, words.peopleField, Modifier.testTag("group-invite"), limit = 200)
    for (member in state.candidates) {
        Line(member.name, more = member.past(words).ifEmpty { null }, start = { Avatar(member.id.value, member.name) }) {
            if (member.id in state.invited) Aside(words.groupInvited) else QuietButton(words.groupInviteDo, { on(GroupEvent.Invite(member.id)) })
        }
    }
    Section(words.groupPeople)
    for (member in state.members) {
        Line(member.name, more = if (member.keeper) words.groupKeeper else null, onPress = { go(To.Member(member.id)) }, start = { Avatar(member.id.value, member.name) })
    }
    QuietButton(words.groupLeave, onLeave, danger = true)
}
