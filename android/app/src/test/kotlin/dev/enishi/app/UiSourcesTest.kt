package dev.enishi.app

import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What holds for the sources of the screens, so that they run on phones and computers alike. */
class UiSourcesTest {
    private val sources = File(System.getProperty("enishi.ui")!!).walk().filter { it.extension == "kt" }.toList()

    @Test
    fun `screens know nothing but Compose, its companions and the core`() {
        val known = listOf("androidx.compose.", "androidx.lifecycle.", "androidx.navigation.", "dev.enishi.", "kotlinx.coroutines.", "kotlin.", "java.")
        assertTrue(sources.size > 30)
        val others = sources.flatMap { file ->
            file.readLines().filter { it.startsWith("import ") }.map { it.removePrefix("import ") }.filter { line -> known.none(line::startsWith) }.map { "${file.name}: $it" }
        }
        assertEquals(emptyList<String>(), others)
    }

    @Test
    fun `no screen says anything but by its words`() {
        // Kana and kanji in quotes: what a person reads must be there in both languages.
        val said = Regex("\"[^\"\\n]*[\\u3041-\\u30ff\\u4e00-\\u9fff][^\"\\n]*\"")
        val known = setOf("JoinScreen.kt", "Times.kt", "Texts.kt")
        val others = sources.filter { it.name !in known }.flatMap { file -> said.findAll(file.readText()).map { "${file.name}: ${it.value}" } }
        assertEquals(emptyList<String>(), others)
    }
}
