package dev.enishi.ui

import dev.enishi.EnishiException
import dev.enishi.errorMessage
import dev.enishi.protocol.ErrorCode
import dev.enishi.stableCode
import dev.enishi.ui.words.Words
import kotlinx.coroutines.CancellationException

/** What did not work, as a person is told it. */
data class Problem(
    /** The stable code, small at the end, for whoever helps. */
    val code: String,
    /** What the server said. */
    val told: ErrorCode? = null,
) {
    /** What happened, what is safe, and what to do. */
    fun said(words: Words): String = told?.let { errorMessage(it, words.language) } ?: when (code) {
        "offline" -> words.problemOffline
        "storage_full" -> words.problemStorageFull
        "in_use" -> words.problemInUse
        "cancelled" -> words.problemCancelled
        "closed" -> words.problemClosed
        "not_a_link" -> words.problemNotALink
        "not_a_server" -> words.problemNotAServer
        "not_secure" -> words.problemNotSecure
        "no_qr" -> words.problemNoQr
        "no_viewer" -> words.problemNoViewer
        "no_device_link" -> words.problemNoDeviceLink
        else -> words.problemInternal
    }

    companion object {
        fun of(error: Throwable): Problem = when (error) {
            is EnishiException.Rejected -> Problem(error.stableCode, error.code)
            is EnishiException.SignedOut -> Problem(error.stableCode, ErrorCode.SIGNED_OUT)
            is EnishiException.NotAllowed -> Problem(error.stableCode, ErrorCode.NOT_ALLOWED)
            is EnishiException.UpgradeRequired -> Problem(error.stableCode, ErrorCode.UPGRADE_REQUIRED)
            is EnishiException -> Problem(error.stableCode)
            else -> Problem("internal")
        }
    }
}

/** Does something; what goes wrong is told, not thrown. */
suspend fun attempt(failed: (Problem) -> Unit, work: suspend () -> Unit) {
    try {
        work()
    } catch (stopped: CancellationException) {
        throw stopped
    } catch (error: EnishiException) {
        failed(Problem.of(error))
    } catch (error: IllegalStateException) {
        // A handle that was closed beneath a screen that is about to go.
        failed(Problem.of(error))
    }
}
