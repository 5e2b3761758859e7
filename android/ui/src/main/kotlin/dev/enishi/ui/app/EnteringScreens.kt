package dev.enishi.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.navigation.NavGraphBuilder
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
    screen(To.First.route, model = { FirstModel(app, it) }) { state, model ->
        // Whoever waits is let in while they are elsewhere.
        WhenShown { app.refresh() }
        Next(state.next, go) { model.on(FirstEvent.Taken) }
        FirstScreen(state, model::on, go)
    }
    screen("preview?link={link}&server={server}", listOf("link", "server"), model = { saved ->
        PreviewModel(client, saved.text("link").orEmpty(), saved.text("server"), app.platform.linkHost)
    }) { state, model ->
        Next(state.next, go) { model.on(PreviewEvent.Taken) }
        PreviewScreen(state, model::on, go)
    }
    screen("sign-in?server={server}&link={link}", listOf("server", "link"), model = { saved ->
        SignInModel(app, client, saved.text("server"), saved.text("link"), saved)
    }) { state, model ->
        Next(state.next, go) { model.on(SignInEvent.Taken) }
        SignInScreen(state, model::on, go)
    }
    screen("join?link={link}&server={server}", listOf("link", "server"), model = { saved ->
        JoinModel(app, client, saved.text("link").orEmpty(), saved.text("server"), saved)
    }) { state, model ->
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

