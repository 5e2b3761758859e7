package dev.enishi.ui

import dev.enishi.Community
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** What is being written for a place: kept on the phone with each letter, and there again after anything. */
class Draft(private val community: Community, private val place: String, scope: CoroutineScope) {
    private val written = MutableStateFlow<String?>(null)

    init {
        // While one text is being kept only the newest of those that follow waits: a fast hand costs no more than a slow one.
        scope.launch { written.filterNotNull().collect { keep(it) } }
    }

    /** What was written before. */
    suspend fun read(): String {
        var text = ""
        attempt({}) { text = community.draft(place).orEmpty() }
        return text
    }

    fun write(text: String) {
        written.value = text
    }

    /** It has been sent, or is not wanted any more. */
    suspend fun forget() {
        written.value = null
        keep("")
    }

    /** A screen that is left does not take the last letters along. */
    private suspend fun keep(text: String) = withContext(NonCancellable) { attempt({}) { community.keepDraft(place, text) } }
}
