package dev.enishi.ui

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What is behind a screen: one state that it shows, one way in for what somebody does. */
abstract class ScreenModel<S, E>(first: S) : ViewModel() {
    private val shown = MutableStateFlow(first)

    val state: StateFlow<S> = shown.asStateFlow()

    /** Takes what somebody did. Returns at once. */
    abstract fun on(event: E)

    protected fun change(how: (S) -> S): Unit = shown.update(how)

    /**
     * Shows what a flow gives, for as long as the screen is there. One that ends in an error leaves what it gave last: it
     * follows what is not this member's any more, and the screen is about to hear of that in another way.
     */
    protected fun <T> follow(flow: Flow<T>, how: (S, T) -> S): Job = viewModelScope.launch {
        attempt({}) { flow.collect { value -> change { how(it, value) } } }
    }

    /** Keeps what is typed for as long as the screen is open, should the system end the process meanwhile. */
    protected fun keepTyped(saved: SavedStateHandle, typed: (S) -> List<String>, again: (S, List<String>) -> S) {
        saved.get<ArrayList<String>>(TYPED)?.let { kept -> change { again(it, kept) } }
        viewModelScope.launch { state.collect { saved[TYPED] = ArrayList(typed(it)) } }
    }

    /** Does something that may fail, in this screen's scope. */
    protected fun attempt(failed: (S, Problem) -> S, work: suspend () -> Unit): Job = viewModelScope.launch {
        attempt({ problem -> change { failed(it, problem) } }, work)
    }

    private companion object {
        const val TYPED = "typed"
    }
}
