package dev.enishi

import dev.enishi.model.Around
import dev.enishi.model.FeedWindow
import dev.enishi.model.Selection
import java.lang.ref.WeakReference
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Subscriptions and flows. */
class FollowingTest {
    @Test
    fun `a thousand subscriptions opened and closed leave nothing behind`() = story {
        Phone.joined().use { phone ->
            val listeners = (1..1_000).map { open(phone) }
            // Each is let go of by the core; then nothing holds it any more.
            inTime {
                while (listeners.any { it.get() != null }) {
                    System.gc()
                    delay(20.milliseconds)
                }
            }
            val threads = Thread.getAllStackTraces().size
            repeat(1_000) { open(phone) }
            assertTrue(Thread.getAllStackTraces().size <= threads + 64)
            assertNotNull(phone.awaitFeed { true })
        }
    }

    /** Opens a subscription, waits for its first value, and closes it. */
    private suspend fun open(phone: Phone): WeakReference<FeedListener> {
        val told = kotlinx.coroutines.CompletableDeferred<Unit>()
        val listener = object : FeedListener {
            override fun changed(value: FeedWindow) {
                told.complete(Unit)
            }

            override fun ended() = Unit
        }
        val subscription = phone.community.followFeed(Selection.All, Around.Newest, 50u, listener)
        inTime { told.await() }
        subscription.close()
        return WeakReference(listener)
    }

    @Test
    fun `a listener that throws is told of the next value all the same`() = story {
        Phone.joined().use { phone ->
            val values = LinkedBlockingQueue<Int>()
            val listener = object : FeedListener {
                override fun changed(value: FeedWindow) {
                    values.add(value.posts.size)
                    error("a screen that is broken")
                }

                override fun ended() = error("a screen that is broken")
            }
            phone.community.followFeed(Selection.All, Around.Newest, 50u, listener).use {
                val first = values.poll(30, TimeUnit.SECONDS)
                assertNotNull(first)
                val id = phone.post("それでも続きます")
                assertNotNull(values.poll(30, TimeUnit.SECONDS))
                assertTrue(phone.posts().any { it.id == id })
            }
        }
    }

    @Test
    fun `a slow collector gets the newest window and not all that it missed`() = story {
        Phone.joined().use { phone ->
            val begun = CountDownLatch(1)
            val gate = CountDownLatch(1)
            val told = AtomicInteger()
            val last = LinkedBlockingQueue<FeedWindow>()
            val listener = object : FeedListener {
                override fun changed(value: FeedWindow) {
                    told.incrementAndGet()
                    begun.countDown()
                    gate.await()
                    last.add(value)
                }

                override fun ended() = Unit
            }
            phone.community.followFeed(Selection.All, Around.Newest, 50u, listener).use {
                begun.await()
                val ids = (1..30).map { phone.post("投稿 $it") }
                // Another that follows has seen the last: so has the core, for all that follow.
                phone.awaitFeed { window -> window.posts.any { it.id == ids.last() && it.isSent } }
                gate.countDown()
                inTime {
                    while (last.none { window -> window.posts.any { it.id == ids.last() } }) delay(20.milliseconds)
                }
                assertTrue(told.get() <= 6) { "told ${told.get()} times" }
            }
        }
    }

    @Test
    fun `a flow ends its subscription with the scope that collects it, and by itself with the client`() = story {
        val phone = Phone.joined()
        phone.use {
            coroutineScope {
                val collecting = launch { phone.community.watchFeed().collect {} }
                phone.community.watchFeed().first()
                collecting.cancel()
                collecting.join()
                assertTrue(collecting.isCancelled)
                val first = kotlinx.coroutines.CompletableDeferred<Unit>()
                val whole = async {
                    val all = mutableListOf<FeedWindow>()
                    phone.community.watchFeed().collect {
                        all.add(it)
                        first.complete(Unit)
                    }
                    all
                }
                first.await()
                phone.client.shutDown()
                assertTrue(inTime { whole.await() }.isNotEmpty())
            }
        }
    }

    @Test
    fun `any question can be watched`() = story {
        Phone.joined().use { phone ->
            val before = phone.community.watch { directory("", 200u) }.first().size
            Phone.joined().use { inTime { phone.community.watch { directory("", 200u) }.first { it.size > before } } }
            assertEquals(emptyList<Any>(), phone.community.watchUploads().first())
        }
    }
}
