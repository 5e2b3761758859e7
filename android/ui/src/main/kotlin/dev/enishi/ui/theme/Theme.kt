package dev.enishi.ui.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.LineHeightStyle
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import dev.enishi.protocol.Language
import dev.enishi.ui.words.Words
import dev.enishi.ui.words.wordsOf

/** The words of the language that is shown. */
val LocalWords = staticCompositionLocalOf { wordsOf(Language.JA) }

/** The words of the language that is shown. */
val words: Words @Composable get() = LocalWords.current

/** Everything below is drawn in the app's look. `textSize` is a factor beside the system's own. */
@Composable
fun EnishiTheme(
    language: Language,
    dark: Boolean = isSystemInDarkTheme(),
    textSize: Float = 1f,
    content: @Composable () -> Unit,
) {
    val density = LocalDensity.current
    CompositionLocalProvider(
        LocalWords provides wordsOf(language),
        LocalDensity provides Density(density.density, density.fontScale * textSize),
    ) {
        MaterialTheme(
            colorScheme = if (dark) DarkColours else LightColours,
            typography = typographyOf(language),
            shapes = Shapes(
                extraSmall = RoundedCornerShape(4.dp),
                small = RoundedCornerShape(8.dp),
                medium = RoundedCornerShape(12.dp),
                large = RoundedCornerShape(16.dp),
                extraLarge = RoundedCornerShape(24.dp),
            ),
            content = content,
        )
    }
}

/** Japanese is set with more room between its lines, and broken between phrases where the system can. */
private fun typographyOf(language: Language): Typography {
    val room = if (language == Language.JA) 1.65f else 1.5f
    val breaks = if (language == Language.JA) LineBreak.Paragraph else LineBreak.Simple
    fun style(size: Int, weight: FontWeight = FontWeight.Normal, height: Float = room) = TextStyle(
        fontSize = size.sp,
        fontWeight = weight,
        lineHeight = (size * height).sp,
        lineBreak = breaks,
        lineHeightStyle = LineHeightStyle(LineHeightStyle.Alignment.Center, LineHeightStyle.Trim.None),
    )
    val strong = FontWeight.SemiBold
    return Typography(
        headlineMedium = style(26, strong, 1.4f),
        headlineSmall = style(22, strong, 1.4f),
        titleLarge = style(20, strong, 1.4f),
        titleMedium = style(17, strong, 1.45f),
        titleSmall = style(15, strong, 1.45f),
        bodyLarge = style(16),
        bodyMedium = style(15),
        bodySmall = style(13, height = 1.5f),
        labelLarge = style(16, strong, 1.4f),
        labelMedium = style(13, FontWeight.Medium, 1.4f),
        labelSmall = style(12, FontWeight.Medium, 1.4f),
    )
}
