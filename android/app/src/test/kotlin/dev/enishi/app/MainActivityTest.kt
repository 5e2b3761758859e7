package dev.enishi.app

import android.content.Intent
import android.net.Uri
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.hasText
import dev.enishi.TestServer
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.robolectric.Robolectric

/** The activity: what it is started with, and what it keeps when it is made anew. */
class MainActivityTest : ScreenStory() {
    private fun link(address: String) = Intent(Intent.ACTION_VIEW, Uri.parse(address))

    @Test fun `whoever opens it for the first time is asked for an invitation`() {
        opened().use {
            hand.see("招待状をお持ちの方")
            assertEquals(runBlocking { app.core.client() }, app.enishi.state.value.client)
        }
    }

    @Test fun `a link opens a preview that says who invites, and still says it when the phone was turned`() {
        TestServer().use { server ->
            opened(link(server.invitation(server.leaver()))).use { scenario ->
                hand.see("縁商事")
                assertNull(app.enishi.state.value.link)
                scenario.recreate()
                hand.see("縁商事")
            }
        }
    }

    @Test fun `a link that comes while the app is open is taken as well`() {
        TestServer().use { server ->
            // A scenario knows its activity by the intent that it was started with.
            Robolectric.buildActivity(MainActivity::class.java).use { activity ->
                activity.setup()
                hand.see("招待状をお持ちの方")
                activity.newIntent(link(server.invitation(server.leaver())))
                hand.see("縁商事")
            }
        }
    }

    @Test fun `the same link twice leads to one preview`() {
        TestServer().use { server ->
            Robolectric.buildActivity(MainActivity::class.java).use { activity ->
                activity.setup()
                hand.see("招待状をお持ちの方")
                val link = link(server.invitation(server.leaver()))
                repeat(2) {
                    activity.newIntent(link)
                    hand.see("への招待です")
                }
                activity.get().onBackPressedDispatcher.onBackPressed()
                hand.see("招待状をお持ちの方")
            }
        }
    }

    @Test fun `a link that was gone back from does not open again when the phone is turned`() {
        TestServer().use { server ->
            opened(link(server.invitation(server.leaver()))).use { scenario ->
                hand.see("への招待です")
                scenario.goBack()
                hand.see("招待状をお持ちの方")
                scenario.recreate()
                screen.waitForIdle()
                hand.see("招待状をお持ちの方")
                screen.onAllNodes(hasText("への招待です", substring = true)).assertCountEquals(0)
            }
        }
    }

    @Test fun `a link that a strange host carries says so, and what cannot be reached is told`() {
        // A port of this machine at which nobody answers.
        val closed = java.net.ServerSocket(0).use { it.localPort }
        opened(link("https://links.example.net/i/127.0.0.1%3A$closed/2NANANANANANANANANANANANAN")).use {
            hand.see("「links.example.net」は、このアプリの知らない相手です")
            hand.see("サーバーにつながりません")
        }
    }

    @Test fun `what is no invitation is told as that`() {
        opened(link("https://enishi.example/i/123")).use { hand.see("招待のリンクやコードではないようです") }
    }

    @Test fun `what must not be seen stays out of screenshots also when the phone is turned`() {
        opened().use { scenario ->
            app.platform.secure(true)
            scenario.onActivity { assertEquals(FLAG_SECURE, it.window.attributes.flags and FLAG_SECURE) }
            scenario.recreate()
            scenario.onActivity { assertEquals(FLAG_SECURE, it.window.attributes.flags and FLAG_SECURE) }
            scenario.onActivity { app.platform.secure(false) }
            scenario.onActivity { assertEquals(0, it.window.attributes.flags and FLAG_SECURE) }
        }
    }

    @Test fun `a notification of a community that this phone is not in shows none`() {
        val strange = Intent(MainActivity.SHOW).putExtra(MainActivity.COMMUNITY, "018f0000-0000-7000-8000-000000000000")
        opened(strange).use {
            hand.see("招待状をお持ちの方")
            assertNull(app.enishi.state.value.shown)
        }
    }

    @Test fun `it tells the core whether somebody looks`() {
        opened().use { scenario ->
            hand.see("招待状をお持ちの方")
            scenario.recreate()
            hand.see("招待状をお持ちの方")
            scenario.moveToState(androidx.lifecycle.Lifecycle.State.CREATED)
            assertEquals(false, app.core.isLookedAt)
            scenario.moveToState(androidx.lifecycle.Lifecycle.State.RESUMED)
            assertEquals(true, app.core.isLookedAt)
        }
    }
}
