package dev.enishi

import dev.enishi.model.Around
import dev.enishi.model.Selection
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** How calls and handles end. */
class EndingTest {
    @Test
    fun `a coroutine that is cancelled ends its call at once and says so as coroutines do`() = story {
        TestServer().use { server ->
            Phone.joined(server).use { phone ->
                server.kill()
                coroutineScope {
                    val waiting = async(start = CoroutineStart.UNDISPATCHED) {
                        runCatching { phone.community.inStep() }.exceptionOrNull()
                    }
                    phone.community.watchStatus().first { it.reach == dev.enishi.model.Reach.Offline }
                    assertTrue(waiting.isActive)
                    waiting.cancel()
                    val cause = withTimeout(10.seconds) { runCatching { waiting.await() }.exceptionOrNull() }
                    assertTrue(cause is CancellationException) { "$cause" }
                }
                phone.post("その後も書けます")
            }
        }
    }

    @Test
    fun `a call that was given a cancel ends when that is cancelled`() = story {
        TestServer().use { server ->
            Phone.joined(server).use { phone ->
                server.kill()
                Cancel().use { cancel ->
                    coroutineScope {
                        val waiting = async { assertThrows<EnishiException.Cancelled> { phone.community.inStep(cancel) } }
                        phone.community.watchStatus().first { it.reach == dev.enishi.model.Reach.Offline }
                        cancel.cancel()
                        assertEquals("cancelled", withTimeout(10.seconds) { waiting.await() }.stableCode)
                    }
                }
            }
        }
    }

    @Test
    fun `a client that was shut down says so, and its folder can be opened again`() = story {
        val phone = Phone.joined()
        val id = phone.post("閉じる前に")
        assertThrows<EnishiException.InUse> { Client.open(Phone.options(phone.folder), Phone.secretsIn(phone.folder)) }
        phone.client.shutDown()
        phone.client.shutDown()
        assertThrows<EnishiException.Closed> { phone.post("閉じた後に") }
        assertThrows<EnishiException.Closed> { phone.client.accounts() }
        assertThrows<EnishiException.Closed> { phone.client.setOnline(false) }
        assertThrows<EnishiException.Closed> { phone.community.watchFeed().first() }
        val client = Client.open(Phone.options(phone.folder), Phone.secretsIn(phone.folder))
        Phone(phone.folder, client, phone.account, client.community(phone.account, phone.community.id())).use {
            assertTrue(it.posts().any { post -> post.id == id })
        }
    }

    @Test
    fun `a handle that was closed refuses with words, and nothing crashes`() = story {
        Phone.joined().use { phone ->
            val other = phone.client.communities().single()
            val subscription = other.followFeed(Selection.All, Around.Newest, 50u, object : FeedListener {
                override fun changed(value: dev.enishi.model.FeedWindow) = Unit

                override fun ended() = Unit
            })
            subscription.close()
            subscription.close()
            val late = assertThrows<IllegalStateException> { subscription.end() }
            assertTrue("destroyed" in late.message.orEmpty()) { "${late.message}" }
            other.close()
            assertThrows<IllegalStateException> { other.unread() }
            val id = phone.post("ほかの画面は続きます")
            assertTrue(phone.posts().any { it.id == id })
        }
    }

    @Test
    fun `what is no link and no server is told apart`() {
        assertThrows<EnishiException.NotALink> { parseInvitation("こんにちは") }
        assertThrows<EnishiException.NotSecure> { parseServer("http://alumni.example.jp") }
        val wrong = assertThrows<EnishiException.NotAServer> { parseServer("a b") }
        assertEquals("not_a_server", wrong.stableCode)
        assertEquals("alumni.example.jp:8443", serverHost(parseServer("alumni.example.jp:8443")))
    }
}
