package dev.enishi.ui.me

import dev.enishi.id.CommunityId
import dev.enishi.id.NoticeId
import dev.enishi.id.RecoveryId
import dev.enishi.model.MemberView
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Notice
import dev.enishi.ui.Problem

data class MeState(
    val community: String,
    /** Null until the phone's own store has been read. */
    val own: MemberView? = null,
    /** The server's address, for signing in again. */
    val server: String? = null,
    /** Whether this device holds what it signed in with. */
    val holdsSession: Boolean = true,
    /** Why the server does not accept this device just now. */
    val halted: ErrorCode? = null,
    /** Whether losing the mail would mean to be locked out. */
    val oneWayIn: Boolean = false,
    /** What happened to the account and this device has not shown yet. */
    val notices: List<Notice> = emptyList(),
    val attention: Int = 0,
    val problem: Problem? = null,
) {
    val signedIn: Boolean get() = holdsSession && halted != ErrorCode.SIGNED_OUT
}

sealed interface MeEvent {
    /** Asks the server anew what there is to know of the account. */
    data object Look : MeEvent

    data class Shown(val notice: NoticeId) : MeEvent

    /** Somebody who says that a membership is theirs does not get it. */
    data class Stop(val notice: NoticeId, val community: CommunityId, val recovery: RecoveryId) : MeEvent
}
