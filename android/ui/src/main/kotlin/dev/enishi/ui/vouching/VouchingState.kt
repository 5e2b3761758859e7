package dev.enishi.ui.vouching

import dev.enishi.id.RecoveryId
import dev.enishi.id.RequestId
import dev.enishi.model.MemberView
import dev.enishi.model.RecoveryView
import dev.enishi.model.VouchingView
import dev.enishi.ui.Problem
import java.text.Normalizer
import java.util.UUID

data class VouchingState(
    /** What was typed as the number that they told. */
    val number: String = "",
    /** Whose membership it could be, for what was typed. */
    val query: String = "",
    val candidates: List<MemberView> = emptyList(),
    val chosen: MemberView? = null,
    /** On duty: what lies on the desk. Null until the phone's own store has been read. */
    val desk: List<Asked>? = null,
    /** Those who ask to join and whom members let in. Null until the phone's own store has been read. */
    val newcomers: List<VouchingView>? = null,
    /** Whom this member has confirmed since the screen was opened. */
    val confirmed: Set<RequestId> = emptySet(),
    /** Which part of the screen was used last: what came of it is told there. */
    val part: Part = Part.FORM,
    val said: Said? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
) {
    /** The number, where it is a whole one. */
    val recovery: RecoveryId? get() = recoveryIn(number)

    /** Whether what was typed is long enough for a number, and is none. */
    val numberWrong: Boolean get() = recovery == null && number.trim().length >= NUMBER_CHARS
}

/** A wish to have a membership back, and whose it seems to be. */
data class Asked(val view: RecoveryView, val member: MemberView?)

enum class Part { DESK, FORM, JOIN }

/** What a member said about somebody. */
data class Said(
    val what: What,
    /** About whom, by name. */
    val name: String,
    /** Whether the server has it. */
    val sent: Boolean,
) {
    enum class What {
        /** One of several who have to. */
        SUPPORTED,

        /** On duty, where that is enough. */
        BEGUN,
        DECLINED,
        LET_IN,
    }
}

sealed interface VouchingEvent {
    data class Number(val text: String) : VouchingEvent

    data class Query(val text: String) : VouchingEvent

    /** Null to choose anew. */
    data class Choose(val member: MemberView?) : VouchingEvent

    /** Confirms whoever has told the number as the member who was chosen. */
    data object Confirm : VouchingEvent

    data class Support(val recovery: RecoveryId, val member: MemberView) : VouchingEvent

    data class Decline(val recovery: RecoveryId, val name: String) : VouchingEvent

    data class LetIn(val request: RequestId, val name: String) : VouchingEvent
}

/** The number in a text: with other words around it, and in whichever width it was typed. */
private fun recoveryIn(text: String): RecoveryId? =
    NUMBER.find(Normalizer.normalize(text, Normalizer.Form.NFKC))?.let { RecoveryId(UUID.fromString(it.value)) }

private const val NUMBER_CHARS = 36
private val NUMBER = Regex("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
