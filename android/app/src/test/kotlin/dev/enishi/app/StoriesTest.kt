package dev.enishi.app

import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextReplacement
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

    private fun await(what: androidx.compose.ui.test.SemanticsMatcher) = screen.waitUntil(what.description, 30_000) {
        screen.onAllNodes(what).fetchSemanticsNodes().isNotEmpty()
    }

    private fun see(text: String) = await(hasText(text, substring = true))

    private fun press(text: String) {
        await(hasText(text) and isEnabled())
        screen.onNode(hasText(text) and isEnabled()).performScrollTo().performClick()
    }

    private fun type(field: androidx.compose.ui.test.SemanticsMatcher, text: String) {
        await(field and hasSetTextAction())
        screen.onNode(field and hasSetTextAction()).performScrollTo().performTextReplacement(text)
    }

    @Test fun `a leaver joins by a link, with a code by mail and the fact that is asked for`() {
        TestServer().use { server ->
            runBlocking { Phone.owner(server) }.use { owner ->
                runBlocking { owner.post("ようこそ、縁へ") }
                val leaver = server.leaver()
                val link = Intent(Intent.ACTION_VIEW, Uri.parse(server.invitation(leaver))).setClassName(app, MainActivity::class.java.name)
                ActivityScenario.launch<MainActivity>(link).use { scenario ->
                    see("「縁商事」への招待")
                    press("参加する")
                    type(hasTestTag("address"), "hanako@example.jp")
                    press("数字を送ってもらう")
                    await(hasTestTag("mail-code"))
                    scenario.recreate()
                    type(hasTestTag("mail-code"), runBlocking { server.code("hanako@example.jp") })
                    val (family, given) = leaver.name.split(" ")
                    type(hasText("姓"), family)
                    type(hasText("名"), given)
                    type(hasText("生年月日"), leaver.born)
                    press("この内容で参加する")
                    see("縁商事へようこそ")
                    press("ホームへ")
                    see("ようこそ、縁へ")
                    assertEquals("縁商事", app.enishi.state.value.place?.membership?.name)
                }
            }
        }
    }
}
