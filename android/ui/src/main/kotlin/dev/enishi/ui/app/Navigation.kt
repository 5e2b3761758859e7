package dev.enishi.ui.app

import androidx.compose.animation.core.tween
import androidx.compose.animation.fadeIn
import androidx.compose.animation.fadeOut
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavHostController
import androidx.navigation.compose.NavHost
import androidx.navigation.compose.currentBackStackEntryAsState
import androidx.navigation.compose.rememberNavController
import dev.enishi.Client
import dev.enishi.protocol.MediaSize
import dev.enishi.protocol.Stream
import dev.enishi.ui.parts.Documents
import dev.enishi.ui.parts.LocalDocuments
import dev.enishi.ui.parts.LocalPictures
import dev.enishi.ui.parts.Pictures

/** Where screens lead, and which of them is shown. */
@Composable
internal fun Navigation(app: Enishi, client: Client, state: AppState) {
    val place = state.place
    val stores = viewModel { Stores() }
    // Another community is another set of screens: nothing of the one stays behind in the other.
    key(place?.id) {
        val models = remember(stores) { stores.only(place?.id) }
        val controller = rememberNavController()
        val go = remember(controller) { { to: To -> controller.go(to) } }
        val pictures = remember(place) { if (place == null) Pictures { _, _, _ -> null } else PictureCache(place.community, app.platform) }
        val documents = remember(place) {
            Documents { post, file -> place != null && app.platform.openPdf(place.community.file(post, file, MediaSize.FULL)) }
        }
        LaunchedEffect(state.link) {
            val link = state.link ?: return@LaunchedEffect
            app.linkTaken()
            go(To.Preview(link))
        }
        LaunchedEffect(state.next) {
            val next = state.next ?: return@LaunchedEffect
            app.nextTaken()
            go(next)
        }
        LaunchedEffect(state.given) {
            if (state.given != null && place != null) go(To.Compose(Stream.Community))
        }
        CompositionLocalProvider(LocalPictures provides pictures, LocalDocuments provides documents, LocalViewModelStoreOwner provides models) {
            Column(Modifier.fillMaxSize()) {
                val start = if (place == null) To.First else if (state.arrived == place.id) To.Welcome else To.Home
                val millis = if (app.platform.calm) 0 else 150
                NavHost(
                    controller, start.route, Modifier.weight(1f),
                    enterTransition = { fadeIn(tween(millis)) }, exitTransition = { fadeOut(tween(millis)) },
                ) {
                    entering(app, client, go)
                    recovering(app, client, go)
                    if (place != null) {
                        tabs(app, place, go)
                        reading(app, place, go)
                        talking(place, go)
                        own(app, client, place, go)
                    }
                }
                val entry by controller.currentBackStackEntryAsState()
                val tab = Tab.entries.firstOrNull { it.to.route == entry?.destination?.route }
                if (place != null && tab != null) TabBar(tab, place, state.places, controller)
            }
        }
    }
}

private fun NavHostController.go(to: To) {
    when (to) {
        is To.Back -> popBackStack()
        is To.Only -> navigate(to.route) { popUpTo(graph.id) { inclusive = true } }
        else -> navigate(to.route) { launchSingleTop = true }
    }
}

/** Another tab: what was open in the one that is left stays there. */
internal fun NavHostController.change(tab: Tab) = navigate(tab.to.route) {
    popUpTo(To.Home.route) { saveState = true }
    launchSingleTop = true
    restoreState = true
}
