package dev.enishi.ui.waysin

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import dev.enishi.Client
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class RecoveryCodeState(
    /** Whether one was made before, which the new one takes the place of. */
    val before: Boolean = false,
    /** The code as it is to be written down: shown once, and kept nowhere but here. */
    val code: String? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface RecoveryCodeEvent {
    data object Make : RecoveryCodeEvent
}

/** Makes a code and holds it until it was written down. */
class RecoveryCodeModel(private val client: Client, private val place: Place) : ScreenModel<RecoveryCodeState, RecoveryCodeEvent>(RecoveryCodeState()) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val before = client.accounts().firstOrNull { it.key == place.account }?.ways?.recoveryCode == true
            change { it.copy(before = before) }
        }
    }

    override fun on(event: RecoveryCodeEvent) {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val code = client.makeRecoveryCode(place.account)
            change { it.copy(code = code, busy = false) }
        }
    }
}

/** A code on paper, for whoever has neither their mail nor another device. */
@Composable
fun RecoveryCodeScreen(state: RecoveryCodeState, on: (RecoveryCodeEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.codeTitle, { go(To.Back) }) {
        val code = state.code
        if (code == null) {
            Body(words.codeLead)
            Points(listOf(words.codePointOnce, words.codePointPaper, words.codePointSecret))
            if (state.before) Note(words.codeBefore, Icons.Info)
            ProblemNote(state.problem)
            MainButton(words.codeMake, { on(RecoveryCodeEvent.Make) }, Modifier.testTag("make"), busy = state.busy)
            return@ColumnPage
        }
        Body(words.codeWrite)
        Card { Groups(code) }
        Aside(words.codeShownOnce)
        MainButton(words.codeWritten, { go(To.Back) }, Modifier.testTag("written"))
    }
}

/** Five at a time, as one copies them; none is broken at the end of a line. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Groups(code: String) = FlowRow(
    Modifier.fillMaxWidth().testTag("recovery-code"), Arrangement.spacedBy(20.dp, Alignment.CenterHorizontally), Arrangement.spacedBy(8.dp), maxItemsInEachRow = 3,
) {
    for (group in code.split('-')) Text(group, style = MaterialTheme.typography.headlineSmall, fontFamily = FontFamily.Monospace)
}
