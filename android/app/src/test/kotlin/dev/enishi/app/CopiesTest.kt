package dev.enishi.app

import android.net.Uri
import dev.enishi.app.machine.Copies
import dev.enishi.app.machine.Pictures
import dev.enishi.app.machine.QrCodes
import java.io.ByteArrayInputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What other apps give: it is copied, or it is not taken. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class CopiesTest {
    @get:Rule val place = TemporaryFolder()

    private val folder get() = File(place.root, "chosen")
    private val copies get() = Copies(folder, app.contentResolver)

    private fun given(name: String, stream: InputStream): Uri =
        Uri.parse("content://other.app/$name").also { shadowOf(app.contentResolver).registerInputStream(it, stream) }

    @Test fun `a file is copied, and no more are taken than were asked for`() = runBlocking {
        val bytes = ByteArray(100_000) { it.toByte() }
        val chosen = copies.of(listOf(given("1", ByteArrayInputStream(bytes)), given("2", ByteArrayInputStream(bytes))), 1)
        assertArrayEquals(bytes, File(chosen.files.single().path).readBytes())
        assertEquals(0, chosen.tooLarge)
    }

    @Test fun `one without an end is not copied to its end`() = runBlocking {
        var given = 0L
        val endless = object : InputStream() {
            override fun read() = 0
            override fun read(into: ByteArray, at: Int, length: Int) = length.also { given += it }
        }
        val chosen = copies.of(listOf(given("endless", endless)), 4)
        assertEquals(0 to 1, chosen.files.size to chosen.tooLarge)
        assertTrue("$given", given < Copies.MOST_BYTES + 1_000_000)
        assertEquals(emptyList<File>(), folder.listFiles().orEmpty().toList())
    }

    @Test fun `what cannot be read, and a path into this app's own files, is left out`() = runBlocking {
        val broken = object : InputStream() {
            override fun read(): Int = throw IOException("gone")
        }
        val own = Uri.fromFile(File(place.root, "store.db").apply { writeText("mine") })
        val chosen = copies.of(listOf(given("broken", broken), given("empty", ByteArrayInputStream(ByteArray(0))), own), 4)
        assertEquals(0 to 0, chosen.files.size to chosen.tooLarge)
        assertEquals(emptyList<File>(), folder.listFiles().orEmpty().toList())
    }

    @Test fun `a code that this app shows is one that it reads`() {
        val link = "https://enishi.example/i/alumni.example.jp/0123456789ABCDEFGHJKMNPQRS"
        val squares = QrCodes.squares(link)
        val side = squares.size * 6 + 48
        val pixels = IntArray(side * side) { at ->
            val (x, y) = (at % side - 24) / 6 to (at / side - 24) / 6
            if (at % side >= 24 && at / side >= 24 && squares.getOrNull(y)?.getOrNull(x) == true) 0xFF000000.toInt() else -1
        }
        val picture = android.graphics.Bitmap.createBitmap(pixels, side, side, android.graphics.Bitmap.Config.ARGB_8888)
        assertEquals(link, QrCodes.read(picture))
        assertNull(QrCodes.read(android.graphics.Bitmap.createBitmap(50, 50, android.graphics.Bitmap.Config.ARGB_8888)))
    }

    @Test fun `what is no picture is none`() {
        assertNull(Pictures.decode("<html>".toByteArray()))
        assertNull(Pictures.decode(ByteArray(0)))
    }

    @Test fun `the first invitation is found in what a mail app shares, and other links are none`() {
        val link = "https://enishi.example/i/alumni.example.jp/2NANANANANANANANANANANANAN"
        assertEquals(link, linkIn("花子さんからの招待です。\nhttps://news.example/i/1\n$link\nどうぞ"))
        assertNull(linkIn("https://news.example/i/1 を読みました"))
        assertNull(linkIn(null))
        assertNull(linkIn("あ".repeat(20_000) + " $link"))
    }
}
