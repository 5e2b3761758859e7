package dev.enishi.ui.entering

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import androidx.lifecycle.SavedStateHandle
import dev.enishi.Client
import dev.enishi.id.AttemptId
import dev.enishi.parseServer
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.CODE_DIGITS
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MailCode
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.SentCode
import dev.enishi.ui.parts.codeDigits
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import java.util.UUID

data class SignInState(
    /** Null where an invitation says it already. */
    val server: String? = null,
    val address: String = "",
    /** Whether a code is on its way. */
    val sent: Boolean = false,
    /** The domain that the mail comes from, which a phone company's filter may have to let in. */
    val sender: String = "",
    val minutes: Long = 10,
    val code: String = "",
    val busy: Boolean = false,
    val problem: Problem? = null,
    /** Signed in, and in no community there yet. */
    val nowhere: Boolean = false,
    val next: To? = null,
)

sealed interface SignInEvent {
    data class Server(val text: String) : SignInEvent

    data class Address(val text: String) : SignInEvent

    data class Code(val text: String) : SignInEvent

    data object Send : SignInEvent

    data object Enter : SignInEvent

    data object OtherAddress : SignInEvent

    data object Taken : SignInEvent
}

/** Signs in by a code that is sent by mail. Whether an address is known is said to nobody. */
class SignInModel(private val app: Enishi, private val client: Client, server: String?, private val link: String?, private val saved: SavedStateHandle) :
    ScreenModel<SignInState, SignInEvent>(SignInState(server = if (link == null) saved["server"] ?: server ?: "" else null, address = saved["address"] ?: "", sent = saved.get<String>("attempt") != null, sender = saved["sender"] ?: "")) {
    private val fixed = server

    override fun on(event: SignInEvent) {
        when (event) {
            is SignInEvent.Server -> {
                saved["server"] = event.text
                change { it.copy(server = event.text, problem = null) }
            }
            is SignInEvent.Address -> {
                saved["address"] = event.text
                change { it.copy(address = event.text, problem = null) }
            }
            is SignInEvent.Code -> {
                val digits = codeDigits(event.text)
                change { it.copy(code = digits, problem = null) }
                if (digits.length == CODE_DIGITS) enter()
            }
            SignInEvent.Send -> send()
            SignInEvent.Enter -> enter()
            SignInEvent.OtherAddress -> {
                saved.remove<String>("attempt")
                change { it.copy(sent = false, code = "", problem = null) }
            }
            SignInEvent.Taken -> change { it.copy(next = null) }
        }
    }

    private fun server(): String = if (link != null) fixed.orEmpty() else state.value.server.orEmpty().trim()

    private fun send() {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val sent = client.signIn(parseServer(server()), state.value.address.trim())
            saved["attempt"] = sent.attempt.toString()
            saved["sender"] = sent.sender
            change { it.copy(busy = false, sent = true, sender = sent.sender, minutes = sent.goodForSeconds / 60, code = "") }
        }
    }

    private fun enter() {
        val attempt = saved.get<String>("attempt") ?: return
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, code = "", problem = problem) }) {
            val account = client.finishSignIn(AttemptId(UUID.fromString(attempt)), state.value.code)
            saved.remove<String>("attempt")
            if (link != null) return@attempt change { it.copy(busy = false, next = To.Join(link, fixed)) }
            val somewhere = app.entered(account)
            val waits = app.state.value.onlyWaits
            val next = if (somewhere) To.Home else if (waits) To.First else null
            change { it.copy(busy = false, next = next?.let { to -> To.Only(to) }, nowhere = next == null) }
        }
    }
}

/** An address, then the code that was sent to it. */
@Composable
fun SignInScreen(state: SignInState, on: (SignInEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.signInTitle, { if (state.sent) on(SignInEvent.OtherAddress) else go(To.Back) }, step = state.sent) {
        when {
            state.nowhere -> {
                Note(words.signInNowhere, Icons.Mail)
                MainButton(words.signInInvitation, { go(To.First) })
            }
            state.sent -> MailCode(
                SentCode(state.address.trim(), state.sender, state.minutes), state.code, words.signInEnter, state.busy, state.problem,
                { on(SignInEvent.Code(it)) }, { on(SignInEvent.Enter) }, { on(SignInEvent.Send) }, { on(SignInEvent.OtherAddress) },
            )
            else -> AddressPart(state, on, go)
        }
    }
}

@Composable
private fun AddressPart(state: SignInState, on: (SignInEvent) -> Unit, go: (To) -> Unit) {
    Body(words.signInText)
    if (state.server != null) {
        Field(state.server, { on(SignInEvent.Server(it)) }, words.firstServer, Modifier.testTag("server"), more = words.firstServerHint, learns = false)
    }
    Field(
        state.address, { on(SignInEvent.Address(it)) }, words.signInAddress, Modifier.testTag("address"), more = words.signInAddressHint,
        keyboard = KeyboardType.Email, done = { on(SignInEvent.Send) }, learns = false,
    )
    ProblemNote(state.problem)
    MainButton(words.signInSend, { on(SignInEvent.Send) }, enabled = state.address.isNotBlank() && state.server != "", busy = state.busy)
    Aside(words.signInPromise)
    QuietButton(words.signInLost, { go(To.Recover(state.server)) })
}
