package dev.enishi.app

import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.EditorInfo
import androidx.activity.ComponentActivity
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performClick
import dev.enishi.protocol.Language
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.parts.Field
import dev.enishi.ui.theme.EnishiTheme
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What a keyboard is told of a field. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja-w412dp-h892dp-mdpi")
class PrivateTypingTest {
    @get:Rule(order = 0) val phone = PhoneRule()

    @get:Rule(order = 1) val screen = createAndroidComposeRule<ComponentActivity>()

    private fun toldOf(learns: Boolean): Int {
        screen.setContent {
            CompositionLocalProvider(LocalPlatform provides app.platform) {
                EnishiTheme(Language.JA) { Field("", {}, "メッセージ", Modifier.testTag("field"), learns = learns) }
            }
        }
        screen.onNodeWithTag("field").performClick()
        screen.waitForIdle()
        val editor = EditorInfo()
        screen.runOnUiThread { views(screen.activity.window.decorView).first { it.onCheckIsTextEditor() }.onCreateInputConnection(editor) }
        return editor.imeOptions and EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING
    }

    private fun views(of: View): Sequence<View> =
        sequenceOf(of) + ((of as? ViewGroup)?.let { group -> (0 until group.childCount).asSequence().flatMap { views(group.getChildAt(it)) } } ?: emptySequence())

    @Test fun `no keyboard learns from a message`() = assertEquals(EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING, toldOf(learns = false))

    @Test fun `from a post it may`() = assertEquals(0, toldOf(learns = true))
}
