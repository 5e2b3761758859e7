package dev.enishi.ui.app
import androidx.navigation.NavGraphBuilder
import dev.enishi.Client
internal fun NavGraphBuilder.own(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {}
