package dev.enishi.app

import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.test.core.app.ActivityScenario
import dev.enishi.Phone
import dev.enishi.TestServer
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What people do with the app: the real screens on the real core, with a real server. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja-w412dp-h915dp-xhdpi")
class StoriesTest {
    @get:Rule(order = 0) val phone = PhoneRule()

    @get:Rule(order = 1) val screen = createEmptyComposeRule()

    private val hand by lazy { Hand(screen) }

    @Test fun `a leaver joins by a link, with a code by mail and the fact that is asked for`() {
        TestServer().use { server ->
            runBlocking { Phone.owner(server) }.use { owner ->
                runBlocking { owner.post("ようこそ、縁へ") }
                val leaver = server.leaver()
                val link = Intent(Intent.ACTION_VIEW, Uri.parse(server.invitation(leaver))).setClassName(app, MainActivity::class.java.name)
                ActivityScenario.launch<MainActivity>(link).use { scenario ->
                    hand.see("「縁商事」への招待")
                    hand.press("参加する")
                    hand.type(hasTestTag("address"), "hanako@example.jp")
                    hand.press("数字を送ってもらう")
                    hand.await(hasTestTag("mail-code"))
                    scenario.recreate()
                    hand.type(hasTestTag("mail-code"), runBlocking { server.code("hanako@example.jp") })
                    val (family, given) = leaver.name.split(" ")
                    hand.type(hasText("姓"), family)
                    hand.type(hasText("名"), given)
                    hand.type(hasText("生年月日"), leaver.born)
                    hand.press("この内容で参加する")
                    hand.see("縁商事へようこそ")
                    hand.press("ホームへ")
                    hand.see("ようこそ、縁へ")
                    assertEquals("縁商事", app.enishi.state.value.place?.membership?.name)
                }
            }
        }
    }
}
