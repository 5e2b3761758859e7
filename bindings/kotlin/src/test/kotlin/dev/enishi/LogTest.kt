package dev.enishi

import dev.enishi.model.Around
import dev.enishi.model.FeedWindow
import dev.enishi.model.Selection
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What the core has to say for a log. */
class LogTest {
    @Test
    fun `a log that was given is told what goes wrong, and there is one for the process`() = story {
        val lines = LinkedBlockingQueue<Triple<LogLevel, String, String>>()
        val sink = object : LogSink {
            override fun line(level: LogLevel, target: String, message: String) {
                lines.add(Triple(level, target, message))
                error("a log that is full")
            }
        }
        assertTrue(setLogSink(LogLevel.WARN, sink))
        assertFalse(setLogSink(LogLevel.DEBUG, sink))
        Phone.joined().use { phone ->
            val listener = object : FeedListener {
                override fun changed(value: FeedWindow) = error("a screen that is broken")

                override fun ended() = Unit
            }
            phone.community.followFeed(Selection.All, Around.Newest, 50u, listener).use {
                var line = lines.poll(30, TimeUnit.SECONDS)
                while (line != null && "a listener failed" !in line.third) line = lines.poll(30, TimeUnit.SECONDS)
                checkNotNull(line)
                assertEquals(LogLevel.WARN, line.first)
                assertTrue(line.second.startsWith("enishi") && "a screen that is broken" in line.third) { "$line" }
            }
        }
    }
}
