package dev.enishi.ui.app

import androidx.compose.runtime.LaunchedEffect
import androidx.navigation.NavGraphBuilder
import dev.enishi.Client
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.about.AboutModel
import dev.enishi.ui.about.AboutScreen
import dev.enishi.ui.about.LicencesModel
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
import dev.enishi.ui.vouching.VouchingModel
import dev.enishi.ui.vouching.VouchingScreen
import dev.enishi.ui.waysin.AddAddressModel
import dev.enishi.ui.waysin.AddAddressScreen
import dev.enishi.ui.waysin.RecoveryCodeModel
import dev.enishi.ui.waysin.RecoveryCodeScreen
import dev.enishi.ui.waysin.WaysInEvent
import dev.enishi.ui.waysin.WaysInModel
import dev.enishi.ui.waysin.WaysInScreen

/** The screens about oneself. */
internal fun NavGraphBuilder.own(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    screen(To.Me.route, model = { MeModel(client, place) }) { state, model ->
        WhenShown { model.on(MeEvent.Look) }
        MeScreen(state, model::on, go)
    }
    profile(place, go)
    settings(app, client, place, go)
    access(app, client, place, go)
    choices(app, client, place, go)
}

private fun NavGraphBuilder.profile(place: Place, go: (To) -> Unit) {
    screen(To.Profile.route, model = { ProfileModel(place) }) { state, model ->
        LaunchedEffect(Unit) { model.on(ProfileEvent.Look) }
        ProfileScreen(state, go)
    }
    screen("profile-field/{field}", listOf("field"), model = { saved ->
        val named = saved.text("field")
        EditFieldModel(place, ProfileField.entries.firstOrNull { it.name == named } ?: ProfileField.ABOUT)
    }) { state, model ->
        EditFieldScreen(state, model::on, go)
    }
    screen(To.Seen.route, model = { SeenModel(place) }) { state, model -> SeenScreen(state, model::on, go) }
}

private fun NavGraphBuilder.settings(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    screen(To.Communities.route, model = { CommunitiesModel(app, client) }) { state, model ->
        WhenShown { model.on(CommunitiesEvent.Look) }
        CommunitiesScreen(state, model::on, go) { if (it == place.id) go(To.Back) else app.show(it) }
    }
    screen(To.Settings.route, model = { SettingsModel(app) }) { state, model -> SettingsScreen(state, model::on, go) }
    screen(To.NotificationSettings.route, model = { NotificationSettingsModel(app, place) }) { state, model ->
        WhenShown { model.on(NotificationSettingsEvent.Look) }
        NotificationSettingsScreen(state, model::on, go)
    }
}

/** Who gets in as this member, and how; and whom this member helps to get in. */
private fun NavGraphBuilder.access(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    screen(To.Devices.route, model = { DevicesModel(client, place) }) { state, model ->
        WhenShown { model.on(DevicesEvent.Look) }
        DevicesScreen(state, model::on, go)
    }
    screen(To.Approve.route, model = { ApproveModel(client, place, app.platform) }) { state, model ->
        ApproveScreen(state, model::on, go)
    }
    screen(To.WaysIn.route, model = { WaysInModel(client, place) }) { state, model ->
        WhenShown { model.on(WaysInEvent.Look) }
        WaysInScreen(state, model::on, go)
    }
    screen(To.AddAddress.route, model = { AddAddressModel(client, place, it) }) { state, model ->
        AddAddressScreen(state, model::on, go)
    }
    screen(To.RecoveryCode.route, model = { RecoveryCodeModel(client, place) }) { state, model ->
        RecoveryCodeScreen(state, model::on, go)
    }
    screen(To.Vouching.route, model = { VouchingModel(place, it) }) { state, model -> VouchingScreen(state, model::on, go) }
}

/** What one allows, whom one sees, and the ways out. */
private fun NavGraphBuilder.choices(app: Enishi, client: Client, place: Place, go: (To) -> Unit) {
    screen(To.Unseen.route, model = { UnseenModel(place) }) { state, model -> UnseenScreen(state, model::on, go) }
    screen(To.Consents.route, model = { ConsentsModel(place) }) { state, model -> ConsentsScreen(state, model::on, go) }
    screen(To.Leave.route, model = { LeaveModel(app, client, place) }) { state, model ->
        LeaveScreen(state, model::on, go)
    }
    screen(To.DeleteAccount.route, model = { DeleteAccountModel(app, client, place) }) { state, model ->
        DeleteAccountScreen(state, model::on, go)
    }
    screen(To.About.route, model = { AboutModel(client, place) }) { state, _ -> AboutScreen(state, go) }
    screen(To.Licences.route, model = { LicencesModel() }) { state, _ -> LicencesScreen(state, go) }
}

