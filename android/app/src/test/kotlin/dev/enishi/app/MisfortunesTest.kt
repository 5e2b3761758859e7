package dev.enishi.app

import android.app.NotificationManager
import android.content.ClipData
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.provider.Settings
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import com.sun.net.httpserver.HttpServer
import dev.enishi.TestServer
import dev.enishi.app.machine.service
import dev.enishi.image
import java.io.ByteArrayInputStream
import java.io.File
import java.net.InetSocketAddress
import org.junit.Assume.assumeTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** What goes wrong around the app: it says so in words of its own, and nothing typed is lost. */
class MisfortunesTest : ScreenStory() {
    @Test fun `a clock that is a day wrong is told, and what is written is sent all the same`() {
        TestServer(hoursAhead = 24).use { server ->
            joined(server)
            opened().use {
                hand.see("端末の時計が合っていないようです")
                hand.tap(hasTestTag("write"))
                hand.type(hasTestTag("text"), "きのうの時計で")
                hand.press("投稿する")
                hand.see("きのうの時計で")
                hand.miss("送信待ち")
            }
        }
    }

    @Test fun `a server that speaks only with newer apps says so`() {
        val newer = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        newer.createContext("/") { call ->
            val answer = "{\"code\":\"upgrade_required\",\"message\":\"Update the app.\"}".toByteArray()
            call.responseHeaders.add("Content-Type", "application/json")
            call.sendResponseHeaders(426, answer.size.toLong())
            call.responseBody.use { it.write(answer) }
        }
        newer.start()
        try {
            val link = "http://127.0.0.1:${newer.address.port}/i/2NANANANANANANANANANANANAN"
            opened(Intent(Intent.ACTION_VIEW, Uri.parse(link))).use { hand.see("このアプリは古くなりました") }
        } finally {
            newer.stop(0)
        }
    }

    @Test fun `without room what was typed stays, and is taken once there is room`() {
        TestServer().use { server ->
            SmallDisk(app.noBackupFilesDir, megabytes = 8).use { disk ->
                joined(server)
                opened().use {
                    hand.tap(hasTestTag("write"))
                    hand.await(hasTestTag("text"))
                    disk.fill()
                    hand.type(hasTestTag("text"), "空きがなくなりました")
                    hand.press("投稿する")
                    hand.see("端末の空きが足りません")
                    hand.await(hasTestTag("text") and hasText("空きがなくなりました"))
                    disk.clear()
                    hand.press("投稿する")
                    hand.see("空きがなくなりました")
                    hand.miss("送信待ち")
                }
            }
        }
    }

    @Test fun `what is no picture is refused by name, and the picture beside it is taken`() {
        TestServer().use { server ->
            joined(server)
            opened().use { scenario ->
                hand.tap(hasTestTag("write"))
                hand.type(hasTestTag("text"), "写真を添えて")
                hand.press("画像やPDFを付ける")
                val given = listOf("note.jpg" to "not a picture".toByteArray(), "picture.png" to image(64, 64)).map { (name, bytes) ->
                    Uri.parse("content://other.app/$name").also { shadowOf(app.contentResolver).registerInputStream(it, ByteArrayInputStream(bytes)) }
                }
                val picked = ClipData.newRawUri("", given[0]).apply { addItem(ClipData.Item(given[1])) }
                scenario.onActivity { activity ->
                    val asked = shadowOf(activity).nextStartedActivityForResult
                    shadowOf(activity).receiveResult(asked.intent, android.app.Activity.RESULT_OK, Intent().apply { clipData = picked })
                }
                hand.see("この種類のファイルは送れません")
                hand.await(hasText("写っているもの"))
                hand.await(hasTestTag("text") and hasText("写真を添えて"))
            }
        }
    }

    @Test fun `a text over its limit says by how much and is not sent`() {
        TestServer().use { server ->
            joined(server)
            opened().use {
                hand.tap(hasTestTag("write"))
                hand.type(hasTestTag("text"), "長".repeat(20_003))
                hand.see("3文字多すぎます")
                screen.onNodeWithText("投稿する").assertIsNotEnabled()
            }
        }
    }

    @Test fun `where the phone shows no notifications the app says so, and leads to where that is changed`() {
        TestServer().use { server ->
            joined(server)
            shadowOf(app.service<NotificationManager>()).setNotificationsEnabled(false)
            opened().use { scenario ->
                hand.tapSign("自分")
                hand.press("設定")
                hand.press("お知らせの受け取り方")
                hand.see("お知らせが出ないようになっています")
                hand.press("出るようにする")
                // Whoever says no to the system's question is led to the system's own page.
                scenario.onActivity { activity ->
                    val asked = shadowOf(activity).lastRequestedPermission
                    activity.onRequestPermissionsResult(asked.requestCode, asked.requestedPermissions, intArrayOf(PackageManager.PERMISSION_DENIED))
                }
                val started = mutableListOf<String?>()
                await("the system's page") {
                    scenario.onActivity { activity -> started += generateSequence { shadowOf(activity).nextStartedActivity }.map { it.action } }
                    Settings.ACTION_APP_NOTIFICATION_SETTINGS in started
                }
            }
        }
    }
}

/** A folder with a disk of its own, which only root can give it. */
private class SmallDisk(private val folder: File, megabytes: Int) : AutoCloseable {
    private val filling = File(folder, "filling")

    init {
        folder.mkdirs()
        val mounted = run("mount", "-t", "tmpfs", "-o", "size=${megabytes}m", "tmpfs", folder.path)
        assumeTrue("only root may mount, and not everywhere", mounted)
    }

    /** Leaves not a byte. */
    fun fill() {
        filling.outputStream().use { out ->
            for (size in listOf(64 * 1024, 512)) {
                try {
                    while (true) out.write(ByteArray(size))
                } catch (_: java.io.IOException) {
                    continue
                }
            }
        }
    }

    fun clear() {
        filling.delete()
    }

    override fun close() {
        run("umount", "--lazy", folder.path)
    }

    private fun run(vararg command: String): Boolean = ProcessBuilder(*command).redirectErrorStream(true).start().waitFor() == 0
}
