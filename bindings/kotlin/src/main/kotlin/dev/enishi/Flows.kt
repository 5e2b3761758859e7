package dev.enishi

import dev.enishi.id.ConversationId
import dev.enishi.id.PostId
import dev.enishi.model.Around
import dev.enishi.model.AroundMessage
import dev.enishi.model.ConversationView
import dev.enishi.model.FeedWindow
import dev.enishi.model.GroupView
import dev.enishi.model.MessageWindow
import dev.enishi.model.Notifications
import dev.enishi.model.PostPage
import dev.enishi.model.Readers
import dev.enishi.model.ReportView
import dev.enishi.model.Selection
import dev.enishi.model.SyncStatus
import dev.enishi.model.Unread
import dev.enishi.model.UnreadMessages
import dev.enishi.model.Upload
import dev.enishi.protocol.Stream
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge

/*
 * What a screen follows. Each flow gives its first value at once, from this phone, and a whole value again
 * whenever it is another. They are cold and conflated: a slow collector gets the newest value, not a queue.
 * A flow ends with the scope that collects it, and by itself when the client is shut down.
 */

/** Follows a window of `size` posts of a feed. */
public fun Community.watchFeed(
    selection: Selection = Selection.All,
    around: Around = Around.Newest,
    size: Int = 50,
): Flow<FeedWindow> = watching { changed, ended ->
    followFeed(selection, around, size.toUInt(), object : FeedListener {
        override fun changed(value: FeedWindow) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows a post with the newest `size` of its comments; null once it is gone. */
public fun Community.watchPost(post: PostId, size: Int = 100): Flow<PostPage?> = watching { changed, ended ->
    followPost(post, size.toUInt(), object : PostListener {
        override fun changed(value: PostPage?) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows what was refused and awaits the member's choice. */
public fun Community.watchAttention(): Flow<List<Refused>> = watching { changed, ended ->
    followAttention(object : AttentionListener {
        override fun changed(value: List<Refused>) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the unread counts of all feeds. */
public fun Community.watchUnread(): Flow<List<Unread>> = watching { changed, ended ->
    followUnread(object : UnreadListener {
        override fun changed(value: List<Unread>) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the groups that this member may know of. */
public fun Community.watchGroups(): Flow<List<GroupView>> = watching { changed, ended ->
    followGroups(object : GroupsListener {
        override fun changed(value: List<GroupView>) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the list of conversations. */
public fun Community.watchConversations(): Flow<List<ConversationView>> = watching { changed, ended ->
    followConversations(object : ConversationsListener {
        override fun changed(value: List<ConversationView>) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows a window of `size` messages of a conversation; null once this member is out of it. */
public fun Community.watchMessages(
    conversation: ConversationId,
    around: AroundMessage = AroundMessage.Newest,
    size: Int = 50,
): Flow<MessageWindow?> = watching { changed, ended ->
    followMessages(conversation, around, size.toUInt(), object : MessagesListener {
        override fun changed(value: MessageWindow?) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows how many messages and requests wait for this member. */
public fun Community.watchUnreadMessages(): Flow<UnreadMessages> = watching { changed, ended ->
    followUnreadMessages(object : UnreadMessagesListener {
        override fun changed(value: UnreadMessages) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the reports at the desks that this member sees. */
public fun Community.watchReports(): Flow<List<ReportView>> = watching { changed, ended ->
    followReports(object : ReportsListener {
        override fun changed(value: List<ReportView>) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows who can read a feed. */
public fun Community.watchReaders(stream: Stream): Flow<Readers> = watching { changed, ended ->
    followReaders(stream, object : ReadersListener {
        override fun changed(value: Readers) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the newest `limit` notifications, also over the end of quiet hours. */
public fun Community.watchNotifications(limit: Int = 50): Flow<Notifications> = watching { changed, ended ->
    followNotifications(limit.toUInt(), object : NotificationsListener {
        override fun changed(value: Notifications) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows how this membership stands towards its server. */
public fun Community.watchStatus(): Flow<SyncStatus> = watching { changed, ended ->
    followStatus(object : StatusListener {
        override fun changed(value: SyncStatus) = changed(value)

        override fun ended() = ended()
    })
}

/** Follows the files on their way, with each piece of them. */
public fun Community.watchUploads(): Flow<List<Upload>> {
    val steps = counting { followUploads(it) }
    return merge(steps, changes()).conflate().map { uploads() }.distinctUntilChanged()
}

/** Follows the answer to any question about what is stored, for instance `watch { directory("", 200u) }`. */
public fun <T> Community.watch(query: suspend Community.() -> T): Flow<T> =
    changes().conflate().map { query() }.distinctUntilChanged()

private fun Community.changes(): Flow<ULong> = counting { followChanges(it) }

private fun counting(begin: suspend (CountListener) -> Subscription): Flow<ULong> = watching { changed, ended ->
    begin(object : CountListener {
        override fun changed(value: ULong) = changed(value)

        override fun ended() = ended()
    })
}

private fun <T> watching(begin: suspend (changed: (T) -> Unit, ended: () -> Unit) -> Subscription): Flow<T> =
    callbackFlow {
        val subscription = begin({ trySend(it) }, { close() })
        awaitClose { subscription.close() }
    }.buffer(Channel.CONFLATED)
