package dev.enishi.ui.app

import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.ui.entering.WelcomeModel
import dev.enishi.ui.entering.WelcomeScreen
import dev.enishi.ui.feed.FeedModel
import dev.enishi.ui.feed.FeedScreen

/** The screens behind the tabs. */
internal fun NavGraphBuilder.tabs(app: Enishi, place: Place, go: (To) -> Unit) {
    composable(To.Home.route) {
        val model = viewModel { FeedModel(place, app.state.value.places.size > 1) }
        val state by model.state.collectAsStateWithLifecycle()
        FeedScreen(state, model::on, go)
    }
    composable(To.Welcome.route) {
        val model = viewModel { WelcomeModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        WelcomeScreen(state, model::on, go)
    }
}
