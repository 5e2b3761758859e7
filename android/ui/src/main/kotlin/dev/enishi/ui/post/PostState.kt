package dev.enishi.ui.post

import dev.enishi.id.CommentId
import dev.enishi.id.MemberId
import dev.enishi.model.FeedComment
import dev.enishi.model.MemberView
import dev.enishi.model.PostPage
import dev.enishi.model.Readers
import dev.enishi.protocol.EarlierText
import dev.enishi.ui.Problem

/** The most characters of a comment. */
const val COMMENT_CHARS = 4_000

data class PostState(
    val page: PostPage? = null,
    /** Whether the phone has looked for it; with no page, it is gone. */
    val loaded: Boolean = false,
    val where: String = "",
    val authors: Map<MemberId, MemberView> = emptyMap(),
    val readers: Readers? = null,
    val comment: String = "",
    val replyTo: FeedComment? = null,
    /** A comment whose text is being changed. */
    val editing: CommentId? = null,
    val candidates: List<MemberView> = emptyList(),
    val mentioned: List<MemberView> = emptyList(),
    val history: List<EarlierText>? = null,
    /** Whether this member may pin here. */
    val runs: Boolean = false,
    val busy: Boolean = false,
    val problem: Problem? = null,
    val done: Boolean = false,
)

sealed interface PostEvent {
    data class React(val reaction: String, val on: Boolean) : PostEvent

    data class Bookmark(val on: Boolean) : PostEvent

    data class Vote(val choices: List<Int>) : PostEvent

    data class Comment(val text: String) : PostEvent

    data class Reply(val to: FeedComment?) : PostEvent

    data class EditComment(val comment: FeedComment?) : PostEvent

    data class DeleteComment(val comment: CommentId) : PostEvent

    data class Mention(val member: MemberView) : PostEvent

    data object Send : PostEvent

    data object Delete : PostEvent

    data class Pin(val on: Boolean) : PostEvent

    data class History(val open: Boolean) : PostEvent

    /** More of the earlier comments. */
    data object Earlier : PostEvent
}
