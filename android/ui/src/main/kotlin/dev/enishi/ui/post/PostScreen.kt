package dev.enishi.ui.post

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.created
import dev.enishi.model.FeedComment
import dev.enishi.model.PostPage
import dev.enishi.protocol.Subject
import dev.enishi.replaced
import dev.enishi.ui.app.To
import dev.enishi.ui.compose.Candidates
import dev.enishi.ui.feed.DeliveryMark
import dev.enishi.ui.feed.HiddenNote
import dev.enishi.ui.feed.PostCard
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Attachments
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.LinkedText
import dev.enishi.ui.parts.Menu
import dev.enishi.ui.parts.MenuItem
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.PressIcon
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.parts.readersSaid
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** A post, what was said to it, and a place to say something. */
@Composable
fun PostScreen(state: PostState, on: (PostEvent) -> Unit, go: (To) -> Unit) {
    LaunchedEffect(state.done) { if (state.done) go(To.Back) }
    var deleting by rememberSaveable { mutableStateOf(false) }
    val page = state.page
    Page(
        words.postTitle, { go(To.Back) },
        actions = { if (page != null) PostMenu(state, page, on, go) { deleting = true } },
        below = { if (page != null) Composer(state, page, on) },
    ) { padding ->
        when {
            page != null -> Comments(state, page, padding, on, go)
            state.loaded -> Empty(words.postGone, Modifier.padding(padding), words.actionBack) { go(To.Back) }
            else -> Waiting(Modifier.padding(padding))
        }
    }
    if (deleting) {
        Confirm(words.postDelete, words.postDeleteText, words.postDelete, onDismiss = { deleting = false }, onDo = {
            deleting = false
            on(PostEvent.Delete)
        })
    }
    val history = state.history ?: return
    History(history) { on(PostEvent.History(false)) }
}

@Composable
private fun PostMenu(state: PostState, page: PostPage, on: (PostEvent) -> Unit, go: (To) -> Unit, onDelete: () -> Unit) {
    val post = page.post
    Menu(
        listOfNotNull(
            MenuItem(words.actionEdit) { go(To.EditPost(post.id)) }.takeIf { post.own },
            MenuItem(words.postHistory) { on(PostEvent.History(true)) }.takeIf { post.edited },
            MenuItem(if (post.pinned) words.postUnpin else words.postPin) { on(PostEvent.Pin(!post.pinned)) }.takeIf { state.runs },
            MenuItem(words.reportPost) { go(To.Report(Subject.Post(post.id))) }.takeIf { !post.own },
            MenuItem(words.postDelete, danger = true, onDelete).takeIf { post.own },
        ),
    )
}

@Composable
private fun Comments(state: PostState, page: PostPage, padding: PaddingValues, on: (PostEvent) -> Unit, go: (To) -> Unit) {
    LazyColumn(
        Modifier.fillMaxSize().padding(padding).testTag("comments"),
        contentPadding = PaddingValues(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp), horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        item("post") {
            PostCard(
                page.post, state.authors[page.post.author], state.where, Modifier.widthIn(max = 640.dp), whole = true,
                onAuthor = { go(To.Member(page.post.author)) }, onRefused = { go(To.Attention) },
                onReact = { reaction, onIt -> on(PostEvent.React(reaction, onIt)) },
                onBookmark = { on(PostEvent.Bookmark(it)) }, onVote = { on(PostEvent.Vote(it)) },
            )
        }
        if (page.moreAbove) item("earlier") { QuietButton(words.postEarlier, { on(PostEvent.Earlier) }) }
        if (page.comments.isEmpty()) item("none") { Aside(words.postNoComments, Modifier.padding(16.dp)) }
        items(page.comments, key = { it.id.toString() }) { comment -> CommentCard(comment, page, state, on, go) }
    }
}

