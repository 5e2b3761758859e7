package dev.enishi.ui.invite

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.lifecycle.SavedStateHandle
import dev.enishi.expires
import dev.enishi.id.InvitationId
import dev.enishi.model.Delivery
import dev.enishi.model.InvitationView
import dev.enishi.model.MadeInvitation
import dev.enishi.model.NewInvitation
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QrCode
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.parts.saidDate
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch

data class InviteState(
    val community: String,
    /** For whom, to recognise it by; only this member sees it. */
    val note: String = "",
    val tellCompany: Boolean = false,
    val made: MadeInvitation? = null,
    /** Whether the server has it: before that its link leads nowhere. */
    val works: Boolean = false,
    val own: List<InvitationView> = emptyList(),
    val names: Map<dev.enishi.id.MemberId, String> = emptyMap(),
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface InviteEvent {
    data class Note(val text: String) : InviteEvent

    data class TellCompany(val on: Boolean) : InviteEvent

    data object Make : InviteEvent

    data class Revoke(val invitation: InvitationId) : InviteEvent

    /** Shows an earlier one again. */
    data class Show(val invitation: InvitationView) : InviteEvent

    data object Another : InviteEvent
}

/** Invites a former colleague, in words that ask nobody to come back. */
class InviteModel(place: Place, saved: SavedStateHandle) : ScreenModel<InviteState, InviteEvent>(InviteState(place.membership.name)) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.note) }) { state, (note) -> state.copy(note = note) }
        follow(community.watch { ownInvitations() to ownInvitations().flatMap { it.joined }.mapNotNull { id -> findMember(id)?.let { id to it.name } }.toMap() }) { state, (own, names) ->
            state.copy(own = own, names = names, works = own.firstOrNull { it.id == state.made?.id }?.delivery == Delivery.Sent)
        }
    }

    override fun on(event: InviteEvent) {
        when (event) {
            is InviteEvent.Note -> change { it.copy(note = event.text, problem = null) }
            is InviteEvent.TellCompany -> change { it.copy(tellCompany = event.on) }
            InviteEvent.Make -> make()
            is InviteEvent.Revoke -> doing { community.revokeInvitation(event.invitation) }
            is InviteEvent.Show -> event.invitation.code?.let { code ->
                doing {
                    val link = community.linkTo(code)
                    change { it.copy(made = MadeInvitation(code = code, id = event.invitation.id, link = link), works = event.invitation.delivery == Delivery.Sent) }
                }
            }
            InviteEvent.Another -> change { it.copy(made = null, note = "", works = false) }
        }
    }

    private fun make() {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        doing {
            val made = community.invite(NewInvitation(days = DAYS, entry = null, note = state.value.note.trim(), toCompany = state.value.tellCompany, uses = 1))
            change { it.copy(busy = false, made = made) }
        }
    }

    private fun doing(what: suspend () -> Unit) = attempt({ state, problem -> state.copy(busy = false, problem = problem) }, what)

    private companion object {
        const val DAYS = 30L
    }
}

@Composable
fun InviteScreen(state: InviteState, on: (InviteEvent) -> Unit, go: (To) -> Unit) {
    val made = state.made
    ColumnPage(words.inviteTitle, { if (made != null) on(InviteEvent.Another) else go(To.Back) }, step = made != null) {
        if (made != null) {
            Made(state, made, on)
            return@ColumnPage
        }
        Body(words.inviteText)
        Field(state.note, { on(InviteEvent.Note(it)) }, words.inviteNote, Modifier.testTag("invite-note"), more = words.inviteNoteHint, limit = 1_000)
        SwitchRow(words.inviteTellCompany, state.tellCompany, { on(InviteEvent.TellCompany(it)) }, more = words.inviteTellCompanyText)
        ProblemNote(state.problem)
        MainButton(words.inviteMake, { on(InviteEvent.Make) }, busy = state.busy)
        Aside(words.inviteLearn)
        val own = state.own.filter { !it.revoked }
        if (own.isNotEmpty()) Section(words.inviteOwn)
        for (invitation in own) OwnInvitation(invitation, state, on)
    }
}

@Composable
private fun Made(state: InviteState, made: MadeInvitation, on: (InviteEvent) -> Unit) {
    val platform = LocalPlatform.current
    val words = words
    val ready = words.inviteWords(state.community, made.link)
    if (!state.works) dev.enishi.ui.parts.Note(words.inviteWaits, Icons.Clock)
    ProblemNote(state.problem)
    Card { Body(ready) }
    MainButton(words.inviteShare, { platform.share(ready) })
    var copied by remember(ready) { mutableStateOf(false) }
    OtherButton(if (copied) words.copied else words.actionCopy, {
        platform.copy(ready)
        copied = true
    }, sign = Icons.Copy)
    Section(words.inviteQr)
    QrCode(made.link, words.inviteQr)
    Aside(words.inviteQrText)
    QuietButton(words.inviteAnother, { on(InviteEvent.Another) })
}

@Composable
private fun OwnInvitation(invitation: InvitationView, state: InviteState, on: (InviteEvent) -> Unit) {
    var revoking by rememberSaveable(invitation.id.toString()) { mutableStateOf(false) }
    val joined = invitation.joined.mapNotNull { state.names[it] }
    val stands = when {
        joined.isNotEmpty() -> words.inviteJoined(joined.joinToString(words.nameAnd))
        invitation.used > 0 -> words.inviteUsed
        else -> invitation.expires?.let { if (it > LocalPlatform.current.now()) words.inviteUntil(saidDate(it)) else words.inviteOver } ?: words.inviteWaits
    }
    Card(onPress = if (invitation.code != null && invitation.used == 0L) ({ on(InviteEvent.Show(invitation)) }) else null) {
        Body(invitation.note.ifBlank { words.inviteNoNote })
        Aside(stands)
        if (invitation.used < invitation.uses) QuietButton(words.inviteRevoke, { revoking = true }, danger = true)
    }
    if (revoking) {
        Confirm(words.inviteRevoke, words.inviteRevokeText, words.inviteRevoke, onDismiss = { revoking = false }, onDo = {
            revoking = false
            on(InviteEvent.Revoke(invitation.id))
        })
    }
}
