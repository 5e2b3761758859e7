package dev.enishi.ui.profile

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.enishi.model.Viewer
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.called
import dev.enishi.ui.theme.words

/** What others see of oneself: everyone here, one group, or those who run the community. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun SeenScreen(state: SeenState, on: (SeenEvent) -> Unit, go: (To) -> Unit) = ColumnPage(words.seenTitle, { go(To.Back) }) {
    Body(words.seenLead)
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        Looker(words.audienceEveryone, state.viewer == Viewer.Everyone) { on(SeenEvent.Look(Viewer.Everyone)) }
        for ((id, name) in state.groups) Looker(words.seenGroup(name), state.viewer == Viewer.Group(id)) { on(SeenEvent.Look(Viewer.Group(id))) }
        Looker(words.seenHr, state.viewer == Viewer.Hr) { on(SeenEvent.Look(Viewer.Hr)) }
    }
    ProblemNote(state.problem)
    val texts = state.texts ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
    Card(between = 14) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Avatar(state.member.value, state.name, 56.dp)
            Text(state.name, Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
        }
        for (field in Fields) {
            val text = texts[field]?.takeIf { it.isNotEmpty() } ?: continue
            Column {
                Aside(field.called(words))
                Body(text)
            }
        }
        val unseen = Fields.filter { it in state.filled && texts[it].isNullOrEmpty() }
        when {
            unseen.isNotEmpty() -> Aside(words.seenNot(unseen.map { it.called(words) }.joinToString(words.listDot)))
            state.filled.isEmpty() -> Aside(words.seenNameOnly)
        }
    }
    if (state.viewer == Viewer.Hr) Aside(words.seenHrMore)
    OtherButton(words.seenEdit, { go(To.Profile) })
}

@Composable
private fun Looker(name: String, chosen: Boolean, onChoose: () -> Unit) = FilterChip(
    chosen, onChoose, label = { Text(name, Modifier.padding(vertical = 8.dp), style = MaterialTheme.typography.labelMedium) },
)
