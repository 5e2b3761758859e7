package dev.enishi.ui.waysin

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.Client
import dev.enishi.EnishiException
import dev.enishi.id.AccountKey
import dev.enishi.parseServer
import dev.enishi.protocol.ErrorCode
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
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QrCode
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay

data class RecoverByDeviceState(
    val server: String = "",
    /** What the other device is to read. */
    val link: String? = null,
    val minutes: Long = 5,
    val busy: Boolean = false,
    val problem: Problem? = null,
    val nowhere: Boolean = false,
    val next: To? = null,
)

sealed interface RecoverByDeviceEvent {
    data class Ask(val server: String) : RecoverByDeviceEvent
}

/** Asks to be let in by a device that is signed in, and looks each second whether it was. */
class RecoverByDeviceModel(private val app: Enishi, private val client: Client, server: String?) :
    ScreenModel<RecoverByDeviceState, RecoverByDeviceEvent>(RecoverByDeviceState(server.orEmpty())) {
    private var asking: Job? = null

    override fun on(event: RecoverByDeviceEvent) {
        if (event !is RecoverByDeviceEvent.Ask || state.value.busy) return
        asking?.cancel()
        change { it.copy(busy = true, link = null, problem = null) }
        asking = attempt({ state, problem -> state.copy(busy = false, link = null, problem = problem) }) {
            val shown = client.askForApproval(parseServer(event.server.trim()))
            change { it.copy(busy = false, link = shown.link, minutes = shown.goodForSeconds / 60) }
            repeat(shown.goodForSeconds.toInt()) {
                delay(SECOND)
                val account = try {
                    client.approved(shown.attempt)
                } catch (_: EnishiException.Offline) {
                    // The next second asks again, for as long as the code is good.
                    null
                }
                if (account != null) return@attempt entered(account)
            }
            change { it.copy(link = null, problem = Problem("code_expired", ErrorCode.CODE_EXPIRED)) }
        }
    }

    private suspend fun entered(account: AccountKey) {
        val somewhere = app.entered(account)
        change { it.copy(link = null, next = if (somewhere) To.Only(To.Home) else null, nowhere = !somewhere) }
    }

    private companion object {
        /** Milliseconds. */
        const val SECOND = 1_000L
    }
}

/** A QR code for the device that is signed in to read. */
@Composable
fun RecoverByDeviceScreen(state: RecoverByDeviceState, on: (RecoverByDeviceEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    LaunchedEffect(state.next) { state.next?.let(go) }
    ColumnPage(words.recoverDevice, { go(To.Back) }) {
        if (state.nowhere) {
            Note(words.recoverNowhere, Icons.Info)
            MainButton(words.signInInvitation, { go(To.First) })
            return@ColumnPage
        }
        val link = state.link
        if (link == null) {
            var server by rememberSaveable { mutableStateOf(state.server) }
            Body(words.recoverDeviceLead)
            Field(server, { server = it }, words.recoverServer, Modifier.testTag("server"), words.recoverServerHint, keyboard = KeyboardType.Uri, learns = false)
            ProblemNote(state.problem)
            MainButton(words.recoverDeviceShow, { on(RecoverByDeviceEvent.Ask(server)) }, Modifier.testTag("show"), server.isNotBlank(), state.busy)
            return@ColumnPage
        }
        val platform = LocalPlatform.current
        Points(listOf(words.recoverDeviceStepOpen, words.recoverDeviceStepRead))
        QrCode(link, words.recoverDeviceQr)
        Aside(words.recoverDeviceMinutes(state.minutes))
        OtherButton(words.recoverDeviceCopy, { platform.copy(link) }, sign = Icons.Copy)
    }
}
