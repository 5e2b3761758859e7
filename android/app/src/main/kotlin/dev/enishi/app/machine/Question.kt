package dev.enishi.app.machine

import android.content.ActivityNotFoundException
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import kotlinx.coroutines.CompletableDeferred

/**
 * A question to another app, whose answer outlives the activity that asked: the phone may be turned meanwhile. One at
 * a time; everything on the main thread.
 */
internal class Question<I, O : Any>(private val contract: ActivityResultContract<I, O?>) {
    private var launcher: ActivityResultLauncher<I>? = null
    private var waiting: CompletableDeferred<O?>? = null

    /** Whether another app was asked and has not answered yet. */
    val isOpen: Boolean get() = waiting != null

    /** To be called while the activity is being created. */
    fun attach(activity: ComponentActivity) {
        launcher = activity.registerForActivityResult(contract, ::answered)
    }

    fun detach() {
        launcher = null
    }

    /** Null where nobody answers. */
    suspend fun ask(input: I): O? {
        val launcher = launcher ?: return null
        answered(null)
        val answer = CompletableDeferred<O?>().also { waiting = it }
        try {
            launcher.launch(input)
        } catch (_: ActivityNotFoundException) {
            answered(null)
        }
        return answer.await()
    }

    private fun answered(answer: O?) {
        waiting?.complete(answer)
        waiting = null
    }
}
