package dev.enishi.ui.app
import androidx.navigation.NavGraphBuilder
import dev.enishi.Client
internal fun NavGraphBuilder.reading(app: Enishi, place: Place, go: (To) -> Unit) {}
internal fun NavGraphBuilder.talking(app: Enishi, place: Place, go: (To) -> Unit) {}
internal fun NavGraphBuilder.own(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {}
