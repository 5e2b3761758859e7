package dev.enishi.app

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.lifecycle.Lifecycle
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.app.machine.service
import dev.enishi.inTime
import dev.enishi.protocol.Language
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.Stream
import dev.enishi.watchAttention
import dev.enishi.watchConversations
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** What members do with the app once they are in: the real screens on the real core, with a real server. */
class MemberStoriesTest : ScreenStory() {
    @Test fun `a post written without a server waits in sight, and loses its mark when the server is back`() {
        TestServer().use { server ->
            joined(server)
            opened().use {
                hand.see("まだ投稿はありません")
                server.kill()
                hand.tap(hasTestTag("write"))
                hand.see("読める人")
                hand.type(hasTestTag("text"), "電車の中から書いています")
                hand.press("投稿する")
                hand.see("電車の中から書いています")
                hand.see("送信待ち")
                server.start()
                app.enishi.state.value.client!!.push()
                hand.miss("送信待ち")
                hand.see("電車の中から書いています")
            }
        }
    }

    @Test fun `what was begun is there after a rotation, after going back, and is gone once it is sent`() {
        TestServer().use { server ->
            joined(server)
            opened().use { scenario ->
                hand.tap(hasTestTag("write"))
                hand.type(hasTestTag("text"), "書きかけの便り")
                scenario.recreate()
                hand.await(hasTestTag("text") and hasText("書きかけの便り"))
                scenario.goBack()
                hand.tap(hasTestTag("write"))
                hand.await(hasTestTag("text") and hasText("書きかけの便り"))
                hand.press("投稿する")
                hand.see("書きかけの便り")
                hand.tap(hasTestTag("write"))
                hand.await(hasTestTag("text") and hasText(""))
            }
        }
    }

