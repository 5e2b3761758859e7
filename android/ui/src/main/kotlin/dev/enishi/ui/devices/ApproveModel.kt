package dev.enishi.ui.devices

import androidx.lifecycle.viewModelScope
import dev.enishi.Client
import dev.enishi.id.AccountKey
import dev.enishi.model.ApprovalLink
import dev.enishi.parseApproval
import dev.enishi.ui.Platform
import dev.enishi.ui.Problem
import dev.enishi.ui.QrRead
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import kotlinx.coroutines.launch

/** Reads what another device shows, and lets it into the account on the same server. */
class ApproveModel(private val client: Client, private val place: Place, private val platform: Platform) :
    ScreenModel<ApproveState, ApproveEvent>(ApproveState()) {
    private var read: Pair<AccountKey, ApprovalLink>? = null

    override fun on(event: ApproveEvent) {
        when (event) {
            ApproveEvent.ReadQr -> viewModelScope.launch {
                when (val found = platform.readQr()) {
                    is QrRead.Found -> look(found.text)
                    QrRead.NothingInIt -> change { it.copy(problem = Problem("no_qr")) }
                    QrRead.GivenUp -> Unit
                }
            }
            is ApproveEvent.Look -> look(event.link)
            ApproveEvent.Approve -> doing {
                val (account, link) = read ?: return@doing
                client.approveDevice(account, link)
                change { it.copy(done = true, busy = false) }
            }
            ApproveEvent.Refuse -> {
                read = null
                change { ApproveState() }
            }
        }
    }

    private fun look(text: String) = doing {
        val link = parseApproval(text.trim())
        val there = client.accounts().filter { it.server == link.server && it.signedIn }
        val account = there.firstOrNull { it.key == place.account } ?: there.firstOrNull()
        if (account == null) {
            change { it.copy(elsewhere = true, busy = false) }
            return@doing
        }
        val device = client.lookAtDevice(account.key, link)
        read = account.key to link
        change { it.copy(address = account.address, device = device, busy = false) }
    }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(busy = true, elsewhere = false, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = if (problem.code == "not_a_link") Problem("no_device_link") else problem) }, what)
    }
}
