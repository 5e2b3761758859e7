package dev.enishi.ui.feed

import androidx.lifecycle.viewModelScope
import dev.enishi.id.MemberId
import dev.enishi.model.Around
import dev.enishi.model.Belonging
import dev.enishi.model.FeedPost
import dev.enishi.model.MemberView
import dev.enishi.model.Selection
import dev.enishi.protocol.Stream
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.attempt
import dev.enishi.vote
import dev.enishi.watchAttention
import dev.enishi.watchFeed
import dev.enishi.watchGroups
import dev.enishi.watchStatus
import dev.enishi.watchUnread
import dev.enishi.watchUploads
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The posts that are looked at, as a window that moves with the finger: its size stays, however long the feed is. */
@OptIn(ExperimentalCoroutinesApi::class)
class FeedModel(private val place: Place, several: Boolean) :
    ScreenModel<FeedState, FeedEvent>(FeedState(place.membership.name, place.server, severalCommunities = several)) {
    private val community = place.community
    private val looked = MutableStateFlow<Pair<Selection, Around>>(Selection.All to Around.Newest)

    init {
        val windows = looked.flatMapLatest { (selection, around) ->
            community.watchFeed(selection, around, WINDOW).map { selection to it }
        }
        viewModelScope.launch {
            windows.collect { (selection, window) ->
                change { if (it.selection == selection) it.copy(window = window) else it }
                know(window.posts.map { it.author })
            }
        }
        follow(community.watchStatus()) { state, status -> state.copy(status = status) }
        follow(community.watchAttention()) { state, refused -> state.copy(attention = refused.size) }
        follow(community.watchUploads()) { state, uploads -> state.copy(large = uploads.filter { it.waitsForUnmetered }.map { it.id }) }
        follow(community.watchUnread()) { state, unread -> state.copy(unread = unread.associate { it.stream to it.count }) }
        viewModelScope.launch {
            attempt({}) {
                community.watchGroups().collect { all ->
                    val own = all.filter { it.belonging == Belonging.MEMBER }
                    change { it.copy(groups = own) }
                    // A group that one is no longer in is looked at no longer.
                    val looked = (state.value.stream as? Stream.Group)?.v1
                    if (looked != null && own.none { it.id == looked }) on(FeedEvent.Select(Selection.All))
                }
            }
        }
    }

    override fun on(event: FeedEvent) {
        when (event) {
            is FeedEvent.Select -> {
                change { it.copy(selection = event.selection, window = null) }
                looked.value = event.selection to Around.Newest
            }
            FeedEvent.Refresh -> refresh()
            is FeedEvent.NearTop -> if (state.value.window?.moreAbove == true) around(event.first)
            is FeedEvent.NearEnd -> end(event.last)
            FeedEvent.ToNewest -> looked.update { it.first to Around.Newest }
            FeedEvent.SendLarge -> doing { for (file in state.value.large) community.uploadNow(file) }
            is FeedEvent.Seen -> event.post.position?.let { position ->
                attempt({ state, _ -> state }) { community.markRead(event.post.stream, position) }
            }
            is FeedEvent.React -> doing { community.react(event.post, event.reaction, event.on) }
            is FeedEvent.Bookmark -> doing { community.bookmark(event.post, event.on) }
            is FeedEvent.Vote -> doing { community.vote(event.post, event.choices) }
        }
    }

    private fun doing(what: suspend () -> Unit) = attempt({ state, problem -> state.copy(problem = problem) }, what)

    private fun refresh() {
        change { it.copy(refreshing = true, problem = null) }
        attempt({ state, problem -> state.copy(refreshing = false, problem = problem) }) {
            community.syncNow()
            change { it.copy(refreshing = false) }
        }
    }

    private fun around(post: FeedPost) {
        val position = post.position ?: return
        looked.update { it.first to Around.At(position) }
    }

    /** What the phone holds comes first; then the server is asked, one page at a time. */
    private fun end(last: FeedPost) {
        val window = state.value.window ?: return
        if (window.moreBelow) return around(last)
        val older = window.older ?: return
        if (older.offline || state.value.fetchingOlder) return
        change { it.copy(fetchingOlder = true) }
        attempt({ state, problem -> state.copy(fetchingOlder = false, problem = problem) }) {
            val asked = state.value.selection
            community.older(older.stream, older.before)
            if (state.value.selection == asked) around(last)
            change { it.copy(fetchingOlder = false, problem = null) }
        }
    }

    private suspend fun know(authors: List<MemberId>) {
        val missing = authors.toSet() - state.value.authors.keys
        if (missing.isEmpty()) return
        val found = HashMap<MemberId, MemberView>()
        attempt({}) { for (id in missing) community.findMember(id)?.let { found[id] = it } }
        change { it.copy(authors = it.authors + found) }
    }

    private companion object {
        /** Posts; a screen shows about five. */
        const val WINDOW = 100
    }
}
