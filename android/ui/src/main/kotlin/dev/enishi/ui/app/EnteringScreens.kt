package dev.enishi.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.Client
import dev.enishi.ui.entering.FirstEvent
import dev.enishi.ui.entering.FirstModel
import dev.enishi.ui.entering.FirstScreen
import dev.enishi.ui.entering.JoinModel
import dev.enishi.ui.entering.JoinScreen
import dev.enishi.ui.entering.PreviewEvent
import dev.enishi.ui.entering.PreviewModel
import dev.enishi.ui.entering.PreviewScreen
import dev.enishi.ui.entering.SignInEvent
import dev.enishi.ui.entering.SignInModel
import dev.enishi.ui.entering.SignInScreen

/** From an invitation, or an address that is known, into a community. */
internal fun NavGraphBuilder.entering(app: Enishi, client: Client, go: (To) -> Unit) {
    composable(To.First.route) {
        val model = viewModel { FirstModel(app.platform, app.state.value.places.isNotEmpty()) }
        val state by model.state.collectAsStateWithLifecycle()
        Next(state.next, go) { model.on(FirstEvent.Taken) }
        FirstScreen(state, model::on, go)
    }
    composable("preview?link={link}&server={server}", listOf(text("link"), text("server"))) {
        val model = viewModel {
            val saved = createSavedStateHandle()
            PreviewModel(client, saved.text("link").orEmpty(), saved.text("server"), app.platform.linkHost)
        }
        val state by model.state.collectAsStateWithLifecycle()
        Next(state.next, go) { model.on(PreviewEvent.Taken) }
        PreviewScreen(state, model::on, go)
    }
    composable("sign-in?server={server}&link={link}", listOf(text("server"), text("link"))) {
        val model = viewModel {
            val saved = createSavedStateHandle()
            SignInModel(app, client, saved.text("server"), saved.text("link"), saved)
        }
        val state by model.state.collectAsStateWithLifecycle()
        Next(state.next, go) { model.on(SignInEvent.Taken) }
        SignInScreen(state, model::on, go)
    }
    composable("join?link={link}&server={server}", listOf(text("link"), text("server"))) {
        val model = viewModel {
            val saved = createSavedStateHandle()
            JoinModel(app, client, saved.text("link").orEmpty(), saved.text("server"), saved)
        }
        val state by model.state.collectAsStateWithLifecycle()
        JoinScreen(state, model::on, go) { go(To.Only(if (app.state.value.place == null) To.First else To.Home)) }
    }
}

/** Goes where a screen leads by itself, once. */
@Composable
internal fun Next(next: To?, go: (To) -> Unit, taken: () -> Unit) {
    LaunchedEffect(next) {
        if (next == null) return@LaunchedEffect
        taken()
        go(next)
    }
}

/** A value of the route; null where it was left out. */
internal fun SavedStateHandle.text(name: String): String? = get<String>(name)?.takeIf { it.isNotEmpty() }
