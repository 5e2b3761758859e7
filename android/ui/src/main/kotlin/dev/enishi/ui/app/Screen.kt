package dev.enishi.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.NavType
import androidx.navigation.compose.composable
import androidx.navigation.navArgument
import dev.enishi.ui.ScreenModel
import java.util.UUID

/** A screen under a route: its model, which lives as long as the screen can be gone back to, and how its state is drawn. */
internal inline fun <S, reified M : ScreenModel<S, *>> NavGraphBuilder.screen(
    route: String,
    /** The values that may be left out of the route. */
    values: List<String> = emptyList(),
    /** Made with what the route says, and with a place for what is to outlive the process. */
    crossinline model: (SavedStateHandle) -> M,
    crossinline draw: @Composable (state: S, model: M) -> Unit,
) = composable(route, values.map(::value)) {
    val made = viewModel { model(createSavedStateHandle()) }
    val state by made.state.collectAsStateWithLifecycle()
    draw(state, made)
}

internal fun value(name: String) = navArgument(name) {
    type = NavType.StringType
    defaultValue = ""
}

/** A value of the route; null where it was left out. */
internal fun SavedStateHandle.text(name: String): String? = get<String>(name)?.takeIf { it.isNotEmpty() }

/** An id of the route. Routes are made by [To] alone. */
internal fun SavedStateHandle.id(name: String): UUID = UUID.fromString(get<String>(name))

/** Each time that a screen comes to the front, also from the system's own pages. */
@Composable
internal fun WhenShown(look: () -> Unit) = LifecycleResumeEffect(Unit) {
    look()
    onPauseOrDispose {}
}
