package dev.enishi

import dev.enishi.model.FeedWindow
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The guide says what is so. */
class GuideTest {
    @Test
    fun `the sample of the guide is the one that is run here`() {
        val guide = File(System.getProperty("enishi.guide")).readText()
        val shown = guide.substringAfter("<!-- the sample -->\n```kotlin\n").substringBefore("```\n")
        val run = File(System.getProperty("enishi.sources"), "sample/Sample.kt").readText()
        assertEquals(run, shown)
        assertTrue(shown.lines().count { it.isNotBlank() && !it.startsWith("import ") } <= 30)
    }

    @Test
    fun `the sample of the guide joins, signs in and follows the feed`() = story {
        val server = TestServer.shared()
        val leaver = server.leaver()
        val address = "sample@example.jp"
        val folder = Files.createTempDirectory("enishi-sample").toFile()
        Phone.joined(server).use { other ->
            coroutineScope {
                val seen = Channel<FeedWindow>(Channel.CONFLATED)
                val sample = launch {
                    sample.follow(folder, server.invitation(leaver), address, Phone.form(leaver), { server.code(address) }) {
                        seen.trySend(it)
                    }
                }
                inTime { seen.receive() }
                val id = other.post("手引きのとおりに")
                inTime { seen.consumeAsFlow().first { window -> window.posts.any { it.id == id } } }
                sample.cancel()
                sample.join()
            }
        }
        // The sample has ended, and with it what it opened.
        Client.open(Phone.options(folder), Phone.secretsIn(folder)).use { it.shutDown() }
        folder.deleteRecursively()
    }
}
