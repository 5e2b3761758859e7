package dev.enishi.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import dev.enishi.ui.LocalPlatform

/** Keeps what is shown out of screenshots and the list of recent apps, for as long as it is shown. */
@Composable
fun SecureWindow() {
    val platform = LocalPlatform.current
    DisposableEffect(platform) {
        platform.secure(true)
        onDispose { platform.secure(false) }
    }
}
