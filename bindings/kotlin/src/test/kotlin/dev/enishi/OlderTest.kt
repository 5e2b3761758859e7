package dev.enishi

import dev.enishi.model.Around
import dev.enishi.model.Selection
import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a phone fetches beyond what it holds. */
class OlderTest {
    @Test
    fun `a phone that holds little fetches older posts and older hits`() = story {
        TestServer().use { server ->
            Phone.joined(server).use { writer ->
                val ids = (1..80).map { writer.post("退職の話 $it") }
                inTime { writer.community.inStep() }
                val folder = Files.createTempDirectory("enishi-phone").toFile()
                val client = Client.open(Phone.options(folder).copy(floorPosts = 20u), Phone.secretsIn(folder))
                val leaver = server.leaver()
                val account = Phone.signIn(client, server, "little@example.jp")
                val link = parseInvitation(server.invitation(leaver))
                val joined = inTime { client.join(account, link.code, Phone.form(leaver)) }
                Phone(folder, client, account, client.community(account, joined.community)).use { fetched(it, ids) }
            }
        }
    }

    private suspend fun fetched(small: Phone, ids: List<dev.enishi.id.PostId>) {
        val community = small.community
        inTime { community.inStep() }
        small.awaitFeed { window -> window.posts.size == 20 && window.older != null }
        var hits = community.search(Selection.All, "退職")
        assertNotNull(hits.ended)
        while (true) {
            val before = hits.ended ?: break
            hits = hitsWithOlder(hits, inTime { community.searchOlder(Selection.All, "退職", before) })
        }
        assertEquals(ids.toSet(), hits.posts.map { it.id }.toSet())

        var parts = 0
        while (true) {
            val older = community.feed(Selection.All, Around.Newest, 200u).older ?: break
            inTime { community.older(older.stream, older.before) }
            parts++
        }
        assertTrue(parts > 0)
        assertEquals(ids.reversed(), community.feed(Selection.All, Around.Newest, 200u).posts.map { it.id })
    }
}