@Composable
private fun CommentCard(comment: FeedComment, page: PostPage, state: PostState, on: (PostEvent) -> Unit, go: (To) -> Unit) {
    val name = comment.authorName ?: words.postNobody
    var deleting by rememberSaveable { mutableStateOf(false) }
    if (deleting) {
        Confirm(words.commentDelete, words.commentDeleteText, words.commentDelete, onDismiss = { deleting = false }, onDo = {
            deleting = false
            on(PostEvent.DeleteComment(comment.id))
        })
    }
    val answered = comment.replyTo?.let { id -> page.comments.firstOrNull { it.id == id } }
    Card(Modifier.widthIn(max = 640.dp).testTag("comment")) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.Top) {
            Avatar(comment.author.value, name, 32.dp)
            Column(Modifier.weight(1f)) {
                Text(name, style = MaterialTheme.typography.titleSmall)
                val past = state.authors[comment.author]?.past(words)?.ifEmpty { null }
                Aside(listOfNotNull(past, saidTime(comment.created), if (comment.edited) words.postEdited else null).joinToString(words.listDot), lines = 3)
            }
            Menu(
                listOfNotNull(
                    MenuItem(words.postReply) { on(PostEvent.Reply(comment)) },
                    MenuItem(words.commentAuthor) { go(To.Member(comment.author)) },
                    MenuItem(words.actionEdit) { on(PostEvent.EditComment(comment)) }.takeIf { comment.own },
                    MenuItem(words.reportComment) { go(To.Report(Subject.Comment(comment.id))) }.takeIf { !comment.own },
                    MenuItem(words.commentDelete, danger = true) { deleting = true }.takeIf { comment.own },
                ),
            )
        }
        if (answered != null) Aside(words.commentAnswers(answered.authorName ?: words.postNobody, answered.text), lines = 2)
        DeliveryMark(comment.delivery) { go(To.Attention) }
        val hidden = comment.hidden
        if (hidden != null) HiddenNote(hidden) else LinkedText(comment.text)
        Attachments(page.post.id, comment.attachments)
    }
}

@Composable
private fun Composer(state: PostState, page: PostPage, on: (PostEvent) -> Unit) {
    Surface(color = MaterialTheme.colorScheme.surfaceContainerLow) {
        Column(
            Modifier.fillMaxWidth().windowInsetsPadding(WindowInsets.navigationBars).imePadding().padding(horizontal = 16.dp, vertical = 8.dp),
            Arrangement.spacedBy(4.dp),
        ) {
            Candidates(state.candidates) { on(PostEvent.Mention(it)) }
            ProblemNote(state.problem)
            state.replyTo?.let { to ->
                Row(verticalAlignment = Alignment.CenterVertically) {
                    Aside(words.postReplyTo(to.authorName ?: words.postNobody), Modifier.weight(1f))
                    PressIcon(Icons.Close, words.actionCancel, { on(PostEvent.Reply(null)) })
                }
            }
            if (state.editing != null) QuietButton(words.commentEditStop, { on(PostEvent.EditComment(null)) })
            state.readers?.let { Aside(words.readersCan(readersSaid(it, page.post.stream, words))) }
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                Field(
                    state.comment, { on(PostEvent.Comment(it)) }, words.postComment, Modifier.weight(1f).testTag("comment-text"),
                    limit = COMMENT_CHARS, lines = 1.coerceAtLeast(if ('\n' in state.comment) 3 else 1),
                )
                PressIcon(Icons.Send, words.actionSend, { on(PostEvent.Send) }, Modifier.testTag("send"), enabled = state.comment.isNotBlank() && !state.busy)
            }
        }
    }
}

@Composable
private fun History(earlier: List<dev.enishi.protocol.EarlierText>, onClose: () -> Unit) {
    androidx.compose.material3.AlertDialog(
        onDismissRequest = onClose,
        confirmButton = { QuietButton(words.actionClose, onClose) },
        title = { Text(words.postHistory) },
        text = {
            LazyColumn(verticalArrangement = Arrangement.spacedBy(16.dp)) {
                items(earlier) { text ->
                    Column {
                        Aside(words.postUntil(saidTime(text.replaced)))
                        Body(text.text)
                    }
                }
            }
        },
        containerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
    )
}
