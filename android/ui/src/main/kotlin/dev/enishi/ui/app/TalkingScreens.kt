package dev.enishi.ui.app

import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import dev.enishi.id.ConversationId
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.ui.groups.GroupModel
import dev.enishi.ui.groups.GroupScreen
import dev.enishi.ui.groups.GroupsModel
import dev.enishi.ui.groups.GroupsScreen
import dev.enishi.ui.groups.NewGroupEvent
import dev.enishi.ui.groups.NewGroupModel
import dev.enishi.ui.groups.NewGroupScreen
import dev.enishi.ui.invite.InviteModel
import dev.enishi.ui.invite.InviteScreen
import dev.enishi.ui.messages.ConversationModel
import dev.enishi.ui.messages.ConversationScreen
import dev.enishi.ui.people.MemberEvent
import dev.enishi.ui.people.MemberModel
import dev.enishi.ui.people.MemberScreen

/** People, their groups, and what they say to each other. */
internal fun NavGraphBuilder.talking(place: Place, go: (To) -> Unit) {
    composable("member/{member}") {
        val model = viewModel { MemberModel(place, MemberId(createSavedStateHandle().id("member"))) }
        val state by model.state.collectAsStateWithLifecycle()
        Next(state.next, go) { model.on(MemberEvent.Taken) }
        MemberScreen(state, model::on, go)
    }
    composable(To.Groups.route) {
        val model = viewModel { GroupsModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        GroupsScreen(state, go)
    }
    composable("group/{group}") {
        val model = viewModel { GroupModel(place, GroupId(createSavedStateHandle().id("group"))) }
        val state by model.state.collectAsStateWithLifecycle()
        GroupScreen(state, model::on, go)
    }
    composable(To.NewGroup.route) {
        val model = viewModel { NewGroupModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        // The way back from the group that was made does not lead to its form again.
        Next(state.next, { go(To.Back); go(it) }) { model.on(NewGroupEvent.Taken) }
        NewGroupScreen(state, model::on, go)
    }
    composable("conversation/{conversation}") {
        val model = viewModel { ConversationModel(place, ConversationId(createSavedStateHandle().id("conversation"))) }
        val state by model.state.collectAsStateWithLifecycle()
        ConversationScreen(state, model::on, go)
    }
    composable(To.Invite.route) {
        val model = viewModel { InviteModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        InviteScreen(state, model::on, go)
    }
}
