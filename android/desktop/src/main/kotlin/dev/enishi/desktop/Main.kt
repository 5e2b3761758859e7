package dev.enishi.desktop

import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.WindowPosition
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import dev.enishi.Client
import dev.enishi.ClientOptions
import dev.enishi.fileSecretStore
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.EnishiApp
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.runBlocking

/**
 * The app in a window, for those who have no phone at hand. Arguments: the folder that the data goes into, and, where it is
 * to begin with one, an invitation's link.
 */
fun main(arguments: Array<String>) {
    val folder = File(arguments.firstOrNull() ?: error("which folder is the data to go into?")).apply { mkdirs() }
    val platform = DesktopPlatform()
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
    val app = Enishi(scope, platform, FileSettings(File(folder, "settings.properties"))) {
        Client.open(ClientOptions(dataDir = File(folder, "data").path, language = platform.language, deviceName = "Enishi"), fileSecretStore(File(folder, "secrets").path))
    }
    arguments.getOrNull(1)?.let(app::opened)
    application {
        val state = rememberWindowState(size = DpSize(420.dp, 900.dp), position = WindowPosition(40.dp, 40.dp))
        Window(
            onCloseRequest = {
                runBlocking { app.state.value.client?.shutDown() }
                exitApplication()
            },
            state, title = "縁 Enishi",
        ) { EnishiApp(app) }
    }
}
