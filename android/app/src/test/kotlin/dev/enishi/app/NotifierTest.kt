package dev.enishi.app

import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import dev.enishi.app.machine.service
import dev.enishi.app.notifications.Channel
import dev.enishi.app.notifications.Notifier
import dev.enishi.app.notifications.Shown
import dev.enishi.id.CommunityId
import dev.enishi.id.NoticeId
import dev.enishi.id.Version
import dev.enishi.model.Notification as Told
import dev.enishi.protocol.Notice
import dev.enishi.protocol.NoticeEvent
import dev.enishi.protocol.NotificationKind
import java.util.UUID
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What a phone shows while nobody looks at the app, also on its locked screen. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja")
class NotifierTest {
    private val community = CommunityId(UUID.randomUUID())
    private lateinit var system: NotificationManager
    private lateinit var notifier: Notifier

    @Before fun aPhone() {
        system = app.service<NotificationManager>()
        notifier = Notifier(app, { app }, Shown(app))
    }

    private fun told(unread: Boolean = true, alert: Boolean = true, id: UUID = UUID.randomUUID(), place: Long = 1) =
        Told(id, NotificationKind.MESSAGE, Version(place), 0, null, "退職 花子", null, null, null, null, "ひみつの話", null, unread, alert)

    private fun shown(): List<Notification> = system.activeNotifications.map { it.notification }

    private fun Notification.words() = listOf("android.title", "android.text").mapNotNull { extras.getCharSequence(it)?.toString() }

    @Test fun `it says that something is new, and nothing of what it is`() {
        notifier.show(community, "縁商事", listOf(told()), tells = false)
        assertEquals(listOf("新しいお知らせ"), shown().single().words())
    }

    @Test fun `where the member asked for it, it says who and what, and the locked screen still does not`() {
        notifier.show(community, "縁商事", listOf(told()), tells = true)
        val one = shown().single()
        assertEquals(listOf("縁商事", "退職 花子：ひみつの話"), one.words())
        assertEquals(Notification.VISIBILITY_PRIVATE, one.visibility)
        assertEquals(listOf("新しいお知らせ"), one.publicVersion.words())
    }

    @Test fun `it is shown once, and goes when it was read elsewhere`() {
        val id = UUID.randomUUID()
        notifier.show(community, "", listOf(told(id = id)), tells = false)
        notifier.show(community, "", listOf(told(id = id), told(alert = false)), tells = false)
        assertEquals(1, shown().size)
        system.cancelAll()
        notifier.show(community, "", listOf(told(id = id)), tells = false)
        assertEquals(0, shown().size)
        val other = UUID.randomUUID()
        notifier.show(community, "", listOf(told(id = other)), tells = false)
        notifier.show(community, "", listOf(told(id = other, unread = false)), tells = false)
        assertEquals(0, shown().size)
    }

    @Test fun `the next message of a conversation is shown as well, and all of it goes once the conversation is read`() {
        val id = UUID.randomUUID()
        notifier.show(community, "", listOf(told(id = id)), tells = false)
        system.cancelAll()
        notifier.show(community, "", listOf(told(id = id, place = 2)), tells = false)
        assertEquals(1, shown().size)
        // A conversation that was read is in the list no longer.
        notifier.show(community, "", emptyList(), tells = false, lookedAt = true)
        assertEquals(0, shown().size)
    }

    @Test fun `while somebody looks at the app nothing new is shown over it`() {
        notifier.show(community, "", listOf(told()), tells = true, lookedAt = true)
        assertEquals(0, shown().size)
    }

    @Test fun `pressing it opens the community, and no other app can change what it does`() {
        notifier.show(community, "", listOf(told()), tells = false)
        val pressed = shadowOf(shown().single().contentIntent)
        assertTrue(pressed.flags and PendingIntent.FLAG_IMMUTABLE != 0)
        assertEquals(MainActivity::class.java.name, pressed.savedIntent.component?.className)
        assertEquals(community.toString(), pressed.savedIntent.getStringExtra(MainActivity.COMMUNITY))
    }

    @Test fun `without leave nothing is shown, and nothing fails`() {
        shadowOf(system).setNotificationsEnabled(false)
        notifier.show(community, "", listOf(told()), tells = true)
        assertEquals(0, shown().size)
    }

    @Test fun `a sign-in on another device is told on its own channel, without naming it`() {
        notifier.show(listOf(Notice(NoticeId(UUID.randomUUID()), 0, NoticeEvent.NewDevice("Pixel"))))
        val one = shown().single()
        assertEquals(Channel.SAFETY.id, one.channelId)
        assertFalse(one.words().any { "Pixel" in it })
    }

    @Test fun `no channel names a community or a company, and each is private`() {
        val channels = system.notificationChannels
        assertEquals(setOf("メッセージ", "自分あてのお知らせ", "全体のお知らせ", "安全に関するお知らせ"), channels.map { it.name.toString() }.toSet())
        assertTrue(channels.all { it.lockscreenVisibility == Notification.VISIBILITY_PRIVATE })
    }
}
