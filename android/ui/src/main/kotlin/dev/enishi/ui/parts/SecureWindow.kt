package dev.enishi.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Platform

/** Keeps the screen that it is on out of screenshots and the list of recent apps. */
@Composable
fun SecureWindow() {
    val platform = LocalPlatform.current
    DisposableEffect(platform) {
        hold(platform, 1)
        onDispose { hold(platform, -1) }
    }
}

/** While one such screen goes and the next one comes, both are there: only the last to go lets go. */
private val held = HashMap<Platform, Int>()

private fun hold(platform: Platform, more: Int) {
    val screens = (held[platform] ?: 0) + more
    if (screens > 0) held[platform] = screens else held.remove(platform)
    platform.secure(screens > 0)
}
