package dev.enishi.ui.app

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Modifier
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.model.Salvage
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Note
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.EnishiTheme
import dev.enishi.ui.theme.words

/** The whole app. */
@Composable
fun EnishiApp(app: Enishi) {
    val looks by app.preferences.state.collectAsStateWithLifecycle()
    val state by app.state.collectAsStateWithLifecycle()
    val dark = when (looks.brightness) {
        Brightness.SYSTEM -> isSystemInDarkTheme()
        Brightness.LIGHT -> false
        Brightness.DARK -> true
    }
    val inside = rememberSaveableStateHolder()
    CompositionLocalProvider(LocalPlatform provides app.platform) {
        EnishiTheme(looks.language ?: app.platform.language, dark, looks.textSize) {
            Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
                val client = state.client
                when {
                    state.locked -> Locked(app::unlock)
                    client != null && state.salvaged.isNotEmpty() -> Told(state.salvaged, app::told)
                    // Behind the lock nothing is drawn, and all that was open is there again once it is lifted.
                    client != null -> inside.SaveableStateProvider("inside") { Navigation(app, client, state) }
                    state.problem != null -> NotOpened(state, app::start)
                }
            }
        }
    }
}

/** What is inside shows only to whoever the device belongs to. */
@Composable
fun Locked(onUnlock: () -> Unit) = ColumnPage(words.appName, null) {
    Body(words.lockedText)
    MainButton(words.lockedOpen, onUnlock)
}

/** A store was damaged, or came from another phone without its key: what is safe, and how it goes on. */
@Composable
fun Told(salvaged: List<Salvage>, onGoOn: () -> Unit) = ColumnPage(words.salvagedTitle, null) {
    for (one in salvaged) {
        Body(if (one.otherKey) words.salvagedOtherKey else words.salvagedDamaged)
        if (one.writes > 0) Body(words.salvagedWrites(one.writes.toLong()))
        if (!one.whole) Note(words.salvagedNotWhole, Icons.Alert, needsYou = true)
        Aside(words.salvagedKept(one.setAside.path))
    }
    MainButton(words.salvagedOn, onGoOn)
}

/** The store could not be opened: what is safe, and a way to try again. */
@Composable
fun NotOpened(state: AppState, onAgain: () -> Unit) = ColumnPage(words.appName, null) {
    ProblemNote(state.problem)
    MainButton(words.actionAgain, onAgain)
}
