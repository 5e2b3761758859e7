package dev.enishi.ui.waysin

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import androidx.lifecycle.SavedStateHandle
import dev.enishi.Client
import dev.enishi.id.AttemptId
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.CODE_DIGITS
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MailCode
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.SentCode
import dev.enishi.ui.parts.codeDigits
import dev.enishi.ui.theme.words
import java.util.UUID

data class AddAddressState(
    val address: String = "",
    /** Whether a code is on its way. */
    val sent: Boolean = false,
    /** The domain that the mail comes from. */
    val sender: String = "",
    val minutes: Long = 10,
    val code: String = "",
    val busy: Boolean = false,
    val done: Boolean = false,
    val problem: Problem? = null,
)

sealed interface AddAddressEvent {
    data class Address(val text: String) : AddAddressEvent

    data class Code(val text: String) : AddAddressEvent

    data object Send : AddAddressEvent

    data object Confirm : AddAddressEvent

    data object Another : AddAddressEvent
}

/** Adds an address once it is proved that its mail is read. */
class AddAddressModel(private val client: Client, private val place: Place, private val saved: SavedStateHandle) :
    ScreenModel<AddAddressState, AddAddressEvent>(AddAddressState(saved["address"] ?: "", saved.get<String>("attempt") != null, saved["sender"] ?: "")) {
    override fun on(event: AddAddressEvent) {
        when (event) {
            is AddAddressEvent.Address -> {
                saved["address"] = event.text
                change { it.copy(address = event.text, problem = null) }
            }
            is AddAddressEvent.Code -> {
                val digits = codeDigits(event.text)
                change { it.copy(code = digits, problem = null) }
                if (digits.length == CODE_DIGITS) confirm()
            }
            AddAddressEvent.Send -> doing {
                val sent = client.addAddress(place.account, state.value.address.trim(), null)
                saved["attempt"] = sent.attempt.toString()
                saved["sender"] = sent.sender
                change { it.copy(busy = false, sent = true, sender = sent.sender, minutes = sent.goodForSeconds / 60, code = "") }
            }
            AddAddressEvent.Confirm -> confirm()
            AddAddressEvent.Another -> {
                saved.remove<String>("attempt")
                change { it.copy(sent = false, code = "", problem = null) }
            }
        }
    }

    private fun confirm() = doing {
        val attempt = saved.get<String>("attempt") ?: return@doing
        client.confirmAddress(place.account, AttemptId(UUID.fromString(attempt)), state.value.code)
        change { it.copy(busy = false, done = true) }
    }

    private fun doing(what: suspend () -> Unit) {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }, what)
    }
}

/** An address of one's own, then the code that was sent to it. */
@Composable
fun AddAddressScreen(state: AddAddressState, on: (AddAddressEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    LaunchedEffect(state.done) { if (state.done) go(To.Back) }
    ColumnPage(words.waysAdd, { if (state.sent) on(AddAddressEvent.Another) else go(To.Back) }, step = state.sent) {
        if (state.sent) {
            return@ColumnPage MailCode(
                SentCode(state.address.trim(), state.sender, state.minutes), state.code, words.addressConfirm, state.busy, state.problem,
                { on(AddAddressEvent.Code(it)) }, { on(AddAddressEvent.Confirm) }, { on(AddAddressEvent.Send) }, { on(AddAddressEvent.Another) },
            )
        }
        Body(words.addressLead)
        Field(
            state.address, { on(AddAddressEvent.Address(it)) }, words.addressField, Modifier.testTag("address"), words.addressHint,
            keyboard = KeyboardType.Email, done = { on(AddAddressEvent.Send) }, learns = false,
        )
        ProblemNote(state.problem)
        MainButton(words.addressSend, { on(AddAddressEvent.Send) }, Modifier.testTag("send"), state.address.isNotBlank(), state.busy)
    }
}
