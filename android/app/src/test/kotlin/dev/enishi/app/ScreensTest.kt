package dev.enishi.app

import androidx.activity.ComponentActivity
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asAndroidBitmap
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import dev.enishi.protocol.Language
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.samples.Sample
import dev.enishi.ui.samples.SamplePlatform
import dev.enishi.ui.samples.allSamples
import dev.enishi.ui.theme.EnishiTheme
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Every state of every screen as it was looked at and found good. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(sdk = [35], qualifiers = "ja-w412dp-h892dp-mdpi", application = android.app.Application::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ScreensTest(private val screen: String) {
    @get:Rule
    val rule = createAndroidComposeRule<ComponentActivity>()

    @Test
    fun `looks as it did`() {
        val pictures = picturesOf(screen)
        var shown by mutableStateOf(pictures.first())
        rule.setContent { key(shown) { Drawn(shown) } }
        val others = pictures.filter { picture ->
            rule.runOnUiThread { shown = picture }
            rule.waitForIdle()
            !same(picture, KeptPicture.of(rule.onAllNodes(isRoot())[0].captureToImage().asAndroidBitmap()))
        }
        assertEquals("pictures that are others than those in $References; what was drawn is in $Drawings", emptyList<String>(), others.map { it.name })
    }

    private fun same(picture: Picture, drawn: KeptPicture): Boolean {
        val reference = File(References, "${picture.name}.png")
        if (Accepting) {
            drawn.writeTo(reference)
            return true
        }
        val differences = KeptPicture.read(reference)?.differences(drawn)
        val same = differences != null && differences <= TOLERATED
        if (!same) drawn.writeTo(File(Drawings, "${picture.name}.png"))
        return same
    }

    @androidx.compose.runtime.Composable
    private fun Drawn(picture: Picture) = CompositionLocalProvider(LocalPlatform provides SamplePlatform) {
        EnishiTheme(picture.language, picture.dark, picture.textSize) {
            Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) { picture.sample.content() }
        }
    }

    companion object {
        /** Pixels: fewer than any letter has. */
        private const val TOLERATED = 20

        private val References = File(System.getProperty("enishi.screens")!!)
        private val Drawings = File(System.getProperty("enishi.pictures")!!)
        private val Accepting = System.getProperty("enishi.accept") == "true"

        @JvmStatic
        @ParameterizedRobolectricTestRunner.Parameters(name = "{0}")
        fun screens(): List<Array<Any>> = allSamples().map { it.screen }.distinct().map { arrayOf(it) }
    }
}

/** A sample in one of the ways in which it is drawn. */
internal class Picture(val sample: Sample, val language: Language = Language.JA, val dark: Boolean = false, val textSize: Float = 1f) {
    val name: String = listOfNotNull(
        sample.name, if (language == Language.EN) "en" else null, if (dark) "dark" else null, if (textSize > 1f) "large" else null,
    ).joinToString("-")
}

/** Each state in Japanese; the principal ones also so that each two of language, darkness and size of text meet. */
internal fun picturesOf(screen: String): List<Picture> = allSamples().filter { it.screen == screen }.flatMap { sample ->
    val others = if (!sample.principal) emptyList() else listOf(
        Picture(sample, Language.EN, dark = true),
        Picture(sample, Language.EN, textSize = 2f),
        Picture(sample, dark = true, textSize = 2f),
    )
    listOf(Picture(sample)) + others
}
