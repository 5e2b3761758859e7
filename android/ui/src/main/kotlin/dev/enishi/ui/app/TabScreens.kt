package dev.enishi.ui.app

import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.toMicroseconds
import dev.enishi.ui.entering.WelcomeModel
import dev.enishi.ui.entering.WelcomeScreen
import dev.enishi.ui.feed.FeedModel
import dev.enishi.ui.feed.FeedScreen
import dev.enishi.ui.messages.MessagesModel
import dev.enishi.ui.messages.MessagesScreen
import dev.enishi.ui.notifications.NewsModel
import dev.enishi.ui.notifications.NewsScreen
import dev.enishi.ui.notifications.whereOf
import dev.enishi.ui.people.PeopleModel
import dev.enishi.ui.people.PeopleScreen
import java.time.Duration

/** The screens behind the tabs. */
internal fun NavGraphBuilder.tabs(app: Enishi, place: Place, go: (To) -> Unit) {
    composable(To.Welcome.route) {
        val model = viewModel { WelcomeModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        WelcomeScreen(state, model::on, go)
    }
    composable(To.Home.route) {
        val model = viewModel { FeedModel(place, app.state.value.places.size > 1) }
        val state by model.state.collectAsStateWithLifecycle()
        FeedScreen(state, model::on, go)
    }
    composable(To.People.route) {
        val model = viewModel { PeopleModel(place, app.platform.now().minus(Lately).toMicroseconds()) }
        val state by model.state.collectAsStateWithLifecycle()
        PeopleScreen(state, model::on, go)
    }
    composable(To.Messages.route) {
        val model = viewModel { MessagesModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        MessagesScreen(state, go)
    }
    composable(To.News.route) {
        val model = viewModel { NewsModel(app.state.value.places, app.platform.mayNotify()) }
        val state by model.state.collectAsStateWithLifecycle()
        NewsScreen(state, model::on, go) { news ->
            // What happened in another community is shown there.
            if (news.of == place.id) go(whereOf(news.notification)) else app.show(news.of, whereOf(news.notification))
        }
    }
}

/** Whoever joined within this time is new. */
private val Lately: Duration = Duration.ofDays(14)
