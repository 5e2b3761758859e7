package dev.enishi.app

import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import dev.enishi.Community
import dev.enishi.TestServer
import dev.enishi.image
import dev.enishi.isSent
import dev.enishi.model.Around
import dev.enishi.model.Selection
import dev.enishi.noise
import dev.enishi.pdf
import dev.enishi.protocol.Attaching
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.PostWriting
import dev.enishi.protocol.Stream
import java.io.ByteArrayInputStream
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** Pictures and documents on their way in and out of the app: the real screens on the real core, with a real server. */
class FilesTest : ScreenStory() {
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
                await("the post is sent") { community.newest()?.isSent == true }
                assertEquals(1, community.newest()?.attachments?.size)
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
                hand.tap(hasText("今すぐ送る"))
                hand.miss("送信待ち")
                hand.miss("Wi-Fiにつながると送ります")
            }
        }
    }

    @Test fun `a document is opened by another app, which is given this one file to read`() {
        TestServer().use { server ->
            val community = joined(server)
            runBlocking {
                val picked = community.pick(pdf())
                val shown = listOf(Attaching(picked.id, "社員会の会則"))
                community.writePostAs(PostWriting(Stream.Community, PostKind.TEXT, "会則を載せます", emptyList(), poll = null, attachments = shown))
            }
            opened().use { scenario ->
                hand.see("会則を載せます")
                hand.await(hasTestTag("document") and hasText("社員会の会則") and hasText("ファイル（1ページ）"))
                // Once it is sent, and so looked at by the server, it can be had.
                await("the post is sent") { community.newest()?.isSent == true }
                hand.tap(hasTestTag("document"))
                var viewing: Intent? = null
                screen.waitUntil("another app", 30_000) {
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

    private fun Community.newest() = runBlocking { feed(Selection.All, Around.Newest, 1u).posts.firstOrNull() }
}
