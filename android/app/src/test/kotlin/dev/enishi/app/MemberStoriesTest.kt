package dev.enishi.app

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.net.Uri
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
import dev.enishi.image
import dev.enishi.inTime
import dev.enishi.isSent
import dev.enishi.model.Around
import dev.enishi.model.Selection
import dev.enishi.noise
import dev.enishi.pdf
import dev.enishi.protocol.Attaching
import dev.enishi.protocol.Language
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.PostWriting
import dev.enishi.protocol.Stream
import dev.enishi.watchAttention
import dev.enishi.watchConversations
import java.io.ByteArrayInputStream
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

    @Test fun `pictures that another app shares wait in a post, after what was begun, and are sent by a press`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking { community.keepDraft("post:community", "書きかけ") }
            val picture = Uri.parse("content://gallery/1").also { shadowOf(app.contentResolver).registerInputStream(it, ByteArrayInputStream(image(64, 64))) }
            val sharing = Intent(Intent.ACTION_SEND).setType("image/png").putExtra(Intent.EXTRA_STREAM, picture).putExtra(Intent.EXTRA_TEXT, "桜が咲きました")
            opened(sharing).use {
                hand.see("読める人")
                hand.await(hasTestTag("text") and hasText("書きかけ\n桜が咲きました"))
                hand.await(hasText("写っているもの"))
                hand.press("投稿する")
                hand.see("桜が咲きました")
                hand.miss("送信待ち")
            }
            val posts = runBlocking { community.feed(Selection.All, Around.Newest, 10u).posts }
            assertEquals(listOf(1), posts.map { it.attachments.size })
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

    @Test fun `a large file on a costly network says why it waits, and goes when it is told to`() {
        TestServer().use { server ->
            val community = joined(server)
            opened().use {
                hand.see("まだ投稿はありません")
                app.core.setNetwork(online = true, metered = true)
                runBlocking {
                    val picked = community.pick(noise(1_200, 900))
                    community.writePostAs(PostWriting(Stream.Community, PostKind.TEXT, "大きな写真です", emptyList(), poll = null, attachments = listOf(Attaching(picked.id, "庭"))))
                }
                hand.see("Wi-Fiにつながると送ります")
                hand.see("送信待ち")
                hand.press("今すぐ送る")
                hand.miss("送信待ち")
                hand.miss("Wi-Fiにつながると送ります")
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

    @Test fun `a document is opened by another app, which is given this one file to read`() {
        TestServer().use { server ->
            val community = joined(server)
            val written = runBlocking {
                val picked = community.pick(pdf())
                val shown = listOf(Attaching(picked.id, "社員会の会則"))
                community.writePostAs(PostWriting(Stream.Community, PostKind.TEXT, "会則を載せます", emptyList(), poll = null, attachments = shown))
            }
            opened().use { scenario ->
                hand.see("会則を載せます")
                hand.await(hasTestTag("document") and hasText("社員会の会則") and hasText("ファイル（1ページ）"))
                // Once it is sent, and so looked at by the server, it can be had.
                await("the post was sent") { runBlocking { community.feed(Selection.All, Around.Newest, 10u).posts }.single { it.id == written }.isSent }
                hand.tap(hasTestTag("document"))
                var viewing: Intent? = null
                await("another app") {
                    scenario.onActivity { viewing = shadowOf(it).nextStartedActivity }
                    viewing != null
                }
                assertEquals(Intent.ACTION_VIEW to "application/pdf", viewing!!.action to viewing!!.type)
                assertEquals(Intent.FLAG_GRANT_READ_URI_PERMISSION, viewing!!.flags)
                val begin = app.contentResolver.openInputStream(viewing!!.data!!)!!.use { it.readNBytes(5) }
                assertEquals("%PDF-", String(begin))
                // A phone with nothing that shows one.
                shadowOf(app).checkActivities(true)
                hand.tap(hasTestTag("document"))
                hand.see("PDFを開けるアプリがありません")
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
