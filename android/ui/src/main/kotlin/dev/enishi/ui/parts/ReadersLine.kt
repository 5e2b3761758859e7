package dev.enishi.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.model.Readers
import dev.enishi.protocol.Stream
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** Where something goes and who can read it there: above every composer. */
@Composable
fun ReadersLine(readers: Readers?, stream: Stream, where: String, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxWidth(), MaterialTheme.shapes.small, MaterialTheme.colorScheme.surfaceContainerHigh) {
        Row(Modifier.padding(12.dp), Arrangement.spacedBy(10.dp), Alignment.CenterVertically) {
            Icon(if (readers?.closedToStaff == true) Icons.Lock else Icons.Eye, null, Modifier.size(20.dp))
            val who = readers?.let { readersSaid(it, stream, words) }
            Text(listOfNotNull(where, who?.let { words.readersCan(it) }).joinToString("\n"), Modifier.testTag("readers"), style = MaterialTheme.typography.bodySmall)
        }
    }
}
