package dev.enishi.ui.feed

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.enishi.at
import dev.enishi.created
import dev.enishi.model.Delivery
import dev.enishi.model.FeedPost
import dev.enishi.model.MemberView
import dev.enishi.protocol.Hidden
import dev.enishi.protocol.Language
import dev.enishi.protocol.PostKind
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Attachments
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.LinkedText
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.past
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** What people answer a post with when they have no words for it. */
val Reactions: List<String> = listOf("👏", "🙏", "😊", "🎉", "💪")

/** A post in a list: who, where, what, and what others said to it. */
@Composable
fun PostCard(
    post: FeedPost,
    author: MemberView?,
    where: String,
    modifier: Modifier = Modifier,
    whole: Boolean = false,
    /** Whether it can be answered from here. */
    foot: Boolean = true,
    onOpen: (() -> Unit)? = null,
    onAuthor: () -> Unit = {},
    onRefused: () -> Unit = {},
    onReact: (String, Boolean) -> Unit = { _, _ -> },
    onBookmark: (Boolean) -> Unit = {},
    onVote: (List<Int>) -> Unit = {},
) {
    Card(modifier.testTag("post"), onOpen, between = 10) {
        Byline(post, author, where, onAuthor)
        DeliveryMark(post.delivery, onRefused)
        val hidden = post.hidden
        if (hidden != null) {
            HiddenNote(hidden)
        } else {
            if (post.text.isNotEmpty()) LongText(post.text, whole)
            post.poll?.let { PollPart(it, onVote, enabled = post.delivery == Delivery.Sent) }
            Attachments(post.id, post.attachments)
        }
        if (foot) Foot(post, onOpen, onReact, onBookmark)
    }
}

@Composable
private fun Byline(post: FeedPost, author: MemberView?, where: String, onAuthor: () -> Unit) {
    val name = post.authorName ?: words.postNobody
    Row(
        Modifier.fillMaxWidth().clickable(onClick = onAuthor).heightIn(min = 48.dp),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Avatar(post.author.value, name)
        Column(Modifier.weight(1f)) {
            Text(name, style = MaterialTheme.typography.titleSmall)
            val past = author?.past(words).orEmpty()
            if (past.isNotEmpty()) Aside(past, lines = 2)
            val edited = if (post.edited) words.postEdited else null
            Aside(listOfNotNull(where, saidTime(post.created), edited).joinToString(words.listDot), lines = 2)
        }
        if (post.pinned) Icon(Icons.Pin, words.postPinned, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
    }
    val kind = when (post.kind) {
        PostKind.ANNOUNCEMENT -> words.postAnnouncement
        PostKind.QUESTION -> words.postQuestion
        PostKind.TEXT -> return
    }
    Surface(color = MaterialTheme.colorScheme.primaryContainer, shape = MaterialTheme.shapes.extraSmall) {
        Text(kind, Modifier.padding(horizontal = 8.dp, vertical = 2.dp), style = MaterialTheme.typography.labelMedium)
    }
}

/** A clock while it waits; the one red mark where it needs its writer. */
@Composable
fun DeliveryMark(delivery: Delivery, onRefused: () -> Unit) {
    val (sign, text, ink) = when (delivery) {
        is Delivery.Sent -> return
        is Delivery.Pending -> Triple(Icons.Clock, words.postPending, MaterialTheme.colorScheme.onSurfaceVariant)
        is Delivery.NeedsAttention -> Triple(Icons.Alert, words.postRefused, MaterialTheme.colorScheme.error)
    }
    val press = if (delivery is Delivery.NeedsAttention) Modifier.clickable(onClick = onRefused).heightIn(min = 48.dp) else Modifier
    Row(press.testTag("delivery"), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Icon(sign, null, Modifier.size(16.dp), ink)
        Text(text, style = MaterialTheme.typography.labelMedium, color = ink)
    }
}

/** Why a text is not shown, by whom, and when. */
@Composable
fun HiddenNote(hidden: Hidden) {
    val rule = if (words.language == Language.JA) hidden.rule.ja else hidden.rule.en
    Surface(color = MaterialTheme.colorScheme.surfaceContainerHigh, shape = MaterialTheme.shapes.small) {
        Aside(words.postHidden(rule, "${hidden.byName.family} ${hidden.byName.given}", saidTime(hidden.at)), Modifier.padding(12.dp))
    }
}

/** The first eight lines, and the rest for whoever wants it. */
@Composable
private fun LongText(text: String, whole: Boolean) {
    var open by rememberSaveable(text) { mutableStateOf(whole) }
    var cut by remember(text) { mutableStateOf(false) }
    LinkedText(text, if (open) Int.MAX_VALUE else 8, overflow = TextOverflow.Ellipsis) { cut = it }
    if (cut && !open) QuietButton(words.postReadOn, { open = true })
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Foot(post: FeedPost, onOpen: (() -> Unit)?, onReact: (String, Boolean) -> Unit, onBookmark: (Boolean) -> Unit) {
    var choosing by rememberSaveable { mutableStateOf(false) }
    FlowRow(horizontalArrangement = Arrangement.spacedBy(4.dp), verticalArrangement = Arrangement.Center, itemVerticalAlignment = Alignment.CenterVertically) {
        for (reaction in post.reactions) {
            val heard = if (reaction.own) words.postReacted(reaction.reaction, reaction.count) else words.postReaction(reaction.reaction, reaction.count)
            Mark("${reaction.reaction} ${reaction.count}", heard, reaction.own) { onReact(reaction.reaction, !reaction.own) }
        }
        Sign(Icons.Smile, words.postReact) { choosing = !choosing }
        if (onOpen != null) Sign(Icons.Comment, if (post.comments > 0) words.postComments(post.comments) else words.postComment, post.comments.takeIf { it > 0 }, onOpen)
        Sign(if (post.bookmarked) Icons.Bookmarked else Icons.Bookmark, if (post.bookmarked) words.postUnbookmark else words.postBookmark) { onBookmark(!post.bookmarked) }
    }
    if (!choosing) return
    FlowRow(horizontalArrangement = Arrangement.spacedBy(4.dp)) {
        for (reaction in Reactions) {
            Mark(reaction, reaction, false) {
                choosing = false
                onReact(reaction, true)
            }
        }
    }
}

@Composable
private fun Mark(text: String, heard: String, own: Boolean, onPress: () -> Unit) {
    val colours = MaterialTheme.colorScheme
    Surface(
        onPress, Modifier.heightIn(min = 48.dp).padding(vertical = 6.dp).semantics { contentDescription = heard },
        shape = MaterialTheme.shapes.large, color = if (own) colours.primaryContainer else colours.surfaceContainerHigh,
    ) { Text(text, Modifier.padding(horizontal = 12.dp, vertical = 6.dp), style = MaterialTheme.typography.labelMedium) }
}

@Composable
private fun Sign(sign: ImageVector, does: String, count: Long? = null, onPress: () -> Unit) {
    Row(
        Modifier.clickable(onClickLabel = does, onClick = onPress).heightIn(min = 48.dp).padding(horizontal = 12.dp),
        Arrangement.spacedBy(6.dp), Alignment.CenterVertically,
    ) {
        Icon(sign, does, Modifier.size(22.dp), MaterialTheme.colorScheme.onSurfaceVariant)
        if (count != null) Text("$count", style = MaterialTheme.typography.labelMedium)
    }
}
