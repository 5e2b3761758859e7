package dev.enishi.app.notifications

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.content.Context
import androidx.annotation.StringRes
import dev.enishi.app.R
import dev.enishi.app.machine.service
import dev.enishi.protocol.NotificationKind

/** What the system's settings can tell apart. The names say nothing of a community or a company. */
internal enum class Channel(val id: String, @param:StringRes private val called: Int, private val importance: Int) {
    MESSAGES("messages", R.string.channel_messages, NotificationManager.IMPORTANCE_HIGH),
    TO_ME("to-me", R.string.channel_to_me, NotificationManager.IMPORTANCE_DEFAULT),
    COMMUNITY("community", R.string.channel_community, NotificationManager.IMPORTANCE_DEFAULT),
    SAFETY("safety", R.string.channel_safety, NotificationManager.IMPORTANCE_HIGH),
    ;

    companion object {
        /** Makes them known to the system; also after the language was changed. */
        fun make(words: Context) {
            val manager = words.service<NotificationManager>()
            for (channel in entries) {
                val made = NotificationChannel(channel.id, words.getString(channel.called), channel.importance)
                made.lockscreenVisibility = Notification.VISIBILITY_PRIVATE
                manager.createNotificationChannel(made)
            }
        }

        fun of(kind: NotificationKind): Channel = when (kind) {
            NotificationKind.MESSAGE, NotificationKind.MESSAGE_REQUEST -> MESSAGES
            NotificationKind.ANNOUNCEMENT, NotificationKind.JOIN_REQUEST -> COMMUNITY
            else -> TO_ME
        }
    }
}
