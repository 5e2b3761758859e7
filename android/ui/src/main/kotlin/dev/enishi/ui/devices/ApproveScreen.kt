package dev.enishi.ui.devices

import androidx.compose.foundation.layout.Column
import androidx.compose.material3.Text
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.asked
import dev.enishi.protocol.ApprovalView
import dev.enishi.ui.Problem
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class ApproveState(
    /** The address that the other device will be signed in as. */
    val address: String = "",
    /** The device behind the link; null until one was read. */
    val device: ApprovalView? = null,
    /** The link is of a server that this device has no account on. */
    val elsewhere: Boolean = false,
    val done: Boolean = false,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface ApproveEvent {
    data object ReadQr : ApproveEvent

    data class Look(val link: String) : ApproveEvent

    data object Approve : ApproveEvent

    /** It was another device after all. */
    data object Refuse : ApproveEvent
}

/** Lets another device of one's own in: what it says of itself comes first. */
@Composable
fun ApproveScreen(state: ApproveState, on: (ApproveEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.approveTitle, { go(To.Back) }) {
        val device = state.device
        when {
            state.done -> {
                Note(words.approveDone(device?.deviceName.orEmpty()), Icons.Check, Modifier.testTag("done"))
                Body(words.approveDoneText)
                MainButton(words.approveDevices, { go(To.Back) })
            }
            device != null -> Asking(device, state, on)
            else -> Reading(state, on)
        }
    }
}

@Composable
private fun Reading(state: ApproveState, on: (ApproveEvent) -> Unit) {
    var link by rememberSaveable { mutableStateOf("") }
    Points(listOf(words.approveStepOther, words.approveStepHere))
    ProblemNote(state.problem)
    if (state.elsewhere) Note(words.approveElsewhere, Icons.Alert)
    MainButton(words.approveRead, { on(ApproveEvent.ReadQr) }, busy = state.busy)
    Aside(words.approvePaste)
    Field(link, { link = it }, words.approveLink, Modifier.testTag("link"), keyboard = KeyboardType.Uri, done = { on(ApproveEvent.Look(link)) }, learns = false)
    OtherButton(words.approveLook, { on(ApproveEvent.Look(link)) }, Modifier.testTag("look"), enabled = link.isNotBlank() && !state.busy)
}

@Composable
private fun Asking(device: ApprovalView, state: ApproveState, on: (ApproveEvent) -> Unit) {
    Body(words.approveAsks)
    Card(between = 12) {
        Said(words.approveName, device.deviceName)
        Said(words.approveWhen, saidTime(device.asked))
        device.sameNetwork?.let { Said(words.approveWhere, if (it) words.approveSameNetwork else words.approveOtherNetwork) }
        Said(words.approveAs, state.address)
    }
    Aside(words.approveCheck)
    ProblemNote(state.problem)
    MainButton(words.approveLetIn, { on(ApproveEvent.Approve) }, Modifier.testTag("let-in"), busy = state.busy)
    QuietButton(words.approveNotMine, { on(ApproveEvent.Refuse) })
}

@Composable
private fun Said(what: String, text: String) = Column {
    Aside(what)
    Text(text, style = MaterialTheme.typography.bodyLarge)
}
