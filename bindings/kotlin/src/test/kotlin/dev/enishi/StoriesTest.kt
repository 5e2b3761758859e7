package dev.enishi

import dev.enishi.model.Delivery
import dev.enishi.model.Reach
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Fact
import dev.enishi.protocol.Language
import dev.enishi.protocol.PostKind
import java.nio.file.Files
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What people do, on real phones with a real server. */
class StoriesTest {
    @Test
    fun `a leaver sees who invites, signs in, and joins with the fact that is asked for`() = story {
        val server = TestServer.shared()
        val leaver = server.leaver()
        val folder = Files.createTempDirectory("enishi-phone").toFile()
        withClient(Phone.options(folder), Phone.secretsIn(folder)) { client ->
            val link = parseInvitation(server.invitation(leaver))
            val shown = inTime { client.preview(link, null) }
            assertEquals("縁商事" to Fact.BIRTH_DATE, shown.community to shown.fact)
            val account = Phone.signIn(client, server, "joins@example.jp")
            val joined = inTime { client.join(account, link.code, Phone.form(leaver)) }
            assertTrue(!joined.waiting)
            val community = client.community(account, joined.community)
            inTime { community.inStep() }
            assertEquals(leaver.name, community.findMember(community.member())?.name)
            assertEquals(listOf("joins@example.jp"), client.accounts().map { it.address })
        }
        folder.deleteRecursively()
    }

    @Test
    fun `a post written without a server shows at once, and loses its mark when the server is back`() = story {
        TestServer().use { server ->
            Phone.joined(server).use { phone ->
                server.kill()
                val id = phone.post("圏外から書いています")
                val written = phone.posts().single { it.id == id }
                assertEquals(Delivery.Pending to "圏外から書いています", written.delivery to written.text)
                assertThrows<EnishiException.Offline> { phone.community.syncNow() }
                assertEquals(1, phone.community.watchStatus().first { it.reach == Reach.Offline }.waiting)
                server.start()
                phone.client.push()
                val sent = phone.awaitFeed { window -> window.posts.any { it.id == id && it.isSent } }
                assertNotNull(sent.posts.single { it.id == id }.position)
            }
        }
    }

    @Test
    fun `what one member posts is on another's screen without anybody asking`() = story {
        Phone.joined().use { writer ->
            Phone.joined().use { reader ->
                reader.community.watchStatus().first { it.live }
                val id = writer.post("退職して一年になりました")
                val seen = reader.awaitFeed { window -> window.posts.any { it.id == id } }.posts.single { it.id == id }
                assertEquals("退職して一年になりました" to false, seen.text to seen.own)
                assertTrue(seen.created > java.time.Instant.now().minusSeconds(600))
            }
        }
    }

    @Test
    fun `what the server refuses is undone, kept with its reason, and can be discarded`() = story {
        Phone.joined().use { phone ->
            val before = phone.posts().map { it.id }
            val id = phone.post("全員へのお知らせ", PostKind.ANNOUNCEMENT)
            val refused = inTime { phone.community.watchAttention().first { it.isNotEmpty() } }.single()
            assertEquals(id.value to "全員へのお知らせ", refused.id.value to refused.yours)
            assertEquals(ErrorCode.NOT_ALLOWED, refused.reason)
            assertEquals("not_allowed", errorName(refused.reason))
            assertTrue(errorMessage(refused.reason, Language.JA).isNotBlank())
            val shown = phone.posts().firstOrNull { it.id == id }
            assertTrue(shown == null || shown.delivery is Delivery.NeedsAttention)
            phone.community.discard(refused.id)
            inTime { phone.community.watchAttention().first { it.isEmpty() } }
            assertEquals(before, phone.posts().map { it.id })
        }
    }

    @Test
    fun `a word of two characters is found in what was posted`() = story {
        Phone.joined().use { phone ->
            val id = phone.post("来月の退職者の会について")
            val found = phone.community.search(dev.enishi.model.Selection.All, "退職").posts
            assertTrue(found.any { it.id == id })
        }
    }
}
