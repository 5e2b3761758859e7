package dev.enishi.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.enishi.ui.LocalPlatform

/** A QR code to be read from this screen: black on white in the dark as well, as readers need it. */
@Composable
fun QrCode(text: String, heard: String, modifier: Modifier = Modifier) {
    val platform = LocalPlatform.current
    val rows = remember(text) { platform.qr(text) }
    Box(modifier.fillMaxWidth(), Alignment.Center) {
        Canvas(
            Modifier.clip(MaterialTheme.shapes.medium).background(Color.White).padding(20.dp).size(232.dp).semantics { contentDescription = heard },
        ) {
            val side = size.minDimension / rows.size.coerceAtLeast(1)
            rows.forEachIndexed { y, row ->
                row.forEachIndexed { x, dark ->
                    // A little over its edge: between two squares no light comes through.
                    if (dark) drawRect(Color.Black, Offset(x * side, y * side), Size(side + 0.5f, side + 0.5f))
                }
            }
        }
    }
}
