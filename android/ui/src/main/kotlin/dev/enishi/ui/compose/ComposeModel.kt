package dev.enishi.ui.compose

import androidx.lifecycle.viewModelScope
import dev.enishi.id.PostId
import dev.enishi.model.MemberView
import dev.enishi.protocol.Attaching
import dev.enishi.protocol.AttachmentKind
import dev.enishi.protocol.Poll
import dev.enishi.protocol.PostWriting
import dev.enishi.protocol.Stream
import dev.enishi.ui.Chosen
import dev.enishi.ui.Draft
import dev.enishi.ui.Platform
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watchReaders
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Writes a post, or changes one. Sending is done once it is safe on this phone. */
class ComposeModel(private val place: Place, private val platform: Platform, private val stream: Stream, private val post: PostId?) :
    ScreenModel<ComposeState, ComposeEvent>(ComposeState(stream, place.membership.name, editing = post != null)) {
    private val community = place.community
    private val draft = Draft(community, if (post != null) "edit:$post" else "post:${(stream as? Stream.Group)?.v1 ?: "community"}", viewModelScope)

    private val opened: Job

    init {
        opened = attempt({ state, problem -> state.copy(problem = problem) }) {
            val edited = post?.let { community.post(it, 1u)?.post }
            val to = edited?.stream ?: stream
            val name = community.groups().firstOrNull { it.id == (to as? Stream.Group)?.v1 }?.name
            val begun = draft.read().ifEmpty { edited?.text.orEmpty() }
            // Whoever is named stays so, unless the name is taken out.
            val named = edited?.mentions.orEmpty().mapNotNull { community.findMember(it) }
            change { it.copy(stream = to, where = name ?: it.where, text = it.text.ifEmpty { begun }, mentioned = named + it.mentioned) }
            follow(community.watchReaders(to)) { state, readers -> state.copy(readers = readers) }
        }
    }

    override fun on(event: ComposeEvent) {
        when (event) {
            is ComposeEvent.Text -> {
                draft.write(event.text)
                change { it.copy(text = event.text, problem = null) }
                propose(event.text)
            }
            is ComposeEvent.Question -> change { it.copy(question = event.on) }
            ComposeEvent.AddFiles -> add { platform.chooseFiles(ATTACHMENTS - state.value.files.size) }
            is ComposeEvent.Take -> {
                viewModelScope.launch {
                    // What was begun here before comes first.
                    opened.join()
                    append(event.given.text)
                }
                add { event.given.chosen }
            }
            is ComposeEvent.Alt -> change { state -> state.copy(files = state.files.map { if (it.id == event.file) it.copy(alt = event.text) else it }) }
            is ComposeEvent.RemoveFile -> attempt({ state, problem -> state.copy(problem = problem) }) {
                community.unpick(event.file)
                change { state -> state.copy(files = state.files.filter { it.id != event.file }) }
            }
            is ComposeEvent.Mention -> mention(event.member)
            is ComposeEvent.Poll -> change { it.copy(poll = event.choices) }
            ComposeEvent.Send -> send()
        }
    }

    private fun append(text: String) {
        if (text.isNotBlank()) on(ComposeEvent.Text(listOf(state.value.text, text).filter { it.isNotBlank() }.joinToString("\n")))
    }

    private fun add(choose: suspend () -> Chosen) {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            change { it.copy(problem = null, tooLarge = 0, leftOut = 0) }
            val chosen = choose()
            change { it.copy(tooLarge = chosen.tooLarge, leftOut = chosen.leftOut) }
            for (file in chosen.files) {
                // One that is refused is told, and the others are taken all the same.
                dev.enishi.ui.attempt({ problem -> change { it.copy(problem = problem) } }) { take(File(file.path)) }
                withContext(NonCancellable + Dispatchers.IO) { File(file.path).delete() }
            }
        }
    }

    private suspend fun take(file: File) {
        if (state.value.files.size >= ATTACHMENTS) return change { it.copy(leftOut = it.leftOut + 1) }
        val picked = community.pickFile(file.path)
        val bytes = if (picked.kind == AttachmentKind.IMAGE) withContext(Dispatchers.IO) { file.readBytes() } else null
        val picture = bytes?.let { withContext(Dispatchers.Default) { platform.decode(it) } }
        change { it.copy(files = it.files + Attached(picked.id, picked.kind, picture)) }
    }

    private fun propose(text: String) {
        val begun = begunMention(text)
        viewModelScope.launch {
            dev.enishi.ui.attempt({}) {
                val found = if (begun == null) emptyList() else community.directory(begun, 5u)
                change { if (it.text == text) it.copy(candidates = found) else it }
            }
        }
    }

    private fun mention(member: MemberView) = change {
        val at = it.text.lastIndexOf('@').coerceAtLeast(0)
        val text = it.text.take(at) + "@" + member.name + " "
        draft.write(text)
        it.copy(text = text, candidates = emptyList(), mentioned = (it.mentioned + member).distinctBy { known -> known.id })
    }

    private fun send() {
        val written = state.value
        if (written.busy || !written.ready) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val mentions = written.mentioned.filter { "@" + it.name in written.text }.map { it.id }
            if (post != null) {
                community.editPost(post, written.text, mentions)
            } else {
                val files = written.files.map { Attaching(id = it.id, alt = it.alt.trim()) }
                val poll = written.poll?.filter { it.isNotBlank() }?.let { choices -> Poll(options = choices, several = false, closesUs = null) }
                community.writePostAs(PostWriting(attachments = files, kind = written.kind, mentions = mentions, poll = poll, stream = stream, text = written.text))
            }
            draft.forget()
            change { it.copy(busy = false, done = true) }
        }
    }
}

/** The letters after the last `@`, while somebody is being named. */
internal fun begunMention(text: String): String? {
    val at = text.lastIndexOf('@')
    if (at < 0) return null
    val begun = text.substring(at + 1)
    return begun.takeIf { it.length <= 20 && '\n' !in it && !it.endsWith("  ") && it.count(Char::isWhitespace) <= 1 }
}
