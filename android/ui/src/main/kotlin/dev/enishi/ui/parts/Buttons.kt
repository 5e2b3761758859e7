package dev.enishi.ui.parts

import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.enishi.ui.theme.words

private val Room = PaddingValues(horizontal = 20.dp, vertical = 12.dp)

/** The one thing to do on a screen. While it is `busy` it cannot be pressed again. */
@Composable
fun MainButton(text: String, onPress: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true, busy: Boolean = false) {
    Button(
        onPress,
        modifier.fillMaxWidth().heightIn(min = 52.dp),
        enabled = enabled && !busy,
        shape = MaterialTheme.shapes.medium,
        contentPadding = Room,
    ) {
        if (busy) {
            CircularProgressIndicator(Modifier.size(20.dp), color = LocalContentColor.current, strokeWidth = 2.dp)
            Spacer(Modifier.width(12.dp))
        }
        Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center)
    }
}

/** Something else that can be done. */
@Composable
fun OtherButton(text: String, onPress: () -> Unit, modifier: Modifier = Modifier, sign: ImageVector? = null, enabled: Boolean = true) {
    OutlinedButton(
        onPress,
        modifier.fillMaxWidth().heightIn(min = 52.dp),
        enabled = enabled,
        shape = MaterialTheme.shapes.medium,
        contentPadding = Room,
    ) {
        if (sign != null) {
            Icon(sign, null, Modifier.size(20.dp))
            Spacer(Modifier.width(10.dp))
        }
        Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center)
    }
}

/** Something small that can be done, within a text. */
@Composable
fun QuietButton(text: String, onPress: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true, danger: Boolean = false) {
    TextButton(
        onPress,
        modifier.heightIn(min = 48.dp),
        enabled = enabled,
        colors = if (danger) ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.error) else ButtonDefaults.textButtonColors(),
    ) { Text(text, style = MaterialTheme.typography.labelLarge) }
}

/** What cannot be undone: red, and named. */
@Composable
fun DangerButton(text: String, onPress: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true, busy: Boolean = false) {
    Button(
        onPress,
        modifier.fillMaxWidth().heightIn(min = 52.dp),
        enabled = enabled && !busy,
        shape = MaterialTheme.shapes.medium,
        colors = ButtonDefaults.buttonColors(MaterialTheme.colorScheme.error, MaterialTheme.colorScheme.onError),
        contentPadding = Room,
    ) { Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center) }
}

/** One of several, of which one holds. */
@Composable
fun ChoiceRow(text: String, chosen: Boolean, onChoose: () -> Unit, more: String? = null, enabled: Boolean = true) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 52.dp).selectable(chosen, enabled, Role.RadioButton, onClick = onChoose).padding(vertical = 6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(chosen, null, Modifier.padding(end = 12.dp), enabled)
        Said(text, more)
    }
}

/** Something that is on or off. */
@Composable
fun SwitchRow(text: String, on: Boolean, onSwitch: (Boolean) -> Unit, more: String? = null, enabled: Boolean = true) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 56.dp).toggleable(on, enabled, Role.Switch, onValueChange = onSwitch).padding(vertical = 6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Said(text, more, Modifier.weight(1f))
        Switch(on, null, Modifier.padding(start = 12.dp), enabled = enabled)
    }
}

@Composable
private fun Said(text: String, more: String?, modifier: Modifier = Modifier) {
    Column(modifier) {
        Text(text, style = MaterialTheme.typography.bodyLarge)
        if (more != null) Text(more, style = MaterialTheme.typography.bodySmall, color = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

/** Asks before what cannot be undone; the button says what it does. */
@Composable
fun Confirm(title: String, text: String, does: String, onDo: () -> Unit, onDismiss: () -> Unit, danger: Boolean = true) {
    AlertDialog(
        onDismissRequest = onDismiss,
        confirmButton = { QuietButton(does, onDo, danger = danger) },
        dismissButton = { QuietButton(words.actionNotNow, onDismiss) },
        title = { Text(title, style = MaterialTheme.typography.titleLarge) },
        text = { Text(text, style = MaterialTheme.typography.bodyLarge) },
        containerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
    )
}
