package dev.enishi.ui.bookmarks

import androidx.compose.foundation.layout.Arrangement
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
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.PostId
import dev.enishi.model.FeedPost
import dev.enishi.model.MemberView
import dev.enishi.protocol.Stream
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.PostCard
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.words
import dev.enishi.vote
import dev.enishi.watch
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.update

data class BookmarksState(
    val community: String,
    /** The newest bookmark first; null until the phone's own store has been read. */
    val posts: List<FeedPost>? = null,
    val authors: Map<MemberId, MemberView> = emptyMap(),
    val groups: Map<GroupId, String> = emptyMap(),
    /** Whether there may be more than are shown. */
    val more: Boolean = false,
    val problem: Problem? = null,
)

sealed interface BookmarksEvent {
    data class React(val post: PostId, val reaction: String, val on: Boolean) : BookmarksEvent

    data class Bookmark(val post: PostId, val on: Boolean) : BookmarksEvent

    data class Vote(val post: PostId, val choices: List<Int>) : BookmarksEvent

    data object More : BookmarksEvent
}

/** What this member marked to find it again. */
@OptIn(ExperimentalCoroutinesApi::class)
class BookmarksModel(place: Place) : ScreenModel<BookmarksState, BookmarksEvent>(BookmarksState(place.membership.name)) {
    private val community = place.community
    private val limit = MutableStateFlow(PAGE)

    init {
        val read = limit.flatMapLatest { most ->
            community.watch {
                val posts = bookmarks(most.toUInt())
                val authors = posts.map { it.author }.distinct().mapNotNull { findMember(it) }.associateBy { it.id }
                Triple(posts, authors, groups().associate { it.id to it.name }) to (posts.size >= most)
            }
        }
        follow(read) { state, (found, more) -> state.copy(posts = found.first, authors = found.second, groups = found.third, more = more) }
    }

    override fun on(event: BookmarksEvent) {
        when (event) {
            is BookmarksEvent.React -> doing { community.react(event.post, event.reaction, event.on) }
            is BookmarksEvent.Bookmark -> doing { community.bookmark(event.post, event.on) }
            is BookmarksEvent.Vote -> doing { community.vote(event.post, event.choices) }
            BookmarksEvent.More -> limit.update { it + PAGE }
        }
    }

    private fun doing(what: suspend () -> Unit) = attempt({ state, problem -> state.copy(problem = problem) }, what)

    private companion object {
        /** Posts that are read at once. */
        const val PAGE = 50
    }
}

/** Marked posts, as in the feed. */
@Composable
fun BookmarksScreen(state: BookmarksState, on: (BookmarksEvent) -> Unit, go: (To) -> Unit) =
    Page(words.bookmarksTitle, { go(To.Back) }) { padding ->
        val posts = state.posts
        when {
            posts == null -> Waiting(Modifier.padding(padding))
            posts.isEmpty() -> Empty(words.bookmarksNone, Modifier.padding(padding))
            else -> LazyColumn(
                Modifier.fillMaxSize().padding(padding).testTag("bookmarks"), contentPadding = PaddingValues(16.dp),
                verticalArrangement = Arrangement.spacedBy(12.dp), horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                item("problem") { ProblemNote(state.problem) }
                items(posts, key = { it.id.toString() }) { post ->
                    val where = (post.stream as? Stream.Group)?.let { state.groups[it.v1] } ?: state.community
                    PostCard(
                        post, state.authors[post.author], where, Modifier.widthIn(max = 640.dp),
                        onOpen = { go(To.Post(post.id)) }, onAuthor = { go(To.Member(post.author)) }, onRefused = { go(To.Attention) },
                        onReact = { reaction, onIt -> on(BookmarksEvent.React(post.id, reaction, onIt)) },
                        onBookmark = { on(BookmarksEvent.Bookmark(post.id, it)) },
                        onVote = { on(BookmarksEvent.Vote(post.id, it)) },
                    )
                }
                if (state.more) item("more") { QuietButton(words.peopleMore, { on(BookmarksEvent.More) }) }
            }
        }
    }
