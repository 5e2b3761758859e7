package dev.enishi.ui.feed

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import dev.enishi.closes
import dev.enishi.model.PollView
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.saidMoment
import dev.enishi.ui.theme.words

/** A question with choices. What others chose is shown from five voters on. */
@Composable
fun PollPart(poll: PollView, onVote: (List<Int>) -> Unit, enabled: Boolean) {
    val closes = poll.closes
    val open = enabled && (closes == null || closes > LocalPlatform.current.now())
    val own = poll.options.indices.filter { poll.options[it].own }
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        poll.options.forEachIndexed { at, option ->
            val chosen = option.own
            Row(
                Modifier.fillMaxWidth().heightIn(min = 48.dp).selectable(chosen, open, if (poll.several) Role.Checkbox else Role.RadioButton) {
                    onVote(if (!poll.several) listOf(at) else if (chosen) own - at else own + at)
                },
                Arrangement.spacedBy(10.dp), Alignment.CenterVertically,
            ) {
                if (poll.several) Checkbox(chosen, null, enabled = open) else RadioButton(chosen, null, enabled = open)
                Column(Modifier.weight(1f)) {
                    Text(option.text, style = MaterialTheme.typography.bodyMedium)
                    option.votes?.let { votes ->
                        val part = if (poll.voters > 0) votes.toFloat() / poll.voters else 0f
                        LinearProgressIndicator({ part }, Modifier.fillMaxWidth().padding(top = 4.dp), drawStopIndicator = {})
                    }
                }
                option.votes?.let { Text("$it", style = MaterialTheme.typography.labelMedium) }
            }
        }
        Aside(
            listOfNotNull(
                words.pollVoters(poll.voters),
                if (poll.several) words.pollSeveral else null,
                when {
                    closes == null -> null
                    open || closes > LocalPlatform.current.now() -> words.pollCloses(saidMoment(closes))
                    else -> words.pollClosed
                },
                if (poll.options.all { it.votes == null }) words.pollFew else null,
            ).joinToString(words.listDot),
        )
    }
}
