package dev.enishi.ui.communities

import dev.enishi.Client
import dev.enishi.EnishiException
import dev.enishi.id.AccountKey
import dev.enishi.model.OnSignOut
import dev.enishi.serverHost
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi

/** The accounts of this device and what they are in. */
class CommunitiesModel(private val app: Enishi, private val client: Client) :
    ScreenModel<CommunitiesState, CommunitiesEvent>(CommunitiesState(app.state.value.place?.id)) {
    /** Accounts whose session was ended elsewhere: this device still holds what it signed in with. */
    private var out = emptySet<AccountKey>()

    override fun on(event: CommunitiesEvent) {
        when (event) {
            CommunitiesEvent.Look -> doing {
                show()
                for (account in client.accounts().filter { it.signedIn }) {
                    try {
                        client.refresh(account.key)
                        out -= account.key
                    } catch (_: EnishiException.Offline) {
                        // What the server told last stays.
                    } catch (_: EnishiException.SignedOut) {
                        out += account.key
                    }
                }
                show()
            }
            // What is here stays, encrypted: signing in again goes on with it.
            is CommunitiesEvent.SignOut -> doing {
                client.signOut(event.account, OnSignOut.KEEP)
                show()
            }
        }
    }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }, what)
    }

    private suspend fun show() {
        val accounts = client.accounts().map {
            AccountPart(it.key, serverHost(it.server), it.server.address, it.address, it.signedIn && it.key !in out, it.memberships.sortedBy { membership -> membership.name })
        }
        change { it.copy(accounts = accounts.sortedBy { account -> account.host }) }
        app.reload()
    }
}
