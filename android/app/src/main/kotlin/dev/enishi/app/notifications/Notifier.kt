package dev.enishi.app.notifications

import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import dev.enishi.app.MainActivity
import dev.enishi.app.R
import dev.enishi.app.machine.service
import dev.enishi.id.CommunityId
import dev.enishi.model.Notification as Told
import dev.enishi.protocol.Notice
import java.util.UUID

/**
 * What the system shows while nobody looks at the app. On a locked screen it says that something is new and nothing
 * else; what it is about shows where the member asked for that, community by community.
 *
 * @param words a context in the member's language
 */
internal class Notifier(private val context: Context, private val words: () -> Context, private val shown: Shown) {
    private val manager = context.service<NotificationManager>()

    /** Shows what draws attention and was not shown before. `tells` is whether it may say what it is about. */
    fun show(community: CommunityId, name: String, told: List<Told>, tells: Boolean) {
        for (item in told.filter { it.alert && it.unread }) {
            if (!shown.add(item.id)) continue
            post(item.id, Channel.of(item.kind), community) {
                if (tells) setContentTitle(name).setContentText(said(item)) else setContentTitle(new())
            }
        }
        told.filterNot { it.unread }.forEach { manager.cancel(it.id.toString(), ID) }
    }

    /** Shows what happened to the account itself: nobody may miss that somebody else signed in. */
    fun show(notices: List<Notice>) {
        for (notice in notices) {
            if (!shown.add(notice.id.value)) continue
            post(notice.id.value, Channel.SAFETY, null) {
                setContentTitle(words().getString(R.string.notice_title)).setContentText(words().getString(R.string.notice_text))
            }
        }
    }

    private fun said(item: Told): String =
        item.byName?.let { words().getString(R.string.notification_by, it, item.text) } ?: item.text.ifEmpty(::new)

    private fun new() = words().getString(R.string.notification_new)

    private fun post(id: UUID, channel: Channel, community: CommunityId?, filled: Notification.Builder.() -> Unit) {
        // Where the member has not allowed it, the app's own list has it all the same.
        if (!manager.areNotificationsEnabled()) return
        Channel.make(words())
        val made = builder(channel).apply(filled)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setPublicVersion(builder(channel).setContentTitle(new()).build())
            .setContentIntent(opening(community))
            .setAutoCancel(true)
        manager.notify(id.toString(), ID, made.build())
    }

    private fun builder(channel: Channel) = Notification.Builder(context, channel.id).setSmallIcon(R.drawable.ic_notification)

    private fun opening(community: CommunityId?): PendingIntent {
        val intent = Intent(context, MainActivity::class.java).setAction(MainActivity.SHOW)
        community?.let { intent.putExtra(MainActivity.COMMUNITY, it.toString()) }
        val flags = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        return PendingIntent.getActivity(context, community.hashCode(), intent, flags)
    }

    private companion object {
        const val ID = 1
    }
}
