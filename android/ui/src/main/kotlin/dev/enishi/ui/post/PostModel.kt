package dev.enishi.ui.post

import androidx.lifecycle.viewModelScope
import dev.enishi.id.PostId
import dev.enishi.model.FeedComment
import dev.enishi.protocol.Role
import dev.enishi.protocol.Stream
import dev.enishi.ui.Draft
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.compose.begunMention
import dev.enishi.vote
import dev.enishi.watchPost
import dev.enishi.watchReaders
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A post with what was said to it, and what one says oneself. */
@OptIn(ExperimentalCoroutinesApi::class)
class PostModel(private val place: Place, private val post: PostId) : ScreenModel<PostState, PostEvent>(PostState()) {
    private val community = place.community
    private val draft = Draft(community, "comment:$post", viewModelScope)
    private val size = MutableStateFlow(100)
    private var followed: Stream? = null
    private var readers: Job? = null

    init {
        viewModelScope.launch {
            size.flatMapLatest { community.watchPost(post, it) }.collect { page ->
                change { it.copy(page = page, loaded = true) }
                if (page == null) return@collect
                if (followed != page.post.stream) read(page.post.stream)
                know(page.comments.map { it.author } + page.post.author)
            }
        }
        viewModelScope.launch {
            val begun = draft.read()
            change { it.copy(comment = it.comment.ifEmpty { begun }) }
        }
    }

    private fun read(stream: Stream) {
        followed = stream
        readers?.cancel()
        readers = follow(community.watchReaders(stream)) { state, readers -> state.copy(readers = readers) }
        viewModelScope.launch {
            dev.enishi.ui.attempt({}) {
                val group = community.groups().firstOrNull { it.id == (stream as? Stream.Group)?.v1 }
                val role = community.findMember(community.member())?.role
                val runs = group?.keeper == true || stream is Stream.Community && role != null && role != Role.MEMBER
                change { it.copy(where = group?.name ?: place.membership.name, runs = runs) }
            }
        }
    }

    override fun on(event: PostEvent) {
        when (event) {
            is PostEvent.React -> doing { community.react(post, event.reaction, event.on) }
            is PostEvent.Bookmark -> doing { community.bookmark(post, event.on) }
            is PostEvent.Vote -> doing { community.vote(post, event.choices) }
            is PostEvent.Comment -> {
                if (state.value.editing == null) draft.write(event.text)
                change { it.copy(comment = event.text, problem = null) }
                propose(event.text)
            }
            is PostEvent.Reply -> change { it.copy(replyTo = event.to, editing = null) }
            is PostEvent.EditComment -> edit(event.comment)
            is PostEvent.DeleteComment -> doing { community.deleteComment(event.comment) }
            is PostEvent.Mention -> change {
                val text = it.comment.take(it.comment.lastIndexOf('@').coerceAtLeast(0)) + "@" + event.member.name + " "
                if (it.editing == null) draft.write(text)
                it.copy(comment = text, candidates = emptyList(), mentioned = (it.mentioned + event.member).distinctBy { known -> known.id })
            }
            PostEvent.Send -> send()
            PostEvent.Delete -> doing {
                community.deletePost(post)
                change { it.copy(done = true) }
            }
            is PostEvent.Pin -> doing { community.pinPost(post, event.on) }
            is PostEvent.History -> if (!event.open) change { it.copy(history = null) } else doing {
                val earlier = community.postHistory(post)
                change { it.copy(history = earlier) }
            }
            PostEvent.Earlier -> size.update { it + 100 }
        }
    }

    private fun doing(what: suspend () -> Unit) = attempt({ state, problem -> state.copy(problem = problem, busy = false) }, what)

    /** What was being written meanwhile is there again once the editing is over. */
    private fun edit(comment: FeedComment?) {
        change { it.copy(editing = comment?.id, replyTo = null, comment = comment?.text.orEmpty()) }
        viewModelScope.launch {
            if (comment == null) {
                val begun = draft.read()
                change { if (it.editing == null) it.copy(comment = begun) else it }
            } else dev.enishi.ui.attempt({}) {
                // Whoever is named stays so, unless the name is taken out.
                val named = comment.mentions.mapNotNull { community.findMember(it) }
                change { if (it.editing == comment.id) it.copy(mentioned = (named + it.mentioned).distinctBy { known -> known.id }) else it }
            }
        }
    }

    private fun propose(text: String) {
        val begun = begunMention(text)
        viewModelScope.launch {
            dev.enishi.ui.attempt({}) {
                val found = if (begun == null) emptyList() else community.directory(begun, 5u)
                change { if (it.comment == text) it.copy(candidates = found) else it }
            }
        }
    }

    private fun send() {
        val written = state.value
        if (written.busy || written.comment.isBlank()) return
        change { it.copy(busy = true, problem = null) }
        doing {
            val mentions = written.mentioned.filter { "@" + it.name in written.comment }.map { it.id }
            val editing = written.editing
            if (editing != null) community.editComment(editing, written.comment, mentions)
            else community.writeComment(post, written.replyTo?.id, written.comment, mentions)
            if (editing == null) draft.forget()
            val begun = draft.read()
            change { it.copy(busy = false, comment = begun, replyTo = null, editing = null, mentioned = emptyList()) }
        }
    }

    private suspend fun know(authors: List<dev.enishi.id.MemberId>) {
        val missing = authors.toSet() - state.value.authors.keys
        dev.enishi.ui.attempt({}) {
            val found = missing.mapNotNull { id -> community.findMember(id)?.let { id to it } }
            if (found.isNotEmpty()) change { it.copy(authors = it.authors + found) }
        }
    }
}
