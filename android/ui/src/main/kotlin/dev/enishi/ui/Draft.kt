package dev.enishi.ui

import dev.enishi.Community
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** What is being written for a place: kept on the phone with each letter, and there again after anything. */
class Draft(private val community: Community, private val place: String, private val scope: CoroutineScope) {
    private val order = Mutex()
    private var newest = 0

    /** What was written before. */
    suspend fun read(): String {
        var text = ""
        attempt({}) { text = community.draft(place).orEmpty() }
        return text
    }

    /** To be called on the main thread. A screen that is left at once does not take the last letters along. */
    fun write(text: String) {
        val turn = ++newest
        scope.launch(start = CoroutineStart.UNDISPATCHED) { keep(turn, text) }
    }

    /** It has been sent, or is not wanted any more. What is written after that stays. */
    suspend fun forget(): Unit = keep(++newest, "")

    /** One after the other; what is no longer the newest is left out. */
    private suspend fun keep(turn: Int, text: String) = withContext(NonCancellable) {
        order.withLock { if (turn == newest) attempt({}) { community.keepDraft(place, text) } }
    }
}
