package dev.enishi.ui.waysin

import dev.enishi.Client
import dev.enishi.model.AccountView
import dev.enishi.model.JoiningForm
import dev.enishi.parseInvitation
import dev.enishi.parseServer
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.RecoveryState
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi

/** Says "this membership is mine" from a new account, and tells how far that has come. */
class RecoverByOthersModel(private val app: Enishi, private val client: Client, private val server: String?) :
    ScreenModel<RecoverByOthersState, RecoverByOthersEvent>(RecoverByOthersState(server)) {
    override fun on(event: RecoverByOthersEvent) {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            if (event is RecoverByOthersEvent.Ask) ask(event.wish)
            val account = account(null)
            val recoveries = account?.let { client.recoveries(it.key) }.orEmpty()
            change { it.copy(address = account?.address, recoveries = recoveries, busy = false) }
            if (account != null && recoveries.any { it.state == RecoveryState.DONE }) {
                client.refresh(account.key)
                app.reload()
            }
        }
    }

    private suspend fun ask(wish: Wish) {
        val link = parseInvitation(wish.invitation.trim())
        val account = account(link.server?.address) ?: return
        val who = JoiningForm(
            name = PersonName(family = wish.family.trim(), given = wish.given.trim()),
            fact = wish.fact.trim().ifEmpty { null }, note = wish.note.trim(), fields = emptyMap(), toInviter = false, toCompany = false,
        )
        client.askForRecovery(account.key, link.code, who)
    }

    /** The account to ask from: on the server that the invitation or the way here names, else one that is in no community. */
    private suspend fun account(named: String?): AccountView? {
        val here = client.accounts().filter { it.signedIn }
        val wanted = (named ?: server)?.takeIf { it.isNotBlank() }?.let { parseServer(it) }
        return if (wanted != null) here.firstOrNull { it.server == wanted } else here.firstOrNull { it.memberships.isEmpty() } ?: here.firstOrNull()
    }
}
