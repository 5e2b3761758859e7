package dev.enishi

import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.ReportState
import dev.enishi.protocol.Subject
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What is against the rules. */
class ModerationTest {
    @Test
    fun `a post is reported, hidden by whoever decides, and shown again`() = story {
        TestServer().use { server ->
            Phone.owner(server).use { owner ->
                Phone.joined(server).use { author ->
                    Phone.joined(server).use { reader -> reported(owner, author, reader) }
                }
            }
        }
    }

    private suspend fun reported(owner: Phone, author: Phone, reader: Phone) {
        val id = author.post("ひどい言葉")
        val subject = Subject.Post(id)
        reader.awaitFeed { window -> window.posts.any { it.id == id } }
        val rule = reader.community.rules().rules.first()
        val report = reader.community.report(subject, rule.number, "読んでいてつらいです", toStaff = false)
        val shown = inTime { owner.community.watchReports().first { it.isNotEmpty() } }.single()
        assertEquals(report to "ひどい言葉", shown.id to shown.report.text)
        assertEquals(ReportState.OPEN to rule.number, shown.report.state to shown.report.rule.number)

        owner.community.hide(subject, rule.number)
        owner.community.closeReport(report, acted = true)
        val stub = reader.awaitFeed { window -> window.posts.any { it.id == id && it.hidden != null } }
        val hidden = stub.posts.single { it.id == id }
        assertEquals("" to rule.number, hidden.text to hidden.hidden?.rule?.number)
        val own = inTime { author.community.watch { ownHidden() }.first { it.isNotEmpty() } }.single()
        assertEquals("ひどい言葉" to subject, own.text.text to own.text.subject)
        assertNotNull(hidden.hidden?.at)
        val decided = inTime { reader.community.watch { ownReports() }.first { it.single().report.state == ReportState.ACTED_ON } }
        assertEquals(report, decided.single().id)

        author.community.hide(Subject.Post(author.post("自分で")), rule.number)
        val refused = inTime { author.community.watchAttention().first { it.isNotEmpty() } }.single()
        assertEquals(ErrorCode.NOT_ALLOWED, refused.reason)

        owner.community.unhide(subject)
        val again = reader.awaitFeed { window -> window.posts.any { it.id == id && it.hidden == null } }
        assertTrue(again.posts.any { it.id == id && it.text == "ひどい言葉" })
    }
}
