package dev.enishi.app

import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.app.machine.service
import dev.enishi.app.sync.SyncJob
import dev.enishi.inTime
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.Stream
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadow.api.Shadow

/** The phone in a pocket: the real core, a real server, and nobody who looks. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja")
class SyncJobTest {
    @get:Rule val phone = PhoneRule()

    @Test fun `it is asked for as the app starts, and outlives a restart of the phone`() {
        val job = checkNotNull(app.service<JobScheduler>().getPendingJob(SyncJob.ID))
        assertTrue(job.isPersisted && job.isPeriodic)
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job.networkType)
        assertEquals(SyncJob::class.java.name, job.service.className)
    }

    @Test fun `what was written reaches the server, and an announcement the locked screen, while nobody looks`() {
        TestServer().use { server ->
            runBlocking { Phone.owner(server) }.use { owner ->
                val mine = joined(server)
                val posted = runBlocking { mine.writePost(Stream.Community, PostKind.TEXT, "電車の中で書きました", emptyList()) }
                val announced = runBlocking { owner.post("同窓会のお知らせ", PostKind.ANNOUNCEMENT).also { inTime { owner.community.syncNow() } } }

                run()

                runBlocking {
                    inTime { owner.community.syncNow() }
                    assertTrue(owner.posts().any { it.id == posted })
                }
                val shown = app.service<NotificationManager>().activeNotifications.map { it.notification }
                assertEquals(listOf("新しいお知らせ"), shown.map { it.extras.getCharSequence("android.title").toString() })
                shown.single().contentIntent.send()
                val pressed = checkNotNull(shadowOf(app).nextStartedActivity)
                assertEquals(MainActivity::class.java.name to MainActivity.SHOW, pressed.component?.className to pressed.action)
                assertEquals("$announced", pressed.getStringExtra(MainActivity.POST))
            }
        }
    }

    @Test fun `a server that cannot be reached is asked again, and nothing is lost`() {
        TestServer().use { server ->
            val mine = joined(server)
            server.kill()
            runBlocking { mine.writePost(Stream.Community, PostKind.TEXT, "圏外です", emptyList()) }
            val service = run()
            assertTrue(shadowOf(service).isRescheduleNeeded)
            assertEquals(1, runBlocking { mine.feed(dev.enishi.model.Selection.All, dev.enishi.model.Around.Newest, 10u) }.posts.size)
        }
    }

    /** Runs the job as the system would, to its end. */
    private fun run(): SyncJob {
        val service = Robolectric.setupService(SyncJob::class.java)
        assertTrue(service.onStartJob(Shadow.newInstanceOf(JobParameters::class.java)))
        await("the job's end") { shadowOf(service).isJobFinished }
        return service
    }
}
