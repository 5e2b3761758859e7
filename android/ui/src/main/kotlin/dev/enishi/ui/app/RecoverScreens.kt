package dev.enishi.ui.app

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
    composable("recover?server={server}", listOf(value("server"))) { entry ->
        RecoverScreen(entry.savedStateHandle.text("server"), go)
    }
    screen(
        "recover-device?server={server}", listOf("server"),
        model = { RecoverByDeviceModel(app, client, it.text("server")) },
    ) { state, model ->
        RecoverByDeviceScreen(state, model::on, go)
    }
    screen(
        "recover-code?server={server}", listOf("server"),
        model = { RecoverByCodeModel(app, client, it.text("server")) },
    ) { state, model ->
        RecoverByCodeScreen(state, model::on, go)
    }
    screen(
        "recover-others?server={server}", listOf("server"),
        model = { RecoverByOthersModel(app, client, it.text("server")) },
    ) { state, model ->
        WhenShown { model.on(RecoverByOthersEvent.Look) }
        RecoverByOthersScreen(state, model::on, go)
    }
}
