package dev.enishi.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** Rows that belong together, on a ground of their own. */
@Composable
fun Rows(modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) =
    Surface(modifier.fillMaxWidth(), MaterialTheme.shapes.medium, MaterialTheme.colorScheme.surfaceContainerLowest) {
        Column(Modifier.padding(vertical = 4.dp), content = content)
    }

/** A row that leads to another screen. */
@Composable
fun Leads(title: String, onPress: () -> Unit, modifier: Modifier = Modifier, sign: ImageVector? = null, more: String? = null) =
    Line(title, modifier, more, sign, onPress) {
        Icon(Icons.Right, null, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
    }

/** A row with what is chosen, which opens the choice. */
@Composable
fun Chooses(title: String, chosen: String, onPress: () -> Unit, modifier: Modifier = Modifier) = Line(title, modifier, chosen, onPress = onPress) {
    Icon(Icons.Down, null, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
}

/** What happens, one thing after the other, each with a sign of its own size. */
@Composable
fun Points(points: List<String>, modifier: Modifier = Modifier) {
    Column(modifier, Arrangement.spacedBy(10.dp)) {
        for (point in points) {
            Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
                Text("•", style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
                Body(point, Modifier.weight(1f))
            }
        }
    }
}

/** One of several to choose; choosing closes it. */
@Composable
fun <T> Choose(title: String, options: List<T>, chosen: T, called: @Composable (T) -> String, onChoose: (T) -> Unit, onDismiss: () -> Unit) =
    AlertDialog(
        onDismissRequest = onDismiss,
        confirmButton = {},
        dismissButton = { QuietButton(words.actionNotNow, onDismiss) },
        title = { Text(title, style = MaterialTheme.typography.titleLarge) },
        text = {
            Column(Modifier.heightIn(max = 420.dp).verticalScroll(rememberScrollState())) {
                for (option in options) ChoiceRow(called(option), option == chosen, { onChoose(option) })
            }
        },
        containerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
    )
