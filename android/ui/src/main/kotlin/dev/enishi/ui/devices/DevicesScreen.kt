package dev.enishi.ui.devices

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.Client
import dev.enishi.id.DeviceId
import dev.enishi.protocol.Device
import dev.enishi.seen
import dev.enishi.since
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.saidDate
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class DevicesState(
    /** Null until the server has told them. */
    val devices: List<Device>? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface DevicesEvent {
    data object Look : DevicesEvent

    data class Revoke(val device: DeviceId) : DevicesEvent

    data object RevokeOthers : DevicesEvent
}

/** The devices that the account is signed in on, as the server knows them now. */
class DevicesModel(private val client: Client, private val place: Place) : ScreenModel<DevicesState, DevicesEvent>(DevicesState()) {
    override fun on(event: DevicesEvent) {
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            when (event) {
                DevicesEvent.Look -> Unit
                is DevicesEvent.Revoke -> client.revokeDevice(place.account, event.device)
                DevicesEvent.RevokeOthers -> client.revokeOtherDevices(place.account)
            }
            val devices = client.devices(place.account).sortedWith(compareBy({ !it.`this` }, { -it.seenUs }))
            change { it.copy(devices = devices, busy = false) }
        }
    }
}

/** Where one is signed in: this device first, and a way to sign any other out. */
@Composable
fun DevicesScreen(state: DevicesState, on: (DevicesEvent) -> Unit, go: (To) -> Unit) {
    var ending by remember { mutableStateOf<Device?>(null) }
    var endingAll by remember { mutableStateOf(false) }
    ColumnPage(words.devicesTitle, { go(To.Back) }) {
        Body(words.devicesLead)
        ProblemNote(state.problem) { on(DevicesEvent.Look) }
        val devices = state.devices ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
        val (here, others) = devices.partition { it.`this` }
        Rows { for (device in here) DeviceLine(device) }
        if (others.isEmpty()) Aside(words.devicesNoOther)
        else {
            Section(words.devicesOthers)
            Rows {
                others.forEachIndexed { at, device ->
                    if (at > 0) HorizontalDivider(Modifier.padding(horizontal = 16.dp), color = MaterialTheme.colorScheme.outlineVariant)
                    Column {
                        DeviceLine(device)
                        QuietButton(words.devicesEnd, { ending = device }, Modifier.padding(start = 44.dp), enabled = !state.busy)
                    }
                }
            }
        }
        MainButton(words.devicesApprove, { go(To.Approve) }, Modifier.testTag("approve"))
        if (others.size > 1) OtherButton(words.devicesEndAll, { endingAll = true }, enabled = !state.busy)
    }
    ending?.let { device ->
        Confirm(words.devicesEndTitle(device.name), words.devicesEndText, words.devicesEnd, {
            ending = null
            on(DevicesEvent.Revoke(device.id))
        }, { ending = null })
    }
    if (endingAll) {
        Confirm(words.devicesEndAllTitle, words.devicesEndText, words.devicesEndAll, {
            endingAll = false
            on(DevicesEvent.RevokeOthers)
        }, { endingAll = false })
    }
}

@Composable
private fun DeviceLine(device: Device) = Line(
    device.name, Modifier.testTag("device"),
    if (device.`this`) words.devicesThis(saidDate(device.since)) else words.devicesSeen(saidDate(device.since), saidTime(device.seen)),
    Icons.Device,
)
