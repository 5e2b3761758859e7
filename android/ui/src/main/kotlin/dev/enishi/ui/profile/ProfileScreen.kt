package dev.enishi.ui.profile

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.model.Delivery
import dev.enishi.protocol.OwnField
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.DeliveryMark
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.called
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** What one tells of oneself, field by field, each with whom it is for. */
@Composable
fun ProfileScreen(state: ProfileState, go: (To) -> Unit) = ColumnPage(words.profileTitle, { go(To.Back) }) {
    ProblemNote(state.problem)
    val profile = state.profile ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
        Avatar(state.member.value, state.name, 56.dp)
        Text(state.name, Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
    }
    Body(words.profileLead)
    Rows {
        Fields.forEachIndexed { at, field ->
            if (at > 0) HorizontalDivider(Modifier.padding(horizontal = 16.dp), color = MaterialTheme.colorScheme.outlineVariant)
            FieldRow(field, profile.fields[field], profile.deliveries[field], field in state.drafts, go)
        }
    }
    OtherButton(words.profileSeen, { go(To.Seen) }, sign = Icons.Eye)
}

@Composable
private fun FieldRow(field: ProfileField, own: OwnField?, delivery: Delivery?, draft: Boolean, go: (To) -> Unit) {
    val value = own?.value.orEmpty()
    Row(
        Modifier.fillMaxWidth().clickable { go(To.EditField(field)) }.heightIn(min = 56.dp).padding(horizontal = 16.dp, vertical = 10.dp).testTag("field-${field.name}"),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
            Aside(field.called(words))
            if (value.isEmpty()) Text(words.profileBlank, style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
            else Body(value)
            if (own != null && value.isNotEmpty()) {
                Row(horizontalArrangement = Arrangement.spacedBy(6.dp), verticalAlignment = Alignment.CenterVertically) {
                    Icon(Icons.Eye, null, Modifier.size(16.dp), MaterialTheme.colorScheme.onSurfaceVariant)
                    Aside(own.audience.called(words))
                }
            }
            if (delivery != null) DeliveryMark(delivery) { go(To.Attention) }
            if (draft) Aside(words.profileDraft, color = MaterialTheme.colorScheme.primary)
        }
        Icon(Icons.Write, words.actionEdit, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
    }
}
