package dev.enishi.ui.entering

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import androidx.lifecycle.SavedStateHandle
import dev.enishi.parseInvitation
import dev.enishi.parseServer
import dev.enishi.ui.Problem
import dev.enishi.ui.QrRead
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map

data class FirstState(
    val code: String = "",
    /** Asked for only where the code alone does not say it. */
    val server: String? = null,
    val problem: Problem? = null,
    /** What to show next; taken once. */
    val next: To? = null,
    /** Whether this device is in a community already. */
    val another: Boolean = false,
    /** The communities that have still to let this member in, by name. */
    val waiting: List<String> = emptyList(),
)

sealed interface FirstEvent {
    data class Code(val text: String) : FirstEvent

    data class Server(val text: String) : FirstEvent

    data object Look : FirstEvent

    data object ReadQr : FirstEvent

    data object Taken : FirstEvent
}

/** Finds out where an invitation leads; opens nothing by itself. */
class FirstModel(private val app: Enishi, saved: SavedStateHandle) : ScreenModel<FirstState, FirstEvent>(FirstState(another = app.state.value.places.isNotEmpty())) {
    init {
        keepTyped(saved, { listOfNotNull(it.code, it.server) }) { state, typed -> state.copy(code = typed[0], server = typed.getOrNull(1)) }
        follow(app.state.map { it.waiting.map { membership -> membership.name } }.distinctUntilChanged()) { state, waiting -> state.copy(waiting = waiting) }
    }

    override fun on(event: FirstEvent) {
        when (event) {
            is FirstEvent.Code -> change { it.copy(code = event.text, problem = null) }
            is FirstEvent.Server -> change { it.copy(server = event.text, problem = null) }
            FirstEvent.Look -> look(state.value.code)
            FirstEvent.ReadQr -> attempt({ state, problem -> state.copy(problem = problem) }) {
                when (val read = app.platform.readQr()) {
                    is QrRead.Found -> look(read.text)
                    QrRead.NothingInIt -> change { it.copy(problem = Problem("no_qr")) }
                    QrRead.GivenUp -> {}
                }
            }
            FirstEvent.Taken -> change { it.copy(next = null) }
        }
    }

    private fun look(text: String) {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val link = parseInvitation(text.trim())
            val named = state.value.server?.trim()
            when {
                link.server != null -> change { it.copy(next = To.Preview(text.trim())) }
                named.isNullOrEmpty() -> change { it.copy(code = text.trim(), server = named ?: "") }
                else -> change { it.copy(next = To.Preview(text.trim(), parseServer(named).address)) }
            }
        }
    }
}

/** The very first screen: what is waited for, and three ways in, one of them big. */
@Composable
fun FirstScreen(state: FirstState, on: (FirstEvent) -> Unit, go: (To) -> Unit) {
    ColumnPage(if (state.another) words.firstAnother else words.appName, if (state.another) ({ go(To.Back) }) else null) {
        for (community in state.waiting) {
            Card(Modifier.testTag("waits")) {
                Text(words.firstWaiting(community), style = MaterialTheme.typography.titleMedium)
                Body(words.firstWaitingText)
            }
        }
        Text(words.firstTitle, style = MaterialTheme.typography.headlineSmall)
        Body(words.firstText)
        Field(
            state.code, { on(FirstEvent.Code(it)) }, words.firstCode, Modifier.testTag("code"), more = words.firstCodeHint,
            done = { on(FirstEvent.Look) }, wrong = state.problem != null, learns = false,
        )
        if (state.server != null) {
            Field(state.server, { on(FirstEvent.Server(it)) }, words.firstServer, Modifier.testTag("server"), more = words.firstServerHint, done = { on(FirstEvent.Look) }, learns = false)
        }
        ProblemNote(state.problem)
        MainButton(words.firstLook, { on(FirstEvent.Look) }, enabled = state.code.isNotBlank())
        OtherButton(words.firstQr, { on(FirstEvent.ReadQr) }, sign = Icons.Qr)
        Aside(words.firstQrHint)
        HorizontalDivider(Modifier.padding(vertical = 8.dp), color = MaterialTheme.colorScheme.outlineVariant)
        Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
            Body(words.firstJoinedText)
            OtherButton(words.firstJoined, { go(To.SignIn(null, null)) }, sign = Icons.Mail)
        }
    }
}
