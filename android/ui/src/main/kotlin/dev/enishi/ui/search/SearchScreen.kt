package dev.enishi.ui.search

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.viewModelScope
import dev.enishi.created
import dev.enishi.hitsWithOlder
import dev.enishi.model.MemberView
import dev.enishi.model.MessageView
import dev.enishi.model.SearchHits
import dev.enishi.model.Selection
import dev.enishi.protocol.Stream
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.PostCard
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.past
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.words
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.flow.debounce
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

data class SearchState(
    val query: String = "",
    val community: String = "",
    /** What was found for `query`; null while nothing was looked for. */
    val hits: SearchHits? = null,
    val people: List<MemberView> = emptyList(),
    val messages: List<MessageView> = emptyList(),
    val lookingOlder: Boolean = false,
    val problem: Problem? = null,
) {
    val nothing: Boolean get() = hits != null && hits.posts.isEmpty() && hits.comments.isEmpty() && people.isEmpty() && messages.isEmpty()
}

sealed interface SearchEvent {
    data class Query(val text: String) : SearchEvent

    data object Older : SearchEvent
}

/** Looks through what the phone holds at each letter, and through older posts on the server when asked. */
@OptIn(FlowPreview::class)
class SearchModel(place: Place, saved: SavedStateHandle) : ScreenModel<SearchState, SearchEvent>(SearchState(community = place.membership.name)) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.query) }) { state, (query) -> state.copy(query = query) }
        viewModelScope.launch {
            state.map { it.query.trim() }.distinctUntilChanged().debounce(BETWEEN_MILLIS).collect { look(it) }
        }
    }

    override fun on(event: SearchEvent) {
        when (event) {
            is SearchEvent.Query -> change { it.copy(query = event.text, problem = null) }
            SearchEvent.Older -> older()
        }
    }

    private suspend fun look(query: String) {
        if (query.isEmpty()) return change { it.copy(hits = null, people = emptyList(), messages = emptyList()) }
        dev.enishi.ui.attempt({ problem -> change { it.copy(problem = problem) } }) {
            val hits = community.search(Selection.All, query)
            val people = community.directory(query, 8u)
            val messages = community.searchMessages(query).messages
            change { if (it.query.trim() == query) it.copy(hits = hits, people = people, messages = messages, problem = null) else it }
        }
    }

    private fun older() {
        val (query, hits) = state.value.query.trim() to (state.value.hits ?: return)
        val before = hits.ended ?: return
        if (state.value.lookingOlder) return
        change { it.copy(lookingOlder = true, problem = null) }
        attempt({ state, problem -> state.copy(lookingOlder = false, problem = problem) }) {
            val older = community.searchOlder(Selection.All, query, before)
            change { if (it.query.trim() == query) it.copy(hits = hitsWithOlder(hits, older), lookingOlder = false) else it.copy(lookingOlder = false) }
        }
    }

    private companion object {
        const val BETWEEN_MILLIS = 120L
    }
}

/** One field; people, posts, comments and messages below it. */
@Composable
fun SearchScreen(state: SearchState, on: (SearchEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    Page(words.searchTitle, { go(To.Back) }) { padding ->
        Column(Modifier.fillMaxSize().padding(padding), horizontalAlignment = Alignment.CenterHorizontally) {
            Field(state.query, { on(SearchEvent.Query(it)) }, words.searchField, Modifier.padding(horizontal = 16.dp).widthIn(max = 640.dp).testTag("query"), more = words.searchHint, limit = 200, done = {}, learns = false)
            ProblemNote(state.problem, Modifier.padding(16.dp))
            if (state.nothing) Empty(words.searchNothing)
            Hits(state, on, go)
        }
    }
}

@Composable
private fun Hits(state: SearchState, on: (SearchEvent) -> Unit, go: (To) -> Unit) {
    val hits = state.hits ?: return
    LazyColumn(
        Modifier.fillMaxSize().testTag("hits"), contentPadding = PaddingValues(16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp), horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        if (state.people.isNotEmpty()) item { Section(words.searchPeople) }
        items(state.people, key = { "m${it.id}" }) { member ->
            Line(member.name, more = member.past(words).ifEmpty { null }, onPress = { go(To.Member(member.id)) }, start = { Avatar(member.id.value, member.name) })
        }
        if (hits.posts.isNotEmpty()) item { Section(words.searchPosts) }
        items(hits.posts, key = { "p${it.id}" }) { post ->
            PostCard(post, null, if (post.stream is Stream.Group) words.searchInGroup else state.community, Modifier.widthIn(max = 640.dp), foot = false, onOpen = { go(To.Post(post.id)) }, onRefused = { go(To.Attention) }, onAuthor = { go(To.Member(post.author)) })
        }
        if (hits.comments.isNotEmpty()) item { Section(words.searchComments) }
        items(hits.comments, key = { "c${it.comment.id}" }) { hit ->
            Card(Modifier.widthIn(max = 640.dp), { go(To.Post(hit.post)) }) {
                Aside(listOf(hit.comment.authorName ?: words.postNobody, saidTime(hit.comment.created)).joinToString(words.listDot))
                Body(hit.comment.text)
            }
        }
        if (state.messages.isNotEmpty()) item { Section(words.searchMessages) }
        items(state.messages, key = { "x${it.id}" }) { message ->
            Card(Modifier.widthIn(max = 640.dp), { go(To.Conversation(message.conversation)) }) {
                Aside(listOf(message.authorName ?: words.postNobody, saidTime(message.created)).joinToString(words.listDot))
                Body(message.text)
            }
        }
        if (hits.ended != null) item {
            if (state.lookingOlder) Aside(words.searchLooking) else QuietButton(words.searchOlder, { on(SearchEvent.Older) })
        }
    }
}
