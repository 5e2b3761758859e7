package dev.enishi.app

import dev.enishi.ui.samples.allSamples
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** The gallery in the documents shows every picture, and no picture is there that nothing draws. */
class GalleryTest {
    private val pictures = allSamples().map { it.screen }.distinct().flatMap { screen -> picturesOf(screen).map { it.name } }
    private val folder = File(System.getProperty("enishi.screens")!!)
    private val document = File(System.getProperty("enishi.gallery")!!)

    @Test
    fun `every picture has its own name`() = assertEquals(pictures.size, pictures.toSet().size)

    @Test
    fun `the gallery shows what is drawn`() {
        val gallery = gallery()
        if (System.getProperty("enishi.accept") == "true") {
            document.writeText(gallery)
            for (file in folder.listFiles().orEmpty()) if (file.nameWithoutExtension !in pictures) file.delete()
        }
        assertEquals(gallery, document.readText())
        assertEquals(pictures.toSortedSet(), folder.listFiles().orEmpty().map { it.nameWithoutExtension }.toSortedSet())
    }

    @Test
    fun `all pictures together are small enough to be kept`() {
        val bytes = folder.listFiles().orEmpty().sumOf { it.length() }
        assertTrue("$bytes bytes", bytes < 25_000_000)
    }

    private fun gallery(): String = buildString {
        appendLine("# The screens")
        appendLine()
        appendLine("Every state of every screen, as `cargo xtask android --pictures` draws it on Android's own framework (Robolectric,")
        appendLine("SDK 35, 412 by 892 dp, the fonts that Robolectric brings). A test compares each with what is drawn now. Not a phone: no")
        appendLine("status bar, no keyboard, no device's pixels.")
        appendLine()
        appendLine("Names: the screen, its state, and then `en`, `dark`, `large` (text of twice the size) where it is not Japanese, light")
        appendLine("and of usual size.")
        pictures.chunked(12).forEachIndexed { sheet, names ->
            appendLine()
            appendLine("## Sheet ${sheet + 1}")
            appendLine()
            appendLine("<table>")
            for (row in names.chunked(4)) {
                append("<tr>")
                for (name in row) append("<td><img src=\"../android/ui/screens/$name.png\" width=\"200\" alt=\"$name\"><br>$name</td>")
                appendLine("</tr>")
            }
            appendLine("</table>")
        }
    }
}
