package dev.enishi

import dev.enishi.model.FeedComment
import dev.enishi.model.FeedPost
import dev.enishi.model.InvitationView
import dev.enishi.model.MemberView
import dev.enishi.model.MessageView
import dev.enishi.model.Notification
import dev.enishi.model.Notifications
import dev.enishi.model.PollView
import dev.enishi.model.SyncStatus
import dev.enishi.protocol.Address
import dev.enishi.protocol.Appeal
import dev.enishi.protocol.ApprovalView
import dev.enishi.protocol.Device
import dev.enishi.protocol.EarlierText
import dev.enishi.protocol.Hidden
import dev.enishi.protocol.HiddenText
import dev.enishi.protocol.JoinRequest
import dev.enishi.protocol.JoinVouching
import dev.enishi.protocol.Notice
import dev.enishi.protocol.OwnRecovery
import dev.enishi.protocol.OwnReport
import dev.enishi.protocol.Poll
import dev.enishi.protocol.Receipt
import dev.enishi.protocol.Recovery
import dev.enishi.protocol.Report
import dev.enishi.protocol.ReportedMessage
import java.time.Instant
import java.time.temporal.ChronoUnit

/* Times as Java has them, to the microsecond. */

/** When it was accepted, or while it is pending written. */
public val FeedComment.created: Instant
    get() = instant(createdUs)

/** When it was accepted, or while it is pending written by this phone's clock. */
public val FeedPost.created: Instant
    get() = instant(createdUs)

/** Until when it is good; null before the server has it. */
public val InvitationView.expires: Instant?
    get() = expiresUs?.let(::instant)

/** When they joined. */
public val MemberView.joined: Instant
    get() = instant(joinedUs)

/** When it was accepted, or while it is pending written by this phone's clock. */
public val MessageView.created: Instant
    get() = instant(createdUs)

/** When that was by the server's clock. */
public val Notification.at: Instant
    get() = instant(atUs)

/** While it is quiet, until when: then alerts are due. */
public val Notifications.quietUntil: Instant?
    get() = quietUntilUs?.let(::instant)

/** Until when one may vote, by the server's clock. */
public val PollView.closes: Instant?
    get() = closesUs?.let(::instant)

/** When the phone was last in step by its own clock. */
public val SyncStatus.inStep: Instant?
    get() = inStepUs?.let(::instant)

/** When it was confirmed. */
public val Address.added: Instant
    get() = instant(addedUs)

/** When it happened. */
public val Notice.at: Instant
    get() = instant(atUs)

/** When it asked. */
public val ApprovalView.asked: Instant
    get() = instant(askedUs)

/** Until when it can be stopped, once it is supported. */
public val OwnRecovery.until: Instant?
    get() = untilUs?.let(::instant)

/** Until when it can be stopped, once it is supported. */
public val Recovery.until: Instant?
    get() = untilUs?.let(::instant)

/** When it was asked for. */
public val Recovery.at: Instant
    get() = instant(atUs)

/** When it was given. */
public val Receipt.given: Instant
    get() = instant(givenUs)

/** When it was taken back, or another version took its place. */
public val Receipt.withdrawn: Instant?
    get() = withdrawnUs?.let(::instant)

/** When it was replaced. */
public val EarlierText.replaced: Instant
    get() = instant(untilUs)

/** When. */
public val JoinRequest.at: Instant
    get() = instant(atUs)

/** When they asked. */
public val JoinVouching.at: Instant
    get() = instant(atUs)

/** When. */
public val Report.at: Instant
    get() = instant(atUs)

/** When that was. */
public val Report.decided: Instant?
    get() = decidedUs?.let(::instant)

/** When it was written. */
public val ReportedMessage.created: Instant
    get() = instant(createdUs)

/** When. */
public val OwnReport.at: Instant
    get() = instant(atUs)

/** When it was decided. */
public val OwnReport.decided: Instant?
    get() = decidedUs?.let(::instant)

/** When. */
public val Hidden.at: Instant
    get() = instant(atUs)

/** When it was shown again. */
public val HiddenText.restored: Instant?
    get() = restoredUs?.let(::instant)

/** When. */
public val Appeal.at: Instant
    get() = instant(atUs)

/** When that was. */
public val Appeal.decided: Instant?
    get() = decidedUs?.let(::instant)

/** Until when one may vote, by the server's clock; null for as long as the post is there. */
public val Poll.closes: Instant?
    get() = closesUs?.let(::instant)

/** When it signed in. */
public val Device.since: Instant
    get() = instant(sinceUs)

/** When it was last here, to the hour. */
public val Device.seen: Instant
    get() = instant(seenUs)

/** A time as the core takes it. */
public fun Instant.toMicroseconds(): Long = ChronoUnit.MICROS.between(Instant.EPOCH, this)

private fun instant(microseconds: Long): Instant = Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS)
