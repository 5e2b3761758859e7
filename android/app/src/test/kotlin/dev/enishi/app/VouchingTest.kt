package dev.enishi.app

import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import dev.enishi.Client
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.id.AccountKey
import dev.enishi.inTime
import dev.enishi.model.JoiningForm
import dev.enishi.parseInvitation
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.RecoveryState
import dev.enishi.protocol.Standing
import java.nio.file.Files
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** A member says of somebody that it is them: the real screen on the real core, with a real server. */
class VouchingTest : ScreenStory() {
    @Test fun `a member confirms whoever lost phone and mail, by the number they told, and the server counts it`() {
        TestServer().use { server ->
            joined(server)
            runBlocking { Phone.joined(server) }.use { lost ->
                runBlocking { Phone.owner(server) }.use { owner ->
                    val name = runBlocking { lost.community.findMember(lost.community.member())!!.name }
                    server.pass(A_WEEK_AND_A_DAY)
                    newPhone(server) { client, account ->
                        val code = parseInvitation(server.invitation(server.leaver())).code
                        val asked = runBlocking { inTime { client.askForRecovery(account, code, form(name)) } }
                        inStep()
                        opened().use {
                            hand.tapSign("自分")
                            hand.press("昔の同僚を本人だと認める")
                            hand.see("電話か対面で本人と話してください")
                            hand.type(hasTestTag("recovery-number"), "番号は ${asked.id} です")
                            hand.type(hasTestTag("recovery-member"), name.substringBefore(" "))
                            hand.press(name)
                            hand.press("この人を本人だと認める")
                            inDialog("話して確かめたので、認める")
                            hand.see("${name}さんを本人だと認めました")
                        }
                        val counted = runBlocking {
                            inTime { owner.community.inStep() }
                            owner.community.recoveries().single { it.id == asked.id }.recovery
                        }
                        assertEquals(RecoveryState.ASKED to 1L, counted.state to counted.vouches)
                    }
                }
            }
        }
    }

    @Test fun `a number that leads nowhere is refused in words, and what was typed stays`() {
        TestServer().use { server ->
            joined(server)
            runBlocking { Phone.joined(server) }.use { other ->
                val name = runBlocking { other.community.findMember(other.community.member())!!.name }
                inStep()
                opened().use {
                    hand.tapSign("自分")
                    hand.press("昔の同僚を本人だと認める")
                    hand.type(hasTestTag("recovery-number"), NOWHERE)
                    hand.type(hasTestTag("recovery-member"), name.substringBefore(" "))
                    hand.press(name)
                    hand.press("この人を本人だと認める")
                    inDialog("話して確かめたので、認める")
                    hand.await(hasTestTag("problem"))
                    hand.await(hasTestTag("recovery-number") and hasText(NOWHERE))
                }
                // Told once: it does not wait under what needs attention as well.
                assertEquals(0, runBlocking { app.core.client().communities().single().needsAttention().size })
            }
        }
    }

    @Test fun `a member lets in somebody whom they know, where the community has it so`() {
        TestServer().use { server ->
            joined(server)
            server.command("community", "set", "--community", "${server.community}", "--vouches", "1")
            server.pass(A_WEEK_AND_A_DAY)
            newPhone(server) { client, account ->
                val code = parseInvitation(server.invitation(server.leaver())).code
                assertTrue(runBlocking { inTime { client.join(account, code, form("高橋 次郎")) } }.waiting)
                inStep()
                opened().use {
                    hand.tapSign("自分")
                    hand.press("昔の同僚を本人だと認める")
                    hand.see("高橋 次郎")
                    hand.press("この人の参加を認める")
                    inDialog("この人の参加を認める")
                    hand.see("高橋 次郎さんの参加を認めました")
                }
                assertEquals(Standing.ACTIVE, runBlocking { inTime { client.refresh(account) } }.single().standing)
            }
        }
    }

    private fun inDialog(text: String) = hand.tap(hasText(text) and hasClickAction() and hasAnyAncestor(isDialog()))

    /** Somebody on another phone who is in no community yet. */
    private fun newPhone(server: TestServer, told: (Client, AccountKey) -> Unit) {
        val folder = Files.createTempDirectory("enishi-new").toFile()
        val client = runBlocking { Client.open(Phone.options(folder), Phone.secretsIn(folder)) }
        try {
            told(client, runBlocking { Phone.signIn(client, server, "new@example.jp") })
        } finally {
            runBlocking { client.shutDown() }
            folder.deleteRecursively()
        }
    }

    /** This phone knows who is there and who asks. */
    private fun inStep() = runBlocking { inTime { app.core.client().communities().single().inStep() } }

    /** Without a fact: a person has to look. */
    private fun form(name: String): JoiningForm {
        val (family, given) = name.split(" ")
        return JoiningForm(PersonName(family, given), null, "", emptyMap(), toInviter = false, toCompany = false)
    }

    private companion object {
        /** Whoever was there for less does not count. */
        const val A_WEEK_AND_A_DAY = 8 * 24

        const val NOWHERE = "0190f0a0-1234-7000-8000-000000000001"
    }
}
