package dev.enishi.app

import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.test.core.app.ActivityScenario
import dev.enishi.Phone
import dev.enishi.TestServer
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What people do with the app: the real screens on the real core, with a real server. */
class StoriesTest : ScreenStory() {
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

    @Test fun `whoever joined in a browser needs only the address here`() {
        TestServer().use { server ->
            val leaver = server.leaver()
            val browser = Browser(server)
            val link = server.invitation(leaver)
            val asked = browser.press(browser.open(link.substring(link.indexOf("/i/")) + "/join?lang=ja"), "address" to "hanako@example.jp")
            val proved = browser.press(asked, "digits" to runBlocking { server.code("hanako@example.jp") })
            val (family, given) = leaver.name.split(" ")
            val done = browser.press(proved, "family" to family, "given" to given, "fact" to leaver.born, "consent" to "yes")
            assertTrue(done, "参加しました" in done)

            opened().use {
                hand.press("登録したメールアドレスで入る")
                hand.type(hasTestTag("server"), server.url)
                hand.type(hasTestTag("address"), "hanako@example.jp")
                hand.press("数字を送ってもらう")
                hand.await(hasTestTag("mail-code"))
                hand.type(hasTestTag("mail-code"), runBlocking { server.code("hanako@example.jp") })
                hand.see("まだ投稿はありません")
                assertEquals("縁商事", app.enishi.state.value.place?.membership?.name)
            }
        }
    }
}
