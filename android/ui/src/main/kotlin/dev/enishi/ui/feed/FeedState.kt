package dev.enishi.ui.feed

import dev.enishi.id.AttachmentId
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.PostId
import dev.enishi.model.FeedPost
import dev.enishi.model.FeedWindow
import dev.enishi.model.GroupView
import dev.enishi.model.MemberView
import dev.enishi.model.Selection
import dev.enishi.model.SyncStatus
import dev.enishi.protocol.Stream
import dev.enishi.ui.Problem

data class FeedState(
    val community: String,
    /** Where to sign in again. */
    val server: String = "",
    val selection: Selection = Selection.All,
    /** Null until the phone's own store has been read. */
    val window: FeedWindow? = null,
    val status: SyncStatus? = null,
    /** The groups that this member is in. */
    val groups: List<GroupView> = emptyList(),
    val unread: Map<Stream, Long> = emptyMap(),
    val attention: Int = 0,
    /** Files that wait for a network which does not cost money by the byte. */
    val large: List<AttachmentId> = emptyList(),
    /** Who wrote what is shown, as far as it is known. */
    val authors: Map<MemberId, MemberView> = emptyMap(),
    val severalCommunities: Boolean = false,
    val refreshing: Boolean = false,
    val fetchingOlder: Boolean = false,
    val problem: Problem? = null,
) {
    /** Where something written here goes. */
    val stream: Stream get() = (selection as? Selection.Of)?.v1 ?: Stream.Community

    fun groupName(id: GroupId): String? = groups.firstOrNull { it.id == id }?.name
}

sealed interface FeedEvent {
    data class Select(val selection: Selection) : FeedEvent

    data object Refresh : FeedEvent

    /** The top of the list is near: what is newer comes into the window. */
    data class NearTop(val first: FeedPost) : FeedEvent

    /** The end of the list is near: what is older comes into the window, from the server where need be. */
    data class NearEnd(val last: FeedPost) : FeedEvent

    data object ToNewest : FeedEvent

    /** The files that wait go over the network that is there. */
    data object SendLarge : FeedEvent

    /** Something was on the screen long enough to be read. */
    data class Seen(val post: FeedPost) : FeedEvent

    data class React(val post: PostId, val reaction: String, val on: Boolean) : FeedEvent

    data class Bookmark(val post: PostId, val on: Boolean) : FeedEvent

    data class Vote(val post: PostId, val choices: List<Int>) : FeedEvent
}
