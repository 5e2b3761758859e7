package dev.enishi.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.ui.graphics.Color

/*
 * Quiet paper, one ink. 藍 (indigo) is for what can be pressed, 朱 (vermilion) only for "this needs you". Text on its
 * ground is 4.5 : 1 or more, edges of controls 3 : 1; ColoursTest measures it.
 */

val LightColours: ColorScheme = lightColorScheme(
    primary = Color(0xFF2B4C7E),
    onPrimary = Color(0xFFFFFFFF),
    primaryContainer = Color(0xFFDDE6F4),
    onPrimaryContainer = Color(0xFF12294A),
    inversePrimary = Color(0xFFA9C4F2),
    secondary = Color(0xFF5A5F6B),
    onSecondary = Color(0xFFFFFFFF),
    secondaryContainer = Color(0xFFE3E5EC),
    onSecondaryContainer = Color(0xFF23272F),
    tertiary = Color(0xFF5F5A3F),
    onTertiary = Color(0xFFFFFFFF),
    tertiaryContainer = Color(0xFFEDE6CF),
    onTertiaryContainer = Color(0xFF2B2714),
    background = Color(0xFFF6F2EB),
    onBackground = Color(0xFF211F1B),
    surface = Color(0xFFF6F2EB),
    onSurface = Color(0xFF211F1B),
    surfaceVariant = Color(0xFFE9E4DA),
    onSurfaceVariant = Color(0xFF5A554C),
    surfaceTint = Color(0xFF2B4C7E),
    inverseSurface = Color(0xFF35322D),
    inverseOnSurface = Color(0xFFF6F2EB),
    error = Color(0xFFB3321A),
    onError = Color(0xFFFFFFFF),
    errorContainer = Color(0xFFFBE3DA),
    onErrorContainer = Color(0xFF6B1B0A),
    outline = Color(0xFF837C70),
    outlineVariant = Color(0xFFDAD4C8),
    scrim = Color(0xFF000000),
    surfaceBright = Color(0xFFFFFDF9),
    surfaceDim = Color(0xFFDFDAD0),
    surfaceContainerLowest = Color(0xFFFFFDF9),
    surfaceContainerLow = Color(0xFFFBF8F3),
    surfaceContainer = Color(0xFFF1ECE3),
    surfaceContainerHigh = Color(0xFFEBE6DC),
    surfaceContainerHighest = Color(0xFFE5E0D6),
)

val DarkColours: ColorScheme = darkColorScheme(
    primary = Color(0xFFA9C4F2),
    onPrimary = Color(0xFF12294A),
    primaryContainer = Color(0xFF2E456B),
    onPrimaryContainer = Color(0xFFDDE6F4),
    inversePrimary = Color(0xFF2B4C7E),
    secondary = Color(0xFFC3C6D1),
    onSecondary = Color(0xFF2C3038),
    secondaryContainer = Color(0xFF42464F),
    onSecondaryContainer = Color(0xFFE3E5EC),
    tertiary = Color(0xFFD2C9A5),
    onTertiary = Color(0xFF312D17),
    tertiaryContainer = Color(0xFF48432A),
    onTertiaryContainer = Color(0xFFEDE6CF),
    background = Color(0xFF161512),
    onBackground = Color(0xFFE8E3DA),
    surface = Color(0xFF161512),
    onSurface = Color(0xFFE8E3DA),
    surfaceVariant = Color(0xFF45413A),
    onSurfaceVariant = Color(0xFFC4BDB0),
    surfaceTint = Color(0xFFA9C4F2),
    inverseSurface = Color(0xFFE8E3DA),
    inverseOnSurface = Color(0xFF35322D),
    error = Color(0xFFF4A68F),
    onError = Color(0xFF5A1406),
    errorContainer = Color(0xFF76291A),
    onErrorContainer = Color(0xFFFBE3DA),
    outline = Color(0xFF968F82),
    outlineVariant = Color(0xFF423E37),
    scrim = Color(0xFF000000),
    surfaceBright = Color(0xFF3C3933),
    surfaceDim = Color(0xFF161512),
    surfaceContainerLowest = Color(0xFF201E1A),
    surfaceContainerLow = Color(0xFF1D1B18),
    surfaceContainer = Color(0xFF26241F),
    surfaceContainerHigh = Color(0xFF2F2C27),
    surfaceContainerHighest = Color(0xFF393630),
)

/** Grounds of avatars without a photo, each dark enough for white letters. */
internal val AvatarColours: List<Color> = listOf(
    Color(0xFF3E5C8A), Color(0xFF6B4E71), Color(0xFF3F6B5C), Color(0xFF7A5230),
    Color(0xFF5B5F33), Color(0xFF7B4450), Color(0xFF2F6673), Color(0xFF575273),
)
