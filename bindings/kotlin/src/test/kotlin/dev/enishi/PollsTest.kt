package dev.enishi

import dev.enishi.protocol.Poll
import dev.enishi.protocol.Stream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Posts that let members vote. */
class PollsTest {
    @Test
    fun `a vote counts, can be changed and taken back, and tells no numbers of so few`() = story {
        Phone.joined().use { writer ->
            Phone.joined().use { voter ->
                val poll = Poll(listOf("春", "秋", "冬"), several = true, closesUs = null)
                val id = writer.community.writePoll(Stream.Community, "次の会はいつがよいですか", poll, emptyList())
                voter.awaitFeed { window -> window.posts.any { it.id == id } }
                voter.community.vote(id, listOf(0, 2))
                assertEquals(listOf(true, false, true), own(voter, id))
                voter.community.vote(id, listOf(1))
                assertEquals(listOf(false, true, false), own(voter, id))
                val seen = writer.awaitFeed { window -> window.posts.any { it.id == id && it.poll?.voters == 1L } }
                assertEquals(listOf(null, null, null), seen.posts.single { it.id == id }.poll?.options?.map { it.votes })
                voter.community.vote(id, emptyList())
                writer.awaitFeed { window -> window.posts.any { it.id == id && it.poll?.voters == 0L } }
                assertThrows<IllegalArgumentException> { voter.community.vote(id, listOf(-1)) }
            }
        }
    }

    private suspend fun own(phone: Phone, id: dev.enishi.id.PostId): List<Boolean>? =
        phone.posts().single { it.id == id }.poll?.options?.map { it.own }
}
