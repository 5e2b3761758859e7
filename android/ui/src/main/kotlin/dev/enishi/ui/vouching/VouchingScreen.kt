package dev.enishi.ui.vouching

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.model.MemberView
import dev.enishi.model.VouchingView
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.RecoveryState
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.parts.saidMoment
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.until

/** What one vouches for, how to be sure first, and what happens then; below it those who ask to join. */
@Composable
fun VouchingScreen(state: VouchingState, on: (VouchingEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.vouchingTitle, { go(To.Back) }) {
        val (desk, newcomers) = state.desk to state.newcomers
        if (desk == null || newcomers == null) {
            Waiting()
            return@ColumnPage
        }
        Section(words.vouchingReturn)
        Body(words.vouchingReturnText)
        Points(listOf(words.vouchingTalk, words.vouchingThree, words.vouchingStop))
        for (asked in desk) AskedCard(asked, state.busy, on)
        Told(state, Part.DESK)
        Form(state, on)
        Section(words.vouchingJoin)
        Aside(if (newcomers.isEmpty()) words.vouchingJoinNone else words.vouchingJoinText)
        for (newcomer in newcomers) NewcomerCard(newcomer, newcomer.id in state.confirmed, state.busy, on)
        Told(state, Part.JOIN)
    }
}

/** What came of it, beside what was pressed. */
@Composable
private fun Told(state: VouchingState, part: Part) {
    if (state.part != part) return
    ProblemNote(state.problem)
    val said = state.said ?: return
    if (said.sent) Note(said.told(words), Icons.Check) else Note(words.vouchingWaits, Icons.Clock)
}

private fun Said.told(words: Words): String = when (what) {
    Said.What.SUPPORTED -> words.vouchingDone(name)
    Said.What.BEGUN -> words.vouchingBegun(name)
    Said.What.DECLINED -> words.vouchingDeclined(name)
    Said.What.LET_IN -> words.vouchingKnown(name)
}

/** For members: the number that somebody told them, and who they know that to be. */
@Composable
private fun Form(state: VouchingState, on: (VouchingEvent) -> Unit) {
    var sure by rememberSaveable { mutableStateOf(false) }
    val chosen = state.chosen
    Field(
        state.number, { on(VouchingEvent.Number(it)) }, words.vouchingNumber, Modifier.testTag("recovery-number"),
        more = if (state.numberWrong) words.vouchingNumberWrong else words.vouchingNumberHint,
        keyboard = KeyboardType.Ascii, wrong = state.numberWrong, learns = false,
    )
    if (chosen == null) {
        Field(state.query, { on(VouchingEvent.Query(it)) }, words.vouchingWho, Modifier.testTag("recovery-member"), more = words.vouchingWhoHint, limit = QUERY_CHARS, learns = false)
        for (member in state.candidates) Candidate(member, { on(VouchingEvent.Choose(member)) })
    } else {
        Candidate(chosen, null) { QuietButton(words.vouchingOther, { on(VouchingEvent.Choose(null)) }) }
    }
    Told(state, Part.FORM)
    MainButton(words.vouchingSupport, { sure = true }, Modifier.testTag("support"), enabled = chosen != null && state.recovery != null, busy = state.busy)
    if (sure && chosen != null) {
        Sure(chosen.name, { sure = false }) { on(VouchingEvent.Confirm) }
    }
}

private const val QUERY_CHARS = 200

@Composable
private fun Candidate(member: MemberView, onPress: (() -> Unit)?, end: @Composable () -> Unit = {}) = Line(
    member.name, Modifier.testTag("candidate"), more = member.past(words).ifEmpty { null }, onPress = onPress,
    start = { Avatar(member.id.value, member.name) }, end = end,
)

/** Asks whether they were talked to: nothing else keeps a stranger out. */
@Composable
private fun Sure(name: String, onDismiss: () -> Unit, onDo: () -> Unit) =
    Confirm(words.vouchingSureTitle(name), words.vouchingSureText, words.vouchingSure, onDismiss = onDismiss, danger = false, onDo = {
        onDismiss()
        onDo()
    })

/** On duty: what the desk knows of somebody who wants a membership back. */
@Composable
private fun AskedCard(asked: Asked, busy: Boolean, on: (VouchingEvent) -> Unit) {
    val (id, recovery) = asked.view.id to asked.view.recovery
    var supporting by rememberSaveable("support $id") { mutableStateOf(false) }
    var declining by rememberSaveable("decline $id") { mutableStateOf(false) }
    val name = recovery.name.whole()
    Card(Modifier.testTag("asked"), between = 12) {
        Text(words.vouchingAsks(name), style = MaterialTheme.typography.titleSmall)
        if (recovery.note.isNotBlank()) Body(words.quoted(recovery.note))
        Aside(if (recovery.proved) words.vouchingProved else words.vouchingNotProved)
        if (recovery.vouches > 0) Aside(words.vouchingVouches(recovery.vouches))
        recovery.until?.takeIf { recovery.state == RecoveryState.WAITING }?.let { Body(words.recoverUntil(saidMoment(it))) }
        if (asked.view.pending) {
            Note(words.vouchingPending, Icons.Clock)
        } else {
            if (recovery.state == RecoveryState.ASKED) {
                if (asked.member != null) OtherButton(words.vouchingSupportName(asked.member.name), { supporting = true }, enabled = !busy)
                else OtherButton(words.vouchingFind, { on(VouchingEvent.Number(id.toString())) }, enabled = !busy)
            }
            QuietButton(words.vouchingDecline, { declining = true }, enabled = !busy, danger = true)
        }
    }
    if (supporting && asked.member != null) {
        Sure(asked.member.name, { supporting = false }) { on(VouchingEvent.Support(id, asked.member)) }
    }
    if (declining) {
        Confirm(words.vouchingDeclineTitle(name), words.vouchingDeclineText, words.vouchingDecline, onDismiss = { declining = false }, onDo = {
            declining = false
            on(VouchingEvent.Decline(id, name))
        })
    }
}

/** Somebody who asks to join where members let in whom they know. */
@Composable
private fun NewcomerCard(newcomer: VouchingView, confirmed: Boolean, busy: Boolean, on: (VouchingEvent) -> Unit) {
    var sure by rememberSaveable(newcomer.id.toString()) { mutableStateOf(false) }
    val vouching = newcomer.vouching
    val name = vouching.name.whole()
    Card(Modifier.testTag("newcomer")) {
        Text(name, style = MaterialTheme.typography.titleSmall)
        if (vouching.note.isNotBlank()) Body(words.quoted(vouching.note))
        Aside(words.vouchingCount(needed = vouching.needed, vouches = vouching.vouches))
        when {
            newcomer.pending -> Note(words.vouchingPending, Icons.Clock)
            confirmed -> Note(words.vouchingSaid, Icons.Check)
            else -> OtherButton(words.vouchingKnow, { sure = true }, enabled = !busy)
        }
    }
    if (sure) {
        Confirm(words.vouchingKnowTitle(name), words.vouchingKnowText, words.vouchingKnow, onDismiss = { sure = false }, danger = false, onDo = {
            sure = false
            on(VouchingEvent.LetIn(newcomer.id, name))
        })
    }
}

private fun PersonName.whole(): String = "$family $given".trim()
