package dev.enishi.ui.app

import androidx.navigation.NavGraphBuilder
import dev.enishi.toMicroseconds
import dev.enishi.ui.entering.WelcomeModel
import dev.enishi.ui.entering.WelcomeScreen
import dev.enishi.ui.feed.FeedModel
import dev.enishi.ui.feed.FeedScreen
import dev.enishi.ui.messages.MessagesModel
import dev.enishi.ui.messages.MessagesScreen
import dev.enishi.ui.notifications.NewsEvent
import dev.enishi.ui.notifications.NewsModel
import dev.enishi.ui.notifications.NewsScreen
import dev.enishi.ui.notifications.whereOf
import dev.enishi.ui.people.PeopleModel
import dev.enishi.ui.people.PeopleScreen
import java.time.Duration

/** The screens behind the tabs. */
internal fun NavGraphBuilder.tabs(app: Enishi, place: Place, go: (To) -> Unit) {
    screen(To.Welcome.route, model = { WelcomeModel(place, app.platform) }) { state, model -> WelcomeScreen(state, model::on, go) }
    screen(To.Home.route, model = { FeedModel(place, app.state.value.places.size > 1) }) { state, model ->
        FeedScreen(state, model::on, go)
    }
    screen(
        To.People.route,
        model = { PeopleModel(place, app.platform.now().minus(Lately).toMicroseconds()) },
    ) { state, model ->
        PeopleScreen(state, model::on, go)
    }
    screen(To.Messages.route, model = { MessagesModel(place) }) { state, _ -> MessagesScreen(state, go) }
    screen(To.News.route, model = { NewsModel(app.state.value.places) }) { state, model ->
        WhenShown { model.on(NewsEvent.Look(app.platform.mayNotify())) }
        NewsScreen(state, model::on, go) { news ->
            // What happened in another community is shown there.
            if (news.of == place.id) go(whereOf(news.notification)) else app.show(news.of, whereOf(news.notification))
        }
    }
}

/** Whoever joined within this time is new. */
private val Lately: Duration = Duration.ofDays(14)
