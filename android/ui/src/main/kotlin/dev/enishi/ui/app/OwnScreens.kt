package dev.enishi.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.Client
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.about.AboutModel
import dev.enishi.ui.about.AboutScreen
import dev.enishi.ui.about.LicencesScreen
import dev.enishi.ui.communities.CommunitiesEvent
import dev.enishi.ui.communities.CommunitiesModel
import dev.enishi.ui.communities.CommunitiesScreen
import dev.enishi.ui.consents.ConsentsModel
import dev.enishi.ui.consents.ConsentsScreen
import dev.enishi.ui.devices.ApproveModel
import dev.enishi.ui.devices.ApproveScreen
import dev.enishi.ui.devices.DevicesEvent
import dev.enishi.ui.devices.DevicesModel
import dev.enishi.ui.devices.DevicesScreen
import dev.enishi.ui.leaving.DeleteAccountModel
import dev.enishi.ui.leaving.DeleteAccountScreen
import dev.enishi.ui.leaving.LeaveModel
import dev.enishi.ui.leaving.LeaveScreen
import dev.enishi.ui.me.MeEvent
import dev.enishi.ui.me.MeModel
import dev.enishi.ui.me.MeScreen
import dev.enishi.ui.profile.EditFieldModel
import dev.enishi.ui.profile.EditFieldScreen
import dev.enishi.ui.profile.ProfileEvent
import dev.enishi.ui.profile.ProfileModel
import dev.enishi.ui.profile.ProfileScreen
import dev.enishi.ui.profile.SeenModel
import dev.enishi.ui.profile.SeenScreen
import dev.enishi.ui.settings.NotificationSettingsEvent
import dev.enishi.ui.settings.NotificationSettingsModel
import dev.enishi.ui.settings.NotificationSettingsScreen
import dev.enishi.ui.settings.SettingsModel
import dev.enishi.ui.settings.SettingsScreen
import dev.enishi.ui.unseen.UnseenModel
import dev.enishi.ui.unseen.UnseenScreen
import dev.enishi.ui.waysin.AddAddressModel
import dev.enishi.ui.waysin.AddAddressScreen
import dev.enishi.ui.waysin.RecoveryCodeModel
import dev.enishi.ui.waysin.RecoveryCodeScreen
import dev.enishi.ui.waysin.WaysInEvent
import dev.enishi.ui.waysin.WaysInModel
import dev.enishi.ui.waysin.WaysInScreen

/** The screens about oneself. */
internal fun NavGraphBuilder.own(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    composable(To.Me.route) {
        val model = viewModel { MeModel(client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(MeEvent.Look) }
        MeScreen(state, model::on, go)
    }
    profile(app, place, go)
    settings(app, client, place, go)
    access(app, client, place, go)
    choices(app, client, place, go)
}

private fun NavGraphBuilder.profile(app: Enishi, place: Place, go: (To) -> Unit) {
    composable(To.Profile.route) {
        val model = viewModel { ProfileModel(place, app.drafts) }
        val state by model.state.collectAsStateWithLifecycle()
        LaunchedEffect(Unit) { model.on(ProfileEvent.Look) }
        ProfileScreen(state, go)
    }
    composable("profile-field/{field}", listOf(text("field"))) {
        val model = viewModel {
            val named = createSavedStateHandle().text("field")
            EditFieldModel(place, ProfileField.entries.firstOrNull { it.name == named } ?: ProfileField.ABOUT, app.drafts)
        }
        val state by model.state.collectAsStateWithLifecycle()
        EditFieldScreen(state, model::on, go)
    }
    composable(To.Seen.route) {
        val model = viewModel { SeenModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        SeenScreen(state, model::on, go)
    }
}

private fun NavGraphBuilder.settings(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    composable(To.Communities.route) {
        val model = viewModel { CommunitiesModel(app, client) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(CommunitiesEvent.Look) }
        CommunitiesScreen(state, model::on, go) { if (it == place.id) go(To.Back) else app.show(it) }
    }
    composable(To.Settings.route) {
        val model = viewModel { SettingsModel(app) }
        val state by model.state.collectAsStateWithLifecycle()
        SettingsScreen(state, model::on, go)
    }
    composable(To.NotificationSettings.route) {
        val model = viewModel { NotificationSettingsModel(app, place) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(NotificationSettingsEvent.Look) }
        NotificationSettingsScreen(state, model::on, go)
    }
}

/** Who gets in as this member, and how. */
private fun NavGraphBuilder.access(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    composable(To.Devices.route) {
        val model = viewModel { DevicesModel(client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(DevicesEvent.Look) }
        DevicesScreen(state, model::on, go)
    }
    composable(To.Approve.route) {
        val model = viewModel { ApproveModel(client, place, app.platform) }
        val state by model.state.collectAsStateWithLifecycle()
        ApproveScreen(state, model::on, go)
    }
    composable(To.WaysIn.route) {
        val model = viewModel { WaysInModel(client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        WhenShown { model.on(WaysInEvent.Look) }
        WaysInScreen(state, model::on, go)
    }
    composable(To.AddAddress.route) {
        val model = viewModel { AddAddressModel(client, place, createSavedStateHandle()) }
        val state by model.state.collectAsStateWithLifecycle()
        AddAddressScreen(state, model::on, go)
    }
    composable(To.RecoveryCode.route) {
        val model = viewModel { RecoveryCodeModel(client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        RecoveryCodeScreen(state, model::on, go)
    }
}

/** What one allows, whom one sees, and the ways out. */
private fun NavGraphBuilder.choices(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    composable(To.Unseen.route) {
        val model = viewModel { UnseenModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        UnseenScreen(state, model::on, go)
    }
    composable(To.Consents.route) {
        val model = viewModel { ConsentsModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        ConsentsScreen(state, model::on, go)
    }
    composable(To.Leave.route) {
        val model = viewModel { LeaveModel(app, client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        LeaveScreen(state, model::on, go)
    }
    composable(To.DeleteAccount.route) {
        val model = viewModel { DeleteAccountModel(app, client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        DeleteAccountScreen(state, model::on, go)
    }
    composable(To.About.route) {
        val model = viewModel { AboutModel(client, place) }
        val state by model.state.collectAsStateWithLifecycle()
        AboutScreen(state, go)
    }
    composable(To.Licences.route) { LicencesScreen(go) }
}

/** Each time that a screen comes to the front, also from the system's own pages. */
@Composable
internal fun WhenShown(look: () -> Unit) = LifecycleResumeEffect(Unit) {
    look()
    onPauseOrDispose {}
}
