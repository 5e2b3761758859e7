package dev.enishi.ui.parts

import androidx.compose.foundation.layout.Box
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** Something that a menu offers. */
class MenuItem(val text: String, val danger: Boolean = false, val onPress: () -> Unit)

/** What is done seldom, behind three dots. */
@Composable
fun Menu(items: List<MenuItem>) {
    if (items.isEmpty()) return
    var open by remember { mutableStateOf(false) }
    Box {
        PressIcon(Icons.More, words.actionMore, { open = true })
        DropdownMenu(open, { open = false }, containerColor = MaterialTheme.colorScheme.surfaceContainerLowest) {
            for (item in items) {
                val ink = if (item.danger) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.onSurface
                DropdownMenuItem(
                    { Text(item.text, style = MaterialTheme.typography.bodyLarge, color = ink) },
                    {
                        open = false
                        item.onPress()
                    },
                )
            }
        }
    }
}
