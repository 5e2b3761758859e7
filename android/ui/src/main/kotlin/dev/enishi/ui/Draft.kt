package dev.enishi.ui

import dev.enishi.Community
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.debounce
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** What is being written for a place: kept on the phone a moment after the last letter, and there again after anything. */
@OptIn(FlowPreview::class)
class Draft(private val community: Community, private val place: String, scope: CoroutineScope) {
    private val written = MutableStateFlow<String?>(null)

    init {
        scope.launch {
            written.filterNotNull().debounce(AFTER_MILLIS).collect { keep(it) }
        }
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

    /** Keeps the last letters as well, when the screen is left. */
    suspend fun keepNow() {
        written.value?.let { keep(it) }
    }

    private suspend fun keep(text: String) = withContext(NonCancellable) { attempt({}) { community.keepDraft(place, text) } }

    private companion object {
        const val AFTER_MILLIS = 300L
    }
}
