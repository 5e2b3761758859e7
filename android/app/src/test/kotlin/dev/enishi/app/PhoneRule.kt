package dev.enishi.app

import android.os.Looper
import java.util.concurrent.locks.LockSupport
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.rules.ExternalResource
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** A phone without keys on which the app was never opened. What it opened is shut down at the end. */
class PhoneRule : ExternalResource() {
    override fun before() = PhoneKeystore.install()

    /** The main thread works on meanwhile: what a test began there may hold the client that is waited for. */
    override fun after() {
        val core = app.core
        val ending = CoroutineScope(Dispatchers.Default).launch { core.client().shutDown() }
        await("the client is shut down") { ending.isCompleted }
    }
}

/** The app as the system has started it. */
internal val app get() = RuntimeEnvironment.getApplication() as EnishiApplication

/** Lets the main thread work until something is so. */
internal fun await(what: String, so: () -> Boolean) {
    val end = System.nanoTime() + 30_000_000_000
    while (!so()) {
        check(System.nanoTime() < end) { "in vain: $what" }
        shadowOf(Looper.getMainLooper()).idle()
        LockSupport.parkNanos(5_000_000)
    }
}
