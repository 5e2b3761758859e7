package dev.enishi.ui.vouching

import androidx.lifecycle.SavedStateHandle
import dev.enishi.EnishiException
import dev.enishi.errorName
import dev.enishi.id.MutationId
import dev.enishi.protocol.RecoveryState
import dev.enishi.protocol.Role
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watch

/** Says of somebody that it is them: of one who wants a membership back, and of one who asks to join. */
class VouchingModel(private val place: Place, saved: SavedStateHandle) : ScreenModel<VouchingState, VouchingEvent>(VouchingState()) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.number) }) { state, (number) -> state.copy(number = number) }
        follow(community.watch { vouchings() }) { state, newcomers -> state.copy(newcomers = newcomers) }
        follow(
            community.watch {
                val open = recoveries().filter { it.recovery.state in Open }
                open.map { view -> Asked(view, view.recovery.member?.let { findMember(it) }) }
            },
        ) { state, desk -> state.copy(desk = desk) }
    }

    override fun on(event: VouchingEvent) {
        when (event) {
            is VouchingEvent.Number -> change { it.copy(number = event.text, said = null, problem = null) }
            is VouchingEvent.Query -> search(event.text)
            is VouchingEvent.Choose -> change { it.copy(chosen = event.member, query = "", candidates = emptyList(), said = null, problem = null) }
            VouchingEvent.Confirm -> confirm()
            is VouchingEvent.Support -> say(Part.DESK, Said.What.BEGUN, event.member.name, { it }) {
                community.supportRecovery(event.recovery, event.member.id)
            }
            is VouchingEvent.Decline -> say(Part.DESK, Said.What.DECLINED, event.name, { it }) { community.declineRecovery(event.recovery) }
            is VouchingEvent.LetIn -> say(Part.JOIN, Said.What.LET_IN, event.name, { it.copy(confirmed = it.confirmed + event.request) }) {
                community.vouch(event.request)
            }
        }
    }

    /** Only those whose membership can come back so: not one's own, and of nobody who runs the community. */
    private fun search(text: String) {
        change { it.copy(query = text, part = Part.FORM, said = null, problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val found = if (text.isBlank()) emptyList() else community.directory(text, CANDIDATES)
            val others = found.filter { it.id != place.membership.member && it.role == Role.MEMBER }.take(SHOWN)
            change { if (it.query == text) it.copy(candidates = others) else it }
        }
    }

    private fun confirm() {
        val recovery = state.value.recovery ?: return
        val member = state.value.chosen ?: return
        say(Part.FORM, Said.What.SUPPORTED, member.name, { it.copy(number = "", chosen = null) }) {
            community.supportRecovery(recovery, member.id)
        }
    }

    /** What the server makes of it is told here and now, and not among what needs attention later. */
    private fun say(part: Part, what: Said.What, name: String, done: (VouchingState) -> VouchingState, wish: suspend () -> MutationId) {
        if (state.value.busy) return
        change { it.copy(busy = true, part = part, said = null, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val id = wish()
            val sent = isSent()
            val refused = community.needsAttention().firstOrNull { it.id == id }
            if (refused != null) {
                community.discard(id)
                change { it.copy(busy = false, problem = Problem(errorName(refused.reason), refused.reason)) }
            } else {
                change { done(it).copy(busy = false, said = Said(what, name, sent)) }
            }
        }
    }

    private suspend fun isSent(): Boolean = try {
        community.syncNow()
        true
    } catch (_: EnishiException.Offline) {
        false
    }

    private companion object {
        /** Some of those who are found are left out again. */
        const val CANDIDATES = 30u
        const val SHOWN = 8

        /** What somebody can still say something about. */
        val Open = setOf(RecoveryState.ASKED, RecoveryState.WAITING)
    }
}
