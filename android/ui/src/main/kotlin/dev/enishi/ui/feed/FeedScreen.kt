package dev.enishi.ui.feed

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.ExtendedFloatingActionButton
import androidx.compose.material3.FilterChip
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.model.FeedPost
import dev.enishi.model.Reach
import dev.enishi.model.Selection
import dev.enishi.errorMessage
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Stream
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.PressIcon
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.TitleBar
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.launch

/** What is going on: the posts of everything, or of one group. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun FeedScreen(state: FeedState, on: (FeedEvent) -> Unit, go: (To) -> Unit) {
    val list = rememberLazyListState()
    Box(Modifier.fillMaxSize()) {
        Column(Modifier.fillMaxSize()) {
            FeedTitle(state, go)
            Standing(state, on, go)
            if (state.groups.isNotEmpty()) Chooser(state, on)
            PullToRefreshBox(state.refreshing, { on(FeedEvent.Refresh) }, Modifier.weight(1f).fillMaxWidth()) {
                Posts(state, list, on, go)
                NewPosts(state, list, on, Modifier.align(Alignment.TopCenter))
            }
        }
        ExtendedFloatingActionButton(
            text = { Text(words.feedWrite) },
            // The text is for the eyes alone: the sign says it to those who hear the screen.
            icon = { Icon(Icons.Write, words.feedWrite) },
            onClick = { go(To.Compose(state.stream)) },
            modifier = Modifier.align(Alignment.BottomEnd).padding(16.dp).testTag("write"),
            containerColor = MaterialTheme.colorScheme.primary,
            contentColor = MaterialTheme.colorScheme.onPrimary,
        )
    }
}

@Composable
private fun FeedTitle(state: FeedState, go: (To) -> Unit) {
    TitleBar(state.community, null) {
        if (state.severalCommunities) PressIcon(Icons.Down, words.feedSwitch(state.community), { go(To.Communities) })
        PressIcon(Icons.Search, words.feedSearch, { go(To.Search) })
    }
}

/** How this phone stands towards its server: one calm line, and only where there is something to say. */
@Composable
private fun Standing(state: FeedState, on: (FeedEvent) -> Unit, go: (To) -> Unit) {
    val status = state.status
    val reach = status?.reach
    Column(Modifier.padding(horizontal = 16.dp), Arrangement.spacedBy(8.dp)) {
        when {
            status?.storageFull == true -> Note(words.feedStorageFull, Icons.Alert, needsYou = true)
            reach is Reach.Offline -> Row(
                Modifier.fillMaxWidth().padding(bottom = 8.dp).testTag("offline"), Arrangement.spacedBy(8.dp), Alignment.CenterVertically,
            ) {
                Icon(Icons.Offline, null, Modifier.size(18.dp), MaterialTheme.colorScheme.onSurfaceVariant)
                Aside(words.feedOffline)
            }
            reach is Reach.Halted -> Note(
                errorMessage(reach.v1, words.language), Icons.Alert, needsYou = true,
                action = if (reach.v1 == ErrorCode.SIGNED_OUT) words.feedSignIn else null, onAction = { go(To.SignIn(state.server, null)) },
            )
        }
        if (status?.clockWrong == true) Note(words.feedClockWrong, Icons.Alert)
        if (state.large.isNotEmpty()) Note(words.feedLarge, Icons.Clock, action = words.feedLargeNow, onAction = { on(FeedEvent.SendLarge) })
        if (state.attention > 0) {
            Note(words.feedAttention(state.attention.toLong()), Icons.Alert, needsYou = true, action = words.feedAttentionLook, onAction = { go(To.Attention) })
        }
        ProblemNote(state.problem)
    }
}

@Composable
private fun Chooser(state: FeedState, on: (FeedEvent) -> Unit) {
    Row(
        Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(horizontal = 16.dp),
        Arrangement.spacedBy(8.dp), Alignment.CenterVertically,
    ) {
        Chip(words.feedEverything, state.unread[Stream.Community] ?: 0, state.selection == Selection.All) { on(FeedEvent.Select(Selection.All)) }
        for (group in state.groups) {
            val selection = Selection.Of(Stream.Group(group.id))
            Chip(group.name, state.unread[selection.v1] ?: 0, state.selection == selection) { on(FeedEvent.Select(selection)) }
        }
    }
}

@Composable
private fun Chip(name: String, unread: Long, chosen: Boolean, onChoose: () -> Unit) {
    val heard = words.feedUnreadGroup(name, unread)
    FilterChip(
        chosen, onChoose,
        label = { Text(name, style = MaterialTheme.typography.labelMedium, modifier = Modifier.padding(vertical = 6.dp)) },
        modifier = if (unread > 0) Modifier.semantics { contentDescription = heard } else Modifier,
        trailingIcon = if (unread > 0) {
            { Box(Modifier.size(8.dp).background(MaterialTheme.colorScheme.primary, CircleShape)) }
        } else null,
    )
}

