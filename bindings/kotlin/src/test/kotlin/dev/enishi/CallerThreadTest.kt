package dev.enishi

import java.nio.file.Files
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Whoever draws the screen calls, and goes on drawing. */
class CallerThreadTest {
    @Test
    fun `the thread that draws is never the one that waits for the store`() = story {
        val drawing = Executors.newSingleThreadExecutor { Thread(it, "drawing") }.asCoroutineDispatcher()
        val folder = Files.createTempDirectory("enishi-phone").toFile()
        val (asked, gate) = CountDownLatch(1) to CountDownLatch(1)
        val threads = ConcurrentHashMap.newKeySet<String>()
        val secrets = object : SecretStore {
            private val held = ConcurrentHashMap<String, ByteArray>()

            override fun get(name: String): ByteArray? {
                threads.add(Thread.currentThread().name)
                asked.countDown()
                // Where the thread that draws has to wait for this itself, it must be able to say so.
                gate.await(10, TimeUnit.SECONDS)
                return held[name]
            }

            override fun set(name: String, secret: ByteArray) {
                held[name] = secret
            }

            override fun remove(name: String) {
                held.remove(name)
            }
        }
        drawing.use {
            coroutineScope {
                val opening = async(drawing) { Client.open(Phone.options(folder), secrets) }
                asked.await()
                // The store is being opened, and waits. The thread that asked for it draws meanwhile.
                assertEquals("drawing", withContext(drawing) { Thread.currentThread().name }.substringBefore(" @"))
                assertTrue(opening.isActive)
                gate.countDown()
                opening.await().use { client -> client.shutDown() }
            }
        }
        assertTrue(threads.isNotEmpty() && threads.none { it.startsWith("drawing") }) { "$threads" }
        folder.deleteRecursively()
    }

    @Test
    fun `only what looks at nothing stored can be called without suspending`() {
        val instant = mapOf(
            ClientInterface::class.java to setOf("setOnline", "setForeground", "setMetered", "push"),
            CommunityInterface::class.java to setOf(
                "id", "member", "account", "membership", "setOnline", "foreground", "background", "setMetered", "push",
                "linkTo",
            ),
        )
        for ((handle, allowed) in instant) {
            val calls = handle.declaredMethods.filterNot { it.isSynthetic }
            val plain = calls.filterNot { Continuation::class.java in it.parameterTypes }
            assertEquals(allowed, plain.map { it.name.substringBefore("-") }.toSet())
            assertTrue(calls.size > plain.size)
        }
    }
}
