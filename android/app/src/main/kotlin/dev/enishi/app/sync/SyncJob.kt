package dev.enishi.app.sync

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import dev.enishi.EnishiException
import dev.enishi.app.EnishiApplication
import dev.enishi.app.machine.service
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** Brings the phone in step now and then while nobody looks: what waits is sent, what is new is there to read. */
class SyncJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
    private var running: Job? = null

    override fun onStartJob(parameters: JobParameters): Boolean {
        running = scope.launch {
            val app = application as EnishiApplication
            val again = try {
                // Somebody may have been let in, here or elsewhere.
                !app.core.bringInStep().also { app.reload() }
            } catch (_: EnishiException) {
                true
            }
            jobFinished(parameters, again)
        }
        return true
    }

    /** The system takes back the network or the time: what was written stays, and the rest comes next time. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        running?.cancel()
        return true
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    companion object {
        const val ID = 1

        /** Asks the system to run it; one that is asked for already is left as it is. */
        fun schedule(context: Context) {
            val scheduler = context.service<JobScheduler>()
            if (scheduler.getPendingJob(ID) != null) return
            val job = JobInfo.Builder(ID, ComponentName(context, SyncJob::class.java))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setPeriodic(TimeUnit.HOURS.toMillis(1))
                .setPersisted(true)
                .build()
            scheduler.schedule(job)
        }
    }
}