@Composable
private fun Posts(state: FeedState, list: LazyListState, on: (FeedEvent) -> Unit, go: (To) -> Unit) {
    val window = state.window ?: return Waiting()
    val posts = window.posts
    Edges(posts, list, on)
    LazyColumn(
        Modifier.fillMaxSize().testTag("feed"), list,
        contentPadding = PaddingValues(start = 16.dp, end = 16.dp, top = 8.dp, bottom = 96.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        items(posts, key = { it.id.toString() }) { post ->
            val where = (post.stream as? Stream.Group)?.let { state.groupName(it.v1) } ?: state.community
            PostCard(
                post, state.authors[post.author], where, Modifier.widthIn(max = 640.dp),
                onOpen = { go(To.Post(post.id)) },
                onAuthor = { go(To.Member(post.author)) },
                onRefused = { go(To.Attention) },
                onReact = { reaction, onIt -> on(FeedEvent.React(post.id, reaction, onIt)) },
                onBookmark = { on(FeedEvent.Bookmark(post.id, it)) },
                onVote = { on(FeedEvent.Vote(post.id, it)) },
            )
        }
        item(key = "end") { End(state, posts.isEmpty(), on, go) }
    }
}

/** What stands below the last post. */
@Composable
private fun End(state: FeedState, empty: Boolean, on: (FeedEvent) -> Unit, go: (To) -> Unit) {
    val window = state.window ?: return
    when {
        empty && window.filling -> Waiting()
        empty && state.selection is Selection.Of -> Empty(words.feedEmptyGroup, action = words.feedWrite) { go(To.Compose(state.stream)) }
        empty -> Empty(words.feedEmpty, action = words.feedWrite) { go(To.Compose(state.stream)) }
        window.moreBelow || state.fetchingOlder -> Waiting()
        window.older?.offline == true -> Aside(words.feedOlderOffline, Modifier.padding(24.dp))
        window.older != null && state.problem != null -> QuietButton(words.actionAgain, { window.posts.lastOrNull()?.let { on(FeedEvent.NearEnd(it)) } })
        window.older != null -> Waiting()
        window.filling -> Aside(words.feedFilling, Modifier.padding(24.dp))
        else -> Aside(words.feedEnd, Modifier.padding(24.dp))
    }
}

/** Tells when an end of the list is near, and what has been read. */
@Composable
private fun Edges(posts: List<FeedPost>, list: LazyListState, on: (FeedEvent) -> Unit) {
    LaunchedEffect(posts, list) {
        snapshotFlow { list.layoutInfo.visibleItemsInfo.let { (it.firstOrNull()?.index ?: 0) to (it.lastOrNull()?.index ?: 0) } }
            .distinctUntilChanged()
            .collect { (first, last) ->
                if (posts.isEmpty()) return@collect
                if (last >= posts.size - NEAR) on(FeedEvent.NearEnd(posts[last.coerceAtMost(posts.lastIndex)]))
                if (first in 1..NEAR) on(FeedEvent.NearTop(posts[first.coerceAtMost(posts.lastIndex)]))
                posts.subList(first.coerceAtMost(posts.size), last.coerceAtMost(posts.size))
                    .filter { it.position != null }.groupBy { it.stream }
                    .forEach { (_, seen) -> on(FeedEvent.Seen(seen.maxBy { it.position!!.value })) }
            }
    }
}

/** What has come in above what is read: a word, not a jump. */
@Composable
private fun NewPosts(state: FeedState, list: LazyListState, on: (FeedEvent) -> Unit, modifier: Modifier) {
    val posts = state.window?.posts.orEmpty()
    var seen by rememberSaveable(state.selection.toString()) { mutableStateOf<String?>(null) }
    val atTop by remember(list) { derivedStateOf { list.firstVisibleItemIndex == 0 } }
    LaunchedEffect(atTop, posts.firstOrNull()?.id) { if (atTop && state.window?.moreAbove != true) seen = posts.firstOrNull()?.id?.toString() }
    val above = posts.indexOfFirst { it.id.toString() == seen }.toLong()
    val scope = rememberCoroutineScope()
    if (above <= 0 || atTop) return
    Surface(
        {
            on(FeedEvent.ToNewest)
            scope.launch { list.animateScrollToItem(0) }
        },
        modifier.padding(top = 8.dp).heightIn(min = 48.dp), shape = CircleShape,
        color = MaterialTheme.colorScheme.primaryContainer, shadowElevation = 3.dp,
    ) {
        Row(Modifier.heightIn(min = 48.dp).padding(horizontal = 20.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
            Icon(Icons.Up, null, Modifier.size(18.dp))
            Text(words.feedNewPosts(above), style = MaterialTheme.typography.labelLarge)
        }
    }
}

private const val NEAR = 20
