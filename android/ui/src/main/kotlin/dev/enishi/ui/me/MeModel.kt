package dev.enishi.ui.me

import dev.enishi.Client
import dev.enishi.EnishiException
import dev.enishi.id.NoticeId
import dev.enishi.model.Reach
import dev.enishi.protocol.ErrorCode
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watch
import dev.enishi.watchAttention
import dev.enishi.watchStatus

/** What one is here, and what happened to one's account. */
class MeModel(private val client: Client, private val place: Place) : ScreenModel<MeState, MeEvent>(MeState(place.membership.name)) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            place.community.watch { findMember(member()) }.collect { own -> change { it.copy(own = own) } }
        }
        // A session that was ended elsewhere shows only once the server has been asked for something.
        follow(place.community.watchStatus()) { state, status -> state.copy(halted = (status.reach as? Reach.Halted)?.v1) }
        follow(place.community.watchAttention()) { state, refused -> state.copy(attention = refused.size) }
    }

    override fun on(event: MeEvent) {
        when (event) {
            MeEvent.Look -> doing {
                show()
                try {
                    client.refresh(place.account)
                    show()
                } catch (_: EnishiException.Offline) {
                    // What the server told last stays.
                } catch (_: EnishiException.SignedOut) {
                    change { it.copy(halted = ErrorCode.SIGNED_OUT) }
                }
            }
            is MeEvent.Shown -> doing { shown(event.notice) }
            is MeEvent.Stop -> doing {
                client.stopRecovery(place.account, event.community, event.recovery)
                shown(event.notice)
            }
        }
    }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }, what)
    }

    private suspend fun shown(notice: NoticeId) {
        client.noticesShown(place.account, listOf(notice))
        show()
    }

    private suspend fun show() {
        val account = client.accounts().firstOrNull { it.key == place.account } ?: return
        val notices = client.notices(place.account).sortedByDescending { it.atUs }
        val ways = account.ways
        change {
            it.copy(
                server = account.server.address,
                holdsSession = account.signedIn,
                oneWayIn = ways != null && !ways.recoveryCode && ways.devices <= 1,
                notices = notices,
            )
        }
    }
}
