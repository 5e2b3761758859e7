package dev.enishi.app

import android.app.job.JobParameters
import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.lifecycle.Lifecycle
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.app.sync.SyncJob
import dev.enishi.inTime
import dev.enishi.model.JoiningForm
import dev.enishi.parseInvitation
import dev.enishi.protocol.PersonName
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.shadow.api.Shadow

/** Between asking to join and being let in: whoever does not say the fact that is asked for waits for somebody to decide. */
class WaitingTest : ScreenStory() {
    @Test fun `whoever waits for approval sees it, and is in when they come back after it`() {
        TestServer().use { server ->
            runBlocking { Phone.owner(server) }.use { owner ->
                opened(Intent(Intent.ACTION_VIEW, Uri.parse(server.invitation(server.leaver())))).use { scenario ->
                    hand.see("「縁商事」への招待")
                    hand.press("参加する")
                    hand.type(hasTestTag("address"), "hanako@example.jp")
                    hand.press("数字を送ってもらう")
                    hand.await(hasTestTag("mail-code"))
                    hand.type(hasTestTag("mail-code"), runBlocking { server.code("hanako@example.jp") })
                    hand.type(hasText("姓"), "退職")
                    hand.type(hasText("名"), "花子")
                    hand.press("この内容で参加する")
                    hand.see("メールでお知らせします")
                    hand.press("閉じる")
                    hand.see("「縁商事」の承認を待っています")
                    scenario.recreate()
                    hand.see("「縁商事」の承認を待っています")
                    assertNull(app.enishi.state.value.place)

                    scenario.moveToState(Lifecycle.State.CREATED)
                    letIn(owner)
                    scenario.moveToState(Lifecycle.State.RESUMED)
                    hand.see("まだ投稿はありません")
                    assertEquals("縁商事", app.enishi.state.value.place?.membership?.name)
                    assertEquals(emptyList<Any>(), app.enishi.state.value.waiting)
                }
            }
        }
    }

    @Test fun `the job that runs while nobody looks lets the screens know of an approval`() {
        TestServer().use { server ->
            runBlocking { Phone.owner(server) }.use { owner ->
                asked(server)
                opened().use { scenario ->
                    hand.see("「縁商事」の承認を待っています")
                    scenario.moveToState(Lifecycle.State.CREATED)
                    letIn(owner)
                    val service = Robolectric.setupService(SyncJob::class.java)
                    assertTrue(service.onStartJob(Shadow.newInstanceOf(JobParameters::class.java)))
                    await("the screens know") { app.enishi.state.value.place != null }
                }
            }
        }
    }

    /** Somebody who has asked to join on this phone, before its app is opened. */
    private fun asked(server: TestServer) = runBlocking {
        val client = app.core.client()
        val account = Phone.signIn(client, server, "hanako@example.jp")
        val form = JoiningForm(PersonName("退職", "花子"), null, "", emptyMap(), toInviter = false, toCompany = false)
        assertTrue(inTime { client.join(account, parseInvitation(server.invitation(server.leaver())).code, form) }.waiting)
    }

    /** Whoever runs the community lets in the one who asks. */
    private fun letIn(owner: Phone) = runBlocking {
        inTime { owner.community.inStep() }
        owner.community.decide(owner.community.joinRequests().single().id, null, true)
        inTime { owner.community.inStep() }
    }
}
