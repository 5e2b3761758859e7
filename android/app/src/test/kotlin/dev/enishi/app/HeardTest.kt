package dev.enishi.app

import androidx.activity.ComponentActivity
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.material3.Surface
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.samples.SamplePlatform
import dev.enishi.ui.samples.allSamples
import dev.enishi.ui.theme.EnishiTheme
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.annotation.Config

/** What a picture does not show: what somebody hears who does not see the screen, and what stays out of pictures. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja-w412dp-h892dp-mdpi", application = android.app.Application::class)
class HeardTest(private val screen: String) {
    @get:Rule
    val rule = createAndroidComposeRule<ComponentActivity>()

    @Test
    fun `what can be pressed says what it is and has room for a finger, and secrets are kept`() {
        val pictures = picturesOf(screen)
        var shown by mutableStateOf(pictures.first())
        rule.setContent {
            key(shown) {
                CompositionLocalProvider(LocalPlatform provides SamplePlatform) {
                    EnishiTheme(shown.language, shown.dark, shown.textSize) { Surface(Modifier.fillMaxSize()) { shown.sample.content() } }
                }
            }
        }
        val wrong = pictures.flatMap { picture ->
            rule.runOnUiThread { shown = picture }
            rule.waitForIdle()
            wrong().map { "${picture.name}: $it" }
        }
        assertEquals(emptyList<String>(), wrong)
    }

    private fun wrong(): List<String> {
        val pressed = rule.onAllNodes(hasClickAction()).fetchSemanticsNodes()
        val dumb = pressed.filter { it.said().isBlank() }.map { "nothing is said of what is at ${it.boundsInRoot}" }
        // What an edge cuts is whole once it is scrolled to.
        val whole = pressed.filter { it.boundsInRoot.height >= it.size.height && it.boundsInRoot.width >= it.size.width }
        val small = whole.filter { it.touchBoundsInRoot.width < FINGER || it.touchBoundsInRoot.height < FINGER }
        val secret = if (screen in Secured && !SamplePlatform.secured) listOf("it is not kept out of pictures") else emptyList()
        val fields = rule.onAllNodes(hasSetTextAction()).fetchSemanticsNodes().size
        val learned = if (screen in Unlearned && SamplePlatform.unlearned < fields) listOf("a keyboard learns what is typed") else emptyList()
        return dumb + small.map { "${it.said()} is ${it.touchBoundsInRoot.size} large" } + secret + learned
    }

    private fun SemanticsNode.said(): String {
        val texts = config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        val typed = config.getOrNull(SemanticsProperties.EditableText)?.text
        val label = config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
        return (texts + label + listOfNotNull(typed)).joinToString(" ") + children.joinToString("") { it.said() }
    }

    companion object {
        /** The least side of what a finger presses, in pixels that are as large as a dp here. */
        private const val FINGER = 48f

        /** Who reads along over a shoulder, or in a picture of the screen, learns nothing that is meant for one. */
        private val Secured = setOf(
            "messages", "conversation", "attention", "report", "search", "news", "sign-in", "join", "ways-in", "add-address", "approve",
            "recover", "recover-code", "recover-device", "recover-others", "recovery-code", "vouching",
        )

        /** Where every word is kept from a keyboard that learns. */
        private val Unlearned = setOf(
            "conversation", "report", "search", "sign-in", "approve", "add-address", "recover-code", "recover-device", "recover-others", "recovery-code", "vouching",
        )

        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
        fun screens(): List<Array<Any>> = allSamples().map { it.screen }.distinct().map { arrayOf(it) }
    }
}
