package dev.enishi.ui.samples

import androidx.compose.runtime.Composable

/** How a screen looks in one state. */
class Sample(
    /** The screen, as its files are called: `feed`. */
    val screen: String,
    /** The state: `full`, `empty`, `offline`. */
    val state: String,
    val content: @Composable () -> Unit,
) {
    val name: String get() = "$screen-$state"

    /** Whether it is also drawn in English, dark, and with text of twice the size. */
    val principal: Boolean get() = state in PRINCIPAL

    private companion object {
        val PRINCIPAL = setOf("full", "empty", "long")
    }
}

/** A state of a screen that fills what it is drawn on. */
internal fun sample(screen: String, state: String, content: @Composable () -> Unit) = Sample(screen, state, content)

/** Every state of every screen. */
fun allSamples(): List<Sample> = listOf(
    appSamples(),
    enteringSamples(),
    feedSamples(),
    bookmarksSamples(),
    readingSamples(),
    talkingSamples(),
    meSamples(),
    profileSamples(),
    communitiesSamples(),
    settingsSamples(),
    accessSamples(),
    recoverSamples(),
    vouchingSamples(),
    unseenSamples(),
    consentsSamples(),
    leavingSamples(),
    aboutSamples(),
).flatten()