    @Test fun `what the server refused is told with its reason, and goes when the member lets it go`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking {
                community.writePost(Stream.Community, PostKind.ANNOUNCEMENT, "全員へのお知らせ", emptyList())
                inTime { community.watchAttention().first { it.isNotEmpty() } }
            }
            opened().use {
                hand.see("送れなかったものが1件あります")
                hand.tap(hasText("確認する"))
                hand.see("この操作をする権限がありません")
                hand.see("「全員へのお知らせ」")
                hand.press("取り消す")
                hand.see("この端末から消えます")
                hand.tap(hasText("取り消す") and hasClickAction() and hasAnyAncestor(isDialog()))
                hand.see("確認が必要なものはありません")
            }
            assertEquals(0, runBlocking { community.needsAttention().size })
        }
    }

    @Test fun `a word of two characters is found`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking { community.writePost(Stream.Community, PostKind.TEXT, "退職して一年になりました", emptyList()) }
            opened().use {
                hand.see("退職して一年")
                hand.tapSign("探す")
                hand.type(hasTestTag("query"), "退職", scroll = false)
                hand.await(hasTestTag("hits"))
                hand.see("退職して一年になりました")
                hand.type(hasTestTag("query"), "珈琲倶楽部", scroll = false)
                hand.see("見つかりませんでした")
            }
        }
    }

    @Test fun `a message reaches the one it is for, and its screen is kept out of pictures`() {
        TestServer().use { server ->
            joined(server)
            runBlocking { Phone.joined(server) }.use { other ->
                runBlocking { inTime { app.core.client().communities().single().inStep() } }
                val name = runBlocking { other.community.findMember(other.community.member())!!.name }
                opened().use { scenario ->
                    hand.tapSign("みんな")
                    hand.type(hasTestTag("people-query"), name, scroll = false)
                    hand.tap(hasTestTag("person") and hasText(name))
                    hand.press("メッセージを送る")
                    hand.type(hasTestTag("message-text"), "お久しぶりです", scroll = false)
                    hand.tap(hasTestTag("send-message"))
                    hand.await(hasTestTag("message"))
                    scenario.onActivity { assertEquals(FLAG_SECURE, it.window.attributes.flags and FLAG_SECURE) }
                    val asked = runBlocking { inTime { other.community.watchConversations().first { it.isNotEmpty() } } }.single()
                    assertEquals("お久しぶりです", asked.newest?.text)
                }
            }
        }
    }

    @Test fun `a notification leads to its post, also where the app was not running`() {
        TestServer().use { server ->
            val community = joined(server)
            val post = runBlocking { community.writePost(Stream.Community, PostKind.TEXT, "お知らせの行き先", emptyList()) }
            val pressed = Intent(MainActivity.SHOW).putExtra(MainActivity.COMMUNITY, "${community.id()}").putExtra(MainActivity.POST, "$post")
            opened(pressed).use {
                hand.await(hasTestTag("comments"))
                hand.see("お知らせの行き先")
                hand.see("まだコメントはありません")
            }
        }
    }

    @Test fun `the language is another at once, and after the app was made anew`() {
        TestServer().use { server ->
            joined(server)
            opened().use { scenario ->
                hand.tapSign("自分")
                hand.press("設定")
                hand.press("ことば")
                hand.tap(hasText("English"))
                hand.see("Settings")
                scenario.recreate()
                hand.see("Settings")
                assertEquals(Language.EN, app.enishi.preferences.state.value.language)
            }
        }
    }

    @Test fun `whoever was named stays so when the text is changed`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking { Phone.joined(server) }.use { other ->
                runBlocking { inTime { community.inStep() } }
                val (named, name) = runBlocking { other.community.member().let { it to community.findMember(it)!!.name } }
                val post = runBlocking { community.writePost(Stream.Community, PostKind.TEXT, "@$name さん、お元気でしすか", listOf(named)) }
                runBlocking { community.writeComment(post, null, "@$name さんへ、つづきでしす", listOf(named)) }
                opened().use {
                    hand.tap(hasText("お元気でしすか", substring = true))
                    hand.await(hasTestTag("comment"))
                    hand.tap(hasContentDescription("そのほか") and hasAnyAncestor(hasTestTag("comment")))
                    hand.tap(hasText("直す"))
                    hand.type(hasTestTag("comment-text"), "@$name さんへ、つづきです", scroll = false)
                    hand.tap(hasTestTag("send"))
                    hand.see("つづきです")
                    hand.tap(hasContentDescription("そのほか") and !hasAnyAncestor(hasTestTag("comment")))
                    hand.tap(hasText("直す"))
                    hand.type(hasTestTag("text"), "@$name さん、お元気ですか")
                    hand.tap(hasText("保存"))
                    hand.see("お元気ですか")
                }
                val page = runBlocking { community.post(post, 10u) }!!
                assertEquals("@$name さん、お元気ですか" to listOf(named), page.post.text to page.post.mentions)
                assertEquals(listOf("@$name さんへ、つづきです" to listOf(named)), page.comments.map { it.text to it.mentions })
            }
        }
    }

    @Test fun `a bookmark is found again, also without a server`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking { community.writePost(Stream.Community, PostKind.TEXT, "あとで読み返します", emptyList()) }
            opened().use {
                hand.see("あとで読み返します")
                server.kill()
                hand.tapSign("しおりをはさむ")
                hand.tapSign("自分")
                hand.press("しおり")
                hand.await(hasTestTag("bookmarks"))
                hand.see("あとで読み返します")
                hand.tapSign("しおりを外す")
                hand.see("まだ何もありません")
            }
        }
    }

    @Test fun `behind the lock nothing shows until the phone's holder has proved to be that`() {
        TestServer().use { server ->
            joined(server)
            shadowOf(app.service<KeyguardManager>()).setIsDeviceSecure(true)
            opened().use { scenario ->
                fun answer(result: Int) {
                    var question: Intent? = null
                    await("the device's own question") {
                        scenario.onActivity { question = shadowOf(it).nextStartedActivityForResult?.intent }
                        question != null
                    }
                    scenario.onActivity { shadowOf(it).receiveResult(question, result, null) }
                }
                hand.tapSign("自分")
                hand.press("設定")
                hand.press("開くときに本人を確かめる")
                answer(Activity.RESULT_OK)
                await("the lock") { app.enishi.preferences.state.value.lock }
                scenario.moveToState(Lifecycle.State.CREATED)
                scenario.moveToState(Lifecycle.State.RESUMED)
                hand.see("ご本人であることを確かめてから開きます")
                hand.press("開く")
                answer(Activity.RESULT_CANCELED)
                hand.see("ご本人であることを確かめてから開きます")
                hand.press("開く")
                answer(Activity.RESULT_OK)
                // What was open is there again.
                hand.see("開くときに本人を確かめる")
            }
        }
    }

    @Test fun `the text of each licence is there to be read`() {
        TestServer().use { server ->
            joined(server)
            opened().use { scenario ->
                hand.tapSign("自分")
                hand.press("このアプリについて")
                hand.press("使っているソフトウェア")
                hand.tap(hasTestTag("licence") and hasText("Java Native Access"))
                hand.see("Apache License")
                scenario.goBack()
                hand.see("つくった人たちに感謝します")
            }
        }
    }

    @Test fun `what is shared with somebody who has not joined opens nothing that they may not see`() {
        val sharing = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, "こんにちは")
        opened(sharing).use { hand.see("招待状をお持ちの方") }
    }
}
