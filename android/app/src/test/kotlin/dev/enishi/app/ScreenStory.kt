package dev.enishi.app

import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What is told on the screens of a Japanese phone of usual size, on which the app was never opened. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja-w412dp-h915dp-xhdpi")
abstract class ScreenStory {
    @get:Rule(order = 0) val phone = PhoneRule()

    @get:Rule(order = 1) val screen = createEmptyComposeRule()

    internal val hand by lazy { Hand(screen) }
}
