package dev.enishi.desktop

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import dev.enishi.protocol.Language
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.samples.SamplePlatform
import dev.enishi.ui.samples.allSamples
import dev.enishi.ui.theme.EnishiTheme
import java.io.File
import kotlin.system.exitProcess

/** Draws the states of all screens to pictures, for a quick look: folder, part of a name, `ja` or `en`, `dark`, text size. */
fun main(arguments: Array<String>) {
    val folder = File(arguments[0]).apply { mkdirs() }
    val wanted = arguments.getOrElse(1) { "" }
    val language = if (arguments.getOrNull(2) == "en") Language.EN else Language.JA
    val dark = arguments.getOrNull(3) == "dark"
    val size = arguments.getOrNull(4)?.toFloat() ?: 1f
    for (sample in allSamples().filter { wanted in it.name }) {
        ImageComposeScene(412, Integer.getInteger("height", 892), Density(1f)) {
            CompositionLocalProvider(LocalPlatform provides SamplePlatform) {
                EnishiTheme(language, dark, size) {
                    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) { sample.content() }
                }
            }
        }.use { scene ->
            scene.render(0)
            val image = scene.render(1_000_000_000)
            File(folder, "${sample.name}.png").writeBytes(image.encodeToData()!!.bytes)
        }
    }
    exitProcess(0)
}
