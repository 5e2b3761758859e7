package dev.enishi.ui.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.at
import dev.enishi.protocol.Notice
import dev.enishi.protocol.NoticeEvent
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.saidMoment
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import java.time.Instant
import java.time.temporal.ChronoUnit

/** Something that happened to the account: what, when, and what to do where it was not oneself. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun NoticeCard(notice: Notice, on: (MeEvent) -> Unit, go: (To) -> Unit) {
    val event = notice.event
    val taken = event as? NoticeEvent.RecoveryAsked
    Card(Modifier.testTag("notice")) {
        val (sign, ink) = if (taken != null) Icons.Alert to MaterialTheme.colorScheme.error else Icons.Key to MaterialTheme.colorScheme.onSurfaceVariant
        Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
            Icon(sign, null, tint = ink)
            Text(said(event), Modifier.weight(1f), style = MaterialTheme.typography.titleSmall)
        }
        Aside(saidTime(notice.at))
        Body(todo(event))
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            if (taken != null) QuietButton(words.noticeStop, { on(MeEvent.Stop(notice.id, taken.community, taken.recovery)) }, danger = true)
            when (event) {
                is NoticeEvent.NewDevice, is NoticeEvent.RecoveryCodeUsed -> QuietButton(words.noticeDevices, { go(To.Devices) })
                is NoticeEvent.AddressAdded, is NoticeEvent.AddressRemoved, is NoticeEvent.RecoveryCodeMade -> QuietButton(words.noticeWays, { go(To.WaysIn) })
                else -> Unit
            }
            QuietButton(if (taken != null) words.noticeMine else words.noticeSeen, { on(MeEvent.Shown(notice.id)) })
        }
    }
}

@Composable
private fun said(event: NoticeEvent): String = when (event) {
    is NoticeEvent.NewDevice -> words.noticeDevice(event.device)
    is NoticeEvent.AddressAdded -> words.noticeAddressAdded(event.address)
    is NoticeEvent.AddressRemoved -> words.noticeAddressRemoved(event.address)
    is NoticeEvent.RecoveryCodeMade -> words.noticeCodeMade
    is NoticeEvent.RecoveryCodeUsed -> words.noticeCodeUsed(event.device)
    is NoticeEvent.RecoveryAsked -> words.noticeRecovery(event.name)
    is NoticeEvent.RecoveryStopped -> words.noticeRecoveryStopped(event.name)
    is NoticeEvent.MembershipMoved -> words.noticeMoved(event.name)
    is NoticeEvent.Unknown -> words.noticeUnknown
}

@Composable
private fun todo(event: NoticeEvent): String = when (event) {
    is NoticeEvent.NewDevice, is NoticeEvent.RecoveryCodeUsed -> words.noticeDeviceTodo
    is NoticeEvent.AddressAdded, is NoticeEvent.AddressRemoved -> words.noticeAddressTodo
    is NoticeEvent.RecoveryCodeMade -> words.noticeCodeTodo
    is NoticeEvent.RecoveryAsked -> event.untilUs?.let { words.noticeRecoveryUntil(saidMoment(Instant.EPOCH.plus(it, ChronoUnit.MICROS))) } ?: words.noticeRecoveryTodo
    is NoticeEvent.RecoveryStopped -> words.noticeRecoveryStoppedTodo
    is NoticeEvent.MembershipMoved -> words.noticeMovedTodo
    is NoticeEvent.Unknown -> words.noticeUnknownTodo
}
