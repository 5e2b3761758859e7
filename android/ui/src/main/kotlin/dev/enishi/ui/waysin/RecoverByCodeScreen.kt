package dev.enishi.ui.waysin

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.Client
import dev.enishi.parseServer
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class RecoverByCodeState(
    /** Where it was said already. */
    val server: String = "",
    val busy: Boolean = false,
    val problem: Problem? = null,
    /** Signed in, and in no community there any more. */
    val nowhere: Boolean = false,
    val next: To? = null,
)

sealed interface RecoverByCodeEvent {
    data class Enter(val server: String, val code: String) : RecoverByCodeEvent
}

/** Signs in with the code that was written down. */
class RecoverByCodeModel(private val app: Enishi, private val client: Client, server: String?) :
    ScreenModel<RecoverByCodeState, RecoverByCodeEvent>(RecoverByCodeState(server.orEmpty())) {
    override fun on(event: RecoverByCodeEvent) {
        if (event !is RecoverByCodeEvent.Enter || state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val somewhere = app.entered(client.signInWithRecoveryCode(parseServer(event.server.trim()), event.code.trim()))
            change { it.copy(busy = false, next = if (somewhere) To.Only(To.Home) else null, nowhere = !somewhere) }
        }
    }
}

/** The paper with the code, and where it is for. */
@Composable
fun RecoverByCodeScreen(state: RecoverByCodeState, on: (RecoverByCodeEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    LaunchedEffect(state.next) { state.next?.let(go) }
    ColumnPage(words.codeTitle, { go(To.Back) }) {
        if (state.nowhere) {
            Note(words.recoverNowhere, Icons.Info)
            MainButton(words.signInInvitation, { go(To.First) })
            return@ColumnPage
        }
        var server by rememberSaveable { mutableStateOf(state.server) }
        // Not among what the system keeps of a screen: whoever has the code gets in.
        var code by remember { mutableStateOf("") }
        Body(words.recoverCodeLead)
        Field(server, { server = it }, words.recoverServer, Modifier.testTag("server"), words.recoverServerHint, keyboard = KeyboardType.Uri, learns = false)
        Field(
            code, { code = it }, words.codeTitle, Modifier.testTag("recovery-code"), words.recoverCodeHint,
            keyboard = KeyboardType.Password, done = { on(RecoverByCodeEvent.Enter(server, code)) }, learns = false,
        )
        ProblemNote(state.problem)
        MainButton(words.recoverEnter, { on(RecoverByCodeEvent.Enter(server, code)) }, Modifier.testTag("enter"), server.isNotBlank() && code.isNotBlank(), state.busy)
        Aside(words.recoverCodeOnce)
    }
}
