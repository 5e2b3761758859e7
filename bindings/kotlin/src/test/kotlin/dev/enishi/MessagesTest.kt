package dev.enishi

import dev.enishi.model.UnreadMessages
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Messages between members. */
class MessagesTest {
    @Test
    fun `a stranger's request is answered, and both see the whole conversation`() = story {
        Phone.joined().use { one ->
            Phone.joined().use { other ->
                val id = one.community.startConversation(listOf(other.community.member()), null)
                one.community.writeMessage(id, "校正室にいた者です")
                inTime { other.community.watchUnreadMessages().first { it == UnreadMessages(messages = 0, requests = 1) } }
                val asked = other.community.watchConversations().first { it.isNotEmpty() }.single()
                assertEquals(id to one.community.member(), asked.id to asked.askedBy)
                other.community.writeMessage(id, "存じています")
                val window = inTime { one.community.watchMessages(id).first { it?.messages?.size == 2 } }
                val said = checkNotNull(window).messages
                assertEquals(listOf("校正室にいた者です" to true, "存じています" to false), said.map { it.text to it.own })
                assertTrue(said.all { it.created > java.time.Instant.EPOCH })
                assertNull(inTime { one.community.watchConversations().first { it.single().askedBy == null } }.single().askedBy)
                assertEquals(1, one.community.searchMessages("校正").messages.size)
            }
        }
    }

    @Test
    fun `a conversation that was left is no more to be followed`() = story {
        Phone.joined().use { one ->
            Phone.joined().use { other ->
                Phone.joined().use { third ->
                    val members = listOf(other.community.member(), third.community.member())
                    val id = one.community.startConversation(members, "同期")
                    one.community.writeMessage(id, "集まりませんか")
                    inTime { other.community.watchMessages(id).first { it?.messages?.size == 1 } }
                    other.community.leaveConversation(id)
                    inTime { other.community.watchMessages(id).first { it == null } }
                    assertEquals("同期", one.community.conversation(id)?.title)
                }
            }
        }
    }
}
