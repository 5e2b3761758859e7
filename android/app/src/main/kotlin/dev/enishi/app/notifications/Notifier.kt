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

    /**
     * Shows what draws attention and was not shown before, and takes away what is unread no longer. `tells` is whether it
     * may say what it is about; while the app is `lookedAt` nothing new is shown.
     */
    fun show(community: CommunityId, name: String, told: List<Told>, tells: Boolean, lookedAt: Boolean = false) {
        val unread = told.filter { it.unread }
        for (item in unread.filter { it.alert && !lookedAt }) {
            // A conversation keeps its id; each of its messages has a place of its own.
            if (!shown.add("${item.id}@${item.place.value}")) continue
            post(tag(community, item.id), Channel.of(item.kind), opening(community, item)) {
                if (tells) setContentTitle(name).setContentText(said(item)) else setContentTitle(new())
            }
        }
        val stays = unread.map { tag(community, it.id) }.toSet()
        manager.activeNotifications.filter { it.tag.orEmpty().startsWith("$community/") && it.tag !in stays }.forEach { manager.cancel(it.tag, it.id) }
    }

    private fun tag(community: CommunityId, id: UUID) = "$community/$id"

    /** Shows what happened to the account itself: nobody may miss that somebody else signed in. */
    fun show(notices: List<Notice>) {
        // They wait for leave to be shown.
        if (!manager.areNotificationsEnabled()) return
        for (notice in notices) {
            if (!shown.add("${notice.id}")) continue
            post("${notice.id}", Channel.SAFETY, opening(null, null)) {
                setContentTitle(words().getString(R.string.notice_title)).setContentText(words().getString(R.string.notice_text))
            }
        }
    }

    private fun said(item: Told): String =
        item.byName?.let { words().getString(R.string.notification_by, it, item.text) } ?: item.text.ifEmpty(::new)

    private fun new() = words().getString(R.string.notification_new)

    private fun post(tag: String, channel: Channel, opening: PendingIntent, filled: Notification.Builder.() -> Unit) {
        // Where the member has not allowed it, the app's own list has it all the same.
        if (!manager.areNotificationsEnabled()) return
        Channel.make(words())
        val made = builder(channel).apply(filled)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setPublicVersion(builder(channel).setContentTitle(new()).build())
            .setContentIntent(opening)
            .setAutoCancel(true)
        manager.notify(tag, ID, made.build())
    }

    private fun builder(channel: Channel) = Notification.Builder(context, channel.id).setSmallIcon(R.drawable.ic_notification)

    /** Leads to what it is about; a notice to what there is about oneself. */
    private fun opening(community: CommunityId?, item: Told?): PendingIntent {
        val intent = Intent(context, MainActivity::class.java).setAction(MainActivity.SHOW)
        community?.let { intent.putExtra(MainActivity.COMMUNITY, "$it") }
        item?.conversation?.let { intent.putExtra(MainActivity.CONVERSATION, "$it") }
        item?.post?.let { intent.putExtra(MainActivity.POST, "$it") }
        item?.group?.let { intent.putExtra(MainActivity.GROUP, "$it") }
        val flags = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        return PendingIntent.getActivity(context, listOf(community, item?.id).hashCode(), intent, flags)
    }

    private companion object {
        const val ID = 1
    }
}
