package dev.enishi.ui.notifications

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.lifecycle.viewModelScope
import dev.enishi.at
import dev.enishi.id.CommunityId
import dev.enishi.id.Version
import dev.enishi.model.Notification
import dev.enishi.model.Notifications
import dev.enishi.protocol.NotificationKind
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.PressIcon
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.beginOf
import dev.enishi.ui.parts.saidMoment
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.watchNotifications
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A notification of one community. */
data class News(val of: CommunityId, val community: String, val notification: Notification)

data class NewsState(
    /** Of all communities, the newest first; null until the phone's own store has been read. */
    val news: List<News>? = null,
    val severalCommunities: Boolean = false,
    val quietUntilUs: kotlin.Long? = null,
    val more: Boolean = false,
    /** Whether the system lets this app show notifications. */
    val allowed: Boolean = true,
    val problem: Problem? = null,
)

sealed interface NewsEvent {
    /** The screen is there again, and the system's settings may be others. */
    data class Look(val allowed: Boolean) : NewsEvent

    /** What is shown has been looked at. */
    data object Seen : NewsEvent

    data object More : NewsEvent
}

/** What happened in every community that this device is in. */
@OptIn(ExperimentalCoroutinesApi::class)
class NewsModel(private val places: List<Place>) : ScreenModel<NewsState, NewsEvent>(NewsState(severalCommunities = places.size > 1)) {
    private val limit = MutableStateFlow(50)
    private val held = MutableStateFlow<Map<CommunityId, Notifications>>(emptyMap())

    init {
        for (place in places) viewModelScope.launch {
            limit.flatMapLatest { place.community.watchNotifications(it) }.collect { news -> held.update { it + (place.id to news) } }
        }
        follow(held) { state, all ->
            val named = places.associate { it.id to it.membership.name }
            val news = all.flatMap { (of, news) -> news.items.map { News(of, named[of].orEmpty(), it) } }.sortedByDescending { it.notification.atUs }
            state.copy(news = news.takeIf { all.size == places.size }, more = all.values.any { it.more }, quietUntilUs = all.values.mapNotNull { it.quietUntilUs }.minOrNull())
        }
    }

    override fun on(event: NewsEvent) {
        when (event) {
            is NewsEvent.Look -> change { it.copy(allowed = event.allowed) }
            NewsEvent.Seen -> attempt({ state, problem -> state.copy(problem = problem) }) {
                for (place in places) {
                    val upTo: Version = held.value[place.id]?.items?.filter { it.unread }?.maxOfOrNull { it.place } ?: continue
                    place.community.readNotifications(upTo)
                }
            }
            NewsEvent.More -> limit.update { it + 50 }
        }
    }
}

/** What concerns this member, each leading to where it happened. */
@Composable
fun NewsScreen(state: NewsState, on: (NewsEvent) -> Unit, go: (To) -> Unit, onOpen: (News) -> Unit) {
    SecureWindow()
    // The marks of what is new stay until the screen is left.
    DisposableEffect(Unit) { onDispose { on(NewsEvent.Seen) } }
    Page(words.tabNotifications, null, actions = { PressIcon(Icons.Settings, words.newsSettings, { go(To.NotificationSettings) }) }) { padding ->
        val news = state.news
        when {
            news == null -> Waiting(Modifier.padding(padding))
            news.isEmpty() -> Empty(words.newsNone, Modifier.padding(padding))
            else -> LazyColumn(Modifier.fillMaxSize().padding(padding).widthIn(max = 640.dp).testTag("news"), contentPadding = PaddingValues(bottom = 24.dp)) {
                item("problem") { ProblemNote(state.problem, Modifier.padding(16.dp)) }
                if (!state.allowed) item("denied") { Aside(words.newsDenied, Modifier.padding(16.dp)) }
                state.quietUntilUs?.let { until -> item("quiet") { Aside(words.newsQuiet(saidMoment(instantOf(until))), Modifier.padding(16.dp)) } }
                items(news, key = { "${it.of}-${it.notification.kind}-${it.notification.id}" }) { one -> NewsLine(one, state.severalCommunities) { onOpen(one) } }
                if (state.more) item("more") { QuietButton(words.peopleMore, { on(NewsEvent.More) }) }
            }
        }
    }
}

private fun instantOf(us: kotlin.Long) = java.time.Instant.EPOCH.plus(us, java.time.temporal.ChronoUnit.MICROS)

@Composable
private fun NewsLine(news: News, several: Boolean, onOpen: () -> Unit) {
    val one = news.notification
    val unread = words.newsUnread
    Line(
        said(one, words), Modifier.testTag("notification"),
        more = listOfNotNull(beginOf(one.text, 80).ifBlank { null }, listOfNotNull(if (several) news.community else null, saidTime(one.at)).joinToString(words.listDot)).joinToString("\n"),
        sign = signOf(one.kind), onPress = onOpen,
    ) { if (one.unread) Box(Modifier.size(10.dp).background(MaterialTheme.colorScheme.primary, CircleShape).semantics { contentDescription = unread }) }
}

private fun signOf(kind: NotificationKind): ImageVector = when (kind) {
    NotificationKind.MESSAGE, NotificationKind.MESSAGE_REQUEST -> Icons.Message
    NotificationKind.MENTION, NotificationKind.ANNOUNCEMENT -> Icons.Bell
    NotificationKind.COMMENT, NotificationKind.REPLY -> Icons.Comment
    NotificationKind.JOIN_REQUEST, NotificationKind.GROUP_INVITATION, NotificationKind.DECISION -> Icons.People
}

/** What happened, in a sentence. */
fun said(one: Notification, words: Words): String {
    val by = one.byName ?: words.newsSomebody
    return when (one.kind) {
        NotificationKind.ANNOUNCEMENT -> words.newsAnnouncement(by)
        NotificationKind.COMMENT -> words.newsComment(by)
        NotificationKind.REPLY -> words.newsReply(by)
        NotificationKind.MENTION -> words.newsMention(by)
        NotificationKind.MESSAGE -> words.newsMessage(by)
        NotificationKind.MESSAGE_REQUEST -> words.newsMessageRequest(by)
        NotificationKind.GROUP_INVITATION -> words.newsGroup(by)
        NotificationKind.JOIN_REQUEST -> words.newsJoin(by)
        NotificationKind.DECISION -> if (one.accepted == false) words.newsDeclined else words.newsAccepted
    }
}

/** Where a notification leads. */
fun whereOf(one: Notification): To {
    val (conversation, post, group) = Triple(one.conversation, one.post, one.group)
    return when {
        conversation != null -> To.Conversation(conversation)
        post != null -> To.Post(post)
        group != null -> To.Group(group)
        else -> To.Home
    }
}
