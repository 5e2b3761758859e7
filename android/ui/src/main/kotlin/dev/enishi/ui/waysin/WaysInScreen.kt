package dev.enishi.ui.waysin

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.Client
import dev.enishi.added
import dev.enishi.protocol.Address
import dev.enishi.protocol.WaysIn
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.saidDate
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class WaysInState(
    /** Null until the server has told them. */
    val addresses: List<Address>? = null,
    val ways: WaysIn? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface WaysInEvent {
    data object Look : WaysInEvent

    data class Remove(val address: String) : WaysInEvent
}

/** Whether somebody who has lost their mail and this device gets in again. */
internal val WaysIn.second: Boolean get() = recoveryCode || devices > 1

/** How one gets in, as the server knows it now. */
class WaysInModel(private val client: Client, private val place: Place) : ScreenModel<WaysInState, WaysInEvent>(WaysInState()) {
    override fun on(event: WaysInEvent) {
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            if (event is WaysInEvent.Remove) client.removeAddress(place.account, event.address)
            val addresses = client.addresses(place.account).sortedBy { it.addedUs }
            client.refresh(place.account)
            val ways = client.accounts().firstOrNull { it.key == place.account }?.ways
            change { it.copy(addresses = addresses, ways = ways, busy = false) }
        }
    }
}

/** By what one gets in, and what else to have ready for the day on which that is lost. */
@Composable
fun WaysInScreen(state: WaysInState, on: (WaysInEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    var removing by remember { mutableStateOf<String?>(null) }
    ColumnPage(words.waysTitle, { go(To.Back) }) {
        ProblemNote(state.problem) { on(WaysInEvent.Look) }
        val addresses = state.addresses ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
        val ways = state.ways
        if (ways != null) Note(if (ways.second) words.waysTwo else words.waysOne, if (ways.second) Icons.Check else Icons.Key)
        Section(words.waysAddresses)
        Rows {
            for (address in addresses) AddressLine(address, addresses.size > 1 && !state.busy) { removing = address.address }
            Leads(words.waysAdd, { go(To.AddAddress) }, Modifier.testTag("add"), Icons.Plus)
        }
        Aside(words.waysAddressesText)
        Section(words.waysSecond)
        Rows {
            val made = ways?.recoveryCode == true
            Leads(if (made) words.waysCodeAgain else words.waysCode, { go(To.RecoveryCode) }, Modifier.testTag("code"), Icons.Document, if (made) words.waysCodeMade else words.waysCodeNone)
            Leads(words.devicesApprove, { go(To.Approve) }, sign = Icons.Device, more = ways?.let { words.waysDevices(it.devices) })
        }
        Aside(words.waysSecondText)
    }
    val address = removing ?: return
    Confirm(words.waysRemoveTitle(address), words.waysRemoveText, words.waysRemove, {
        removing = null
        on(WaysInEvent.Remove(address))
    }, { removing = null })
}

@Composable
private fun AddressLine(address: Address, removable: Boolean, onRemove: () -> Unit) = Column {
    Line(address.address, Modifier.testTag("address"), words.waysSince(saidDate(address.added)), Icons.Mail)
    if (removable) QuietButton(words.waysRemove, onRemove, Modifier.padding(start = 44.dp))
}
