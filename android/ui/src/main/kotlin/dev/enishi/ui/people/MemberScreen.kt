package dev.enishi.ui.people

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.enishi.id.MemberId
import dev.enishi.model.MemberView
import dev.enishi.protocol.Affiliation
import dev.enishi.protocol.ProfileField
import dev.enishi.protocol.Role
import dev.enishi.protocol.Standing
import dev.enishi.protocol.Subject
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.LinkedText
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Menu
import dev.enishi.ui.parts.MenuItem
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.called
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch

data class MemberState(
    val member: MemberView? = null,
    val loaded: Boolean = false,
    val own: Boolean = false,
    val blocked: Boolean = false,
    val muted: Boolean = false,
    val busy: Boolean = false,
    val problem: Problem? = null,
    val next: To? = null,
)

sealed interface MemberEvent {
    data object Message : MemberEvent

    data class Block(val on: Boolean) : MemberEvent

    data class Mute(val on: Boolean) : MemberEvent

    data object Taken : MemberEvent
}

/** Somebody as they show themselves to this member. */
class MemberModel(place: Place, private val member: MemberId) : ScreenModel<MemberState, MemberEvent>(MemberState(own = place.membership.member == member)) {
    private val community = place.community

    init {
        follow(community.watch { findMember(member) }) { state, found -> state.copy(member = found, loaded = true) }
        follow(community.watch { blocked().any { it.id == member } to muted().any { it.id == member } }) { state, (blocked, muted) -> state.copy(blocked = blocked, muted = muted) }
    }

    override fun on(event: MemberEvent) {
        when (event) {
            MemberEvent.Message -> doing {
                val conversation = community.startConversation(listOf(member), null)
                change { it.copy(next = To.Conversation(conversation)) }
            }
            is MemberEvent.Block -> doing { community.block(member, event.on) }
            is MemberEvent.Mute -> doing { community.mute(member, event.on) }
            MemberEvent.Taken -> change { it.copy(next = null) }
        }
    }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }, what)
    }
}

/** A profile: what they chose to show, and a way to write to them. */
@Composable
fun MemberScreen(state: MemberState, on: (MemberEvent) -> Unit, go: (To) -> Unit) {
    var blocking by rememberSaveable { mutableStateOf(false) }
    val member = state.member
    ColumnPage(
        words.memberTitle, { go(To.Back) },
        actions = {
            if (member != null && !state.own) Menu(
                listOf(
                    MenuItem(if (state.muted) words.memberUnmute else words.memberMute) { on(MemberEvent.Mute(!state.muted)) },
                    MenuItem(if (state.blocked) words.memberUnblock else words.memberBlock, danger = !state.blocked) { if (state.blocked) on(MemberEvent.Block(false)) else blocking = true },
                    MenuItem(words.memberReport) { go(To.Report(Subject.Member(member.id))) },
                ),
            )
        },
    ) {
        if (member == null) {
            when {
                state.blocked -> Note(words.memberBlocked, Icons.Block, action = words.memberUnblock, onAction = { on(MemberEvent.Block(false)) })
                state.loaded -> Empty(words.memberGone, action = words.actionBack) { go(To.Back) }
                else -> Waiting()
            }
            ProblemNote(state.problem)
            return@ColumnPage
        }
        Head(member)
        if (state.blocked) Note(words.memberBlocked, Icons.Block, action = words.memberUnblock, onAction = { on(MemberEvent.Block(false)) })
        if (state.muted) Note(words.memberMuted, Icons.Mute, action = words.memberUnmute, onAction = { on(MemberEvent.Mute(false)) })
        ProblemNote(state.problem)
        if (state.own) MainButton(words.memberOwn, { go(To.Profile) })
        else if (!state.blocked && member.standing == Standing.ACTIVE) MainButton(words.memberMessage, { on(MemberEvent.Message) })
        Fields(member)
    }
    if (blocking && member != null) {
        Confirm(words.memberBlockTitle(member.name), words.memberBlockText, words.memberBlock, onDismiss = { blocking = false }, onDo = {
            blocking = false
            on(MemberEvent.Block(true))
        })
    }
}

@Composable
private fun Head(member: MemberView) {
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterHorizontally) {
        Avatar(member.id.value, member.name, 88.dp)
        Text(member.name, style = MaterialTheme.typography.headlineSmall)
        val role = when (member.role) {
            Role.OWNER -> words.roleOwner
            Role.ADMIN -> words.roleAdmin
            Role.MODERATOR -> words.roleModerator
            Role.MEMBER -> null
        }
        val marks = listOfNotNull(member.past(words).ifEmpty { null }, role, if (member.supporter) words.supporter else null)
        if (marks.isNotEmpty()) Text(marks.joinToString("\n"), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant, textAlign = androidx.compose.ui.text.style.TextAlign.Center)
    }
}

/** The fields that are not in the head already, in the order in which people ask. */
private val Shown = listOf(
    ProfileField.ABOUT, ProfileField.TITLE, ProfileField.EMPLOYER, ProfileField.EXPERTISE, ProfileField.LOCATION, ProfileField.FORMER_NAME, ProfileField.CONTACT,
)

@Composable
private fun Fields(member: MemberView) {
    val fields = Shown.mapNotNull { field -> member.fields[field]?.let { field to it } }
    if (fields.isEmpty()) return Aside(if (member.affiliation == Affiliation.EMPLOYEE) words.memberNothingEmployee else words.memberNothing)
    Card {
        for ((field, text) in fields) {
            Section(field.called(words))
            LinkedText(text)
        }
    }
}
