package dev.enishi.app

import androidx.activity.BackEventCompat
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.test.core.app.ActivityScenario
import dev.enishi.TestServer
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** The phone's own way back, which shows where it leads before it goes there. */
class GoingBackTest : ScreenStory() {
    /** A finger that draws from the left edge to the middle of the screen. */
    private fun ActivityScenario<MainActivity>.draw() = onActivity {
        it.onBackPressedDispatcher.dispatchOnBackStarted(BackEventCompat(0f, 400f, 0f, BackEventCompat.EDGE_LEFT))
        it.onBackPressedDispatcher.dispatchOnBackProgressed(BackEventCompat(200f, 400f, 0.5f, BackEventCompat.EDGE_LEFT))
    }

    @Test fun `a gesture that is thought better of leaves the screen with what was typed, one that is ended leads back`() {
        TestServer().use { server ->
            joined(server)
            opened().use { scenario ->
                hand.tap(hasTestTag("write"))
                hand.type(hasTestTag("text"), "もう少し書きます")
                scenario.draw()
                scenario.onActivity { it.onBackPressedDispatcher.dispatchOnBackCancelled() }
                hand.await(hasTestTag("text") and hasText("もう少し書きます"))
                scenario.draw()
                scenario.goBack()
                hand.see("まだ投稿はありません")
                screen.waitUntil { screen.onAllNodes(hasTestTag("text")).fetchSemanticsNodes().isEmpty() }
            }
        }
    }

    @Test fun `a page of several steps goes back by one, and the first screen leaves the app`() {
        TestServer().use { server ->
            opened().use { scenario ->
                hand.press("登録したメールアドレスで入る")
                hand.type(hasTestTag("server"), server.url)
                hand.type(hasTestTag("address"), "hanako@example.jp")
                hand.press("数字を送ってもらう")
                hand.await(hasTestTag("mail-code"))
                scenario.goBack()
                hand.await(hasTestTag("address") and hasText("hanako@example.jp"))
                scenario.onActivity {
                    it.onBackPressedDispatcher.onBackPressed()
                    assertFalse(it.isFinishing)
                }
                hand.see("招待状をお持ちの方")
                scenario.onActivity {
                    it.onBackPressedDispatcher.onBackPressed()
                    assertTrue(it.isFinishing)
                }
            }
        }
    }
}
