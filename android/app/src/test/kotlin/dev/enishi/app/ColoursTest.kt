package dev.enishi.app

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import dev.enishi.ui.theme.DarkColours
import dev.enishi.ui.theme.LightColours
import org.junit.Assert.assertTrue
import org.junit.Test

/** What is to be read can be read: WCAG 2.2, 1.4.3 and 1.4.11. */
class ColoursTest {
    private fun contrast(one: Color, other: Color): Double {
        val (light, dark) = listOf(one.luminance(), other.luminance()).sortedDescending()
        return (light + 0.05) / (dark + 0.05)
    }

    private fun texts(of: ColorScheme) = listOf(
        of.onBackground to of.background, of.onSurface to of.surface, of.onSurfaceVariant to of.surface, of.primary to of.background,
        of.onSurface to of.surfaceContainerLowest, of.onSurfaceVariant to of.surfaceContainerLowest, of.primary to of.surfaceContainerLowest,
        of.error to of.surfaceContainerLowest, of.error to of.background, of.onSurface to of.surfaceContainerHigh, of.onSurfaceVariant to of.surfaceContainerHigh,
        of.onSurfaceVariant to of.surfaceContainerLow, of.onPrimary to of.primary, of.onPrimaryContainer to of.primaryContainer, of.onError to of.error,
        of.onErrorContainer to of.errorContainer,
    )

    private fun edges(of: ColorScheme) = listOf(of.outline to of.background, of.outline to of.surfaceContainerLowest, of.outline to of.surfaceContainerLow)

    @Test
    fun `texts stand out by 4,5 to 1, edges of controls by 3 to 1`() {
        for ((name, scheme) in listOf("light" to LightColours, "dark" to DarkColours)) {
            for ((ink, ground) in texts(scheme)) assertTrue("$name $ink on $ground: ${contrast(ink, ground)}", contrast(ink, ground) >= 4.5)
            for ((edge, ground) in edges(scheme)) assertTrue("$name $edge on $ground: ${contrast(edge, ground)}", contrast(edge, ground) >= 3.0)
        }
    }
}
