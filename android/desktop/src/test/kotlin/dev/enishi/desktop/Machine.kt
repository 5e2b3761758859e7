package dev.enishi.desktop

import androidx.lifecycle.viewModelScope
import dev.enishi.Client
import dev.enishi.Phone
import dev.enishi.protocol.Language
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.Settings
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Place
import java.io.File
import java.nio.file.Files
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** Waits until a screen shows what is wanted; says what it shows where that does not come. */
internal suspend fun <S, E> ScreenModel<S, E>.await(wanted: (S) -> Boolean): S = try {
    withTimeout(30.seconds) { state.first(wanted) }
} catch (late: TimeoutCancellationException) {
    throw AssertionError("${this::class.simpleName} shows ${state.value}", late)
}

/** The app's one client on a machine of its own, without a window. */
internal class Machine(val client: Client, private val folder: File? = null) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val models = mutableListOf<ScreenModel<*, *>>()
    val app = Enishi(scope, DesktopPlatform(Language.JA), InMemory()) { client }

    suspend fun place(): Place = withTimeout(30.seconds) { app.state.first { it.place != null } }.place!!

    /** A screen's model, which ends with this machine. */
    fun <M : ScreenModel<*, *>> screen(model: M): M = model.also(models::add)

    override fun close() {
        for (model in models) model.viewModelScope.cancel()
        scope.cancel()
        if (folder == null) return
        runBlocking { client.shutDown() }
        folder.deleteRecursively()
    }

    companion object {
        /** One on which nobody has signed in. */
        suspend fun empty(): Machine {
            val folder = Files.createTempDirectory("enishi-machine").toFile()
            return Machine(Client.open(Phone.options(folder), Phone.secretsIn(folder)), folder).apply { opened() }
        }
    }

    private suspend fun opened() = withTimeout(30.seconds) { app.state.first { it.client != null } }
}

private class InMemory : Settings {
    private val kept = HashMap<String, String>()

    @Synchronized
    override fun get(name: String) = kept[name]

    @Synchronized
    override fun set(name: String, value: String?) {
        if (value == null) kept.remove(name) else kept[name] = value
    }
}
