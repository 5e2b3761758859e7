package dev.enishi.ui.app

import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.Client
import dev.enishi.ui.waysin.RecoverByCodeModel
import dev.enishi.ui.waysin.RecoverByCodeScreen
import dev.enishi.ui.waysin.RecoverByDeviceModel
import dev.enishi.ui.waysin.RecoverByDeviceScreen
import dev.enishi.ui.waysin.RecoverByOthersEvent
import dev.enishi.ui.waysin.RecoverByOthersModel
import dev.enishi.ui.waysin.RecoverByOthersScreen
import dev.enishi.ui.waysin.RecoverScreen

/** Back in for whoever has lost their address; there also while this device is in no community. */
internal fun NavGraphBuilder.recovering(app: Enishi, client: Client, go: (To) -> Unit) {
    val server = listOf(text("server"))
    composable("recover?server={server}", server) { entry ->
        RecoverScreen(entry.savedStateHandle.text("server"), go)
    }
    composable("recover-device?server={server}", server) {
        val model = viewModel { RecoverByDeviceModel(app, client, createSavedStateHandle().text("server")) }
        val state by model.state.collectAsStateWithLifecycle()
        RecoverByDeviceScreen(state, model::on, go)
    }
    composable("recover-code?server={server}", server) {
        val model = viewModel { RecoverByCodeModel(app, client, createSavedStateHandle().text("server")) }
        val state by model.state.collectAsStateWithLifecycle()
        RecoverByCodeScreen(state, model::on, go)
    }
    composable("recover-others?server={server}", server) {
        val model = viewModel { RecoverByOthersModel(app, client, createSavedStateHandle().text("server")) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(RecoverByOthersEvent.Look) }
        RecoverByOthersScreen(state, model::on, go)
    }
}
