package dev.enishi.ui.compose

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.model.MemberView
import dev.enishi.protocol.AttachmentKind
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.PressIcon
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.ReadersLine
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** A post being written: who can read it stands above it, always. */
@Composable
fun ComposeScreen(state: ComposeState, on: (ComposeEvent) -> Unit, go: (To) -> Unit) {
    LaunchedEffect(state.done) { if (state.done) go(To.Back) }
    ColumnPage(if (state.editing) words.composeEdit else words.composeTitle, { go(To.Back) }) {
        ReadersLine(state.readers, state.stream, state.where)
        Field(
            state.text, { on(ComposeEvent.Text(it)) }, words.composeText, Modifier.testTag("text"),
            more = words.composeKept, limit = POST_CHARS, lines = 6,
        )
        Candidates(state.candidates) { on(ComposeEvent.Mention(it)) }
        for (file in state.files) FilePart(file, on)
        if (state.leftOut > 0) ProblemNoteOf(words.composeLeftOut(state.leftOut.toLong()))
        if (state.tooLarge > 0) ProblemNoteOf(words.composeTooLarge(state.tooLarge.toLong()))
        ProblemNote(state.problem)
        if (!state.editing) More(state, on)
        MainButton(if (state.editing) words.actionSave else words.composeSend, { on(ComposeEvent.Send) }, enabled = state.ready, busy = state.busy)
        Aside(words.composeMentionHint)
    }
}

@Composable
private fun More(state: ComposeState, on: (ComposeEvent) -> Unit) {
    if (state.files.size < ATTACHMENTS) QuietButton(words.composeFiles, { on(ComposeEvent.AddFiles) })
    val poll = state.poll
    if (poll == null) {
        QuietButton(words.composePoll, { on(ComposeEvent.Poll(listOf("", ""))) })
    } else {
        Card {
            poll.forEachIndexed { at, choice ->
                Field(choice, { text -> on(ComposeEvent.Poll(poll.mapIndexed { other, old -> if (other == at) text else old })) }, words.composeChoice((at + 1).toLong()), limit = 100)
            }
            Row {
                if (poll.size < 10) QuietButton(words.composeChoiceMore, { on(ComposeEvent.Poll(poll + "")) })
                QuietButton(words.composePollNot, { on(ComposeEvent.Poll(null)) })
            }
            Aside(words.pollFew)
        }
    }
    SwitchRow(words.composeQuestion, state.question, { on(ComposeEvent.Question(it)) }, more = words.composeQuestionText)
}

@Composable
private fun ProblemNoteOf(text: String) = Note(text, Icons.Alert, needsYou = true)

/** Whoever `@` may mean. */
@Composable
fun Candidates(candidates: List<MemberView>, onChoose: (MemberView) -> Unit) {
    if (candidates.isEmpty()) return
    Card(between = 0) {
        for (member in candidates) {
            Line(member.name, more = member.past(words).ifEmpty { null }, onPress = { onChoose(member) }, start = { Avatar(member.id.value, member.name, 32.dp) })
        }
    }
}

@Composable
private fun FilePart(file: Attached, on: (ComposeEvent) -> Unit) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.Top) {
        Box(Modifier.size(72.dp).clip(MaterialTheme.shapes.small).background(MaterialTheme.colorScheme.surfaceContainerHigh), Alignment.Center) {
            if (file.picture != null) Image(file.picture, null, Modifier.fillMaxSize(), contentScale = ContentScale.Crop)
            else Icon(if (file.kind == AttachmentKind.IMAGE) Icons.Picture else Icons.Document, null)
        }
        Column(Modifier.weight(1f)) {
            Field(file.alt, { on(ComposeEvent.Alt(file.id, it)) }, if (file.kind == AttachmentKind.IMAGE) words.composeAlt else words.composeFileName, more = words.composeAltHint, limit = 1_000)
        }
        PressIcon(Icons.Close, words.composeFileRemove, { on(ComposeEvent.RemoveFile(file.id)) })
    }
}
