package dev.enishi.ui.waysin

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.protocol.OwnRecovery
import dev.enishi.protocol.RecoveryState
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Problem
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.saidMoment
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.until

data class RecoverByOthersState(
    val server: String? = null,
    /** The new account's address; null while there is none. */
    val address: String? = null,
    /** Null until the phone and the server have been asked. */
    val recoveries: List<OwnRecovery>? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface RecoverByOthersEvent {
    data object Look : RecoverByOthersEvent

    data class Ask(val wish: Wish) : RecoverByOthersEvent
}

/** Who one says that one is. */
data class Wish(val invitation: String, val family: String, val given: String, val fact: String, val note: String)

/** A membership that only former colleagues or those who run the community can give back. */
@Composable
fun RecoverByOthersScreen(state: RecoverByOthersState, on: (RecoverByOthersEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.recoverOthers, { go(To.Back) }) {
        val recoveries = state.recoveries
        if (recoveries == null) {
            ProblemNote(state.problem) { on(RecoverByOthersEvent.Look) }
            if (state.problem == null) Waiting()
            return@ColumnPage
        }
        for (recovery in recoveries) Recovery(recovery)
        if (recoveries.isEmpty()) Points(listOf(words.recoverStepAddress, words.recoverStepAsk, words.recoverStepVouch, words.recoverStepWait))
        if (state.address == null) {
            Aside(words.recoverAddressText)
            MainButton(words.recoverAddress, { go(To.SignIn(state.server, null)) }, Modifier.testTag("sign-in"))
        } else if (recoveries.none { it.state in Open }) Asking(state, state.address, on)
    }
}

@Composable
private fun Recovery(recovery: OwnRecovery) {
    val platform = LocalPlatform.current
    Card(Modifier.testTag("recovery")) {
        Text(recovery.name, style = MaterialTheme.typography.titleSmall)
        Body(recovery.state.said(words))
        recovery.until?.takeIf { recovery.state == RecoveryState.WAITING }?.let { Body(words.recoverUntil(saidMoment(it))) }
        if (recovery.state == RecoveryState.ASKED) {
            Aside(words.recoverNumber)
            Body(recovery.id.toString())
            QuietButton(words.recoverShare, { platform.share(recovery.id.toString()) })
        }
    }
}

@Composable
private fun Asking(state: RecoverByOthersState, address: String, on: (RecoverByOthersEvent) -> Unit) {
    var invitation by rememberSaveable { mutableStateOf("") }
    var family by rememberSaveable { mutableStateOf("") }
    var given by rememberSaveable { mutableStateOf("") }
    var fact by rememberSaveable { mutableStateOf("") }
    var note by rememberSaveable { mutableStateOf("") }
    Section(words.recoverAsk)
    Aside(words.communitiesAddress(address))
    Field(invitation, { invitation = it }, words.recoverInvitation, Modifier.testTag("invitation"), words.recoverInvitationHint, learns = false)
    Field(family, { family = it }, words.recoverFamily, Modifier.testTag("family"), limit = NAME, learns = false)
    Field(given, { given = it }, words.recoverGiven, Modifier.testTag("given"), words.recoverNameHint, NAME, learns = false)
    Field(fact, { fact = it }, words.recoverFact, more = words.recoverFactHint, learns = false)
    Field(note, { note = it }, words.recoverNote, more = words.recoverNoteHint, limit = NOTE, lines = 3, learns = false)
    ProblemNote(state.problem)
    val said = invitation.isNotBlank() && family.isNotBlank() && given.isNotBlank()
    MainButton(words.recoverSend, { on(RecoverByOthersEvent.Ask(Wish(invitation, family, given, fact, note))) }, Modifier.testTag("ask"), said, state.busy)
}

/** While one is on its way, no other is asked for. */
private val Open = setOf(RecoveryState.ASKED, RecoveryState.WAITING, RecoveryState.MOVING)

/** Characters in a family or given name, and in a word that goes with a request. */
private const val NAME = 60
private const val NOTE = 1_000

private fun RecoveryState.said(words: Words): String = when (this) {
    RecoveryState.ASKED -> words.recoverAsked
    RecoveryState.WAITING -> words.recoverWaiting
    RecoveryState.MOVING -> words.recoverMoving
    RecoveryState.DECLINED -> words.recoverDeclined
    RecoveryState.STOPPED -> words.recoverStopped
    RecoveryState.VOID -> words.recoverVoid
    RecoveryState.DONE -> words.recoverDone
}
