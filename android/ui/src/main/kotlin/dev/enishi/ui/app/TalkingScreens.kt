package dev.enishi.ui.app

import androidx.navigation.NavGraphBuilder
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
    screen("member/{member}", model = { MemberModel(place, MemberId(it.id("member"))) }) { state, model ->
        Next(state.next, go) { model.on(MemberEvent.Taken) }
        MemberScreen(state, model::on, go)
    }
    screen(To.Groups.route, model = { GroupsModel(place) }) { state, _ -> GroupsScreen(state, go) }
    screen("group/{group}", model = { GroupModel(place, GroupId(it.id("group")), it) }) { state, model ->
        GroupScreen(state, model::on, go)
    }
    screen(To.NewGroup.route, model = { NewGroupModel(place, it) }) { state, model ->
        // The way back from the group that was made does not lead to its form again.
        Next(state.next, { go(To.Back); go(it) }) { model.on(NewGroupEvent.Taken) }
        NewGroupScreen(state, model::on, go)
    }
    screen(
        "conversation/{conversation}",
        model = { ConversationModel(place, ConversationId(it.id("conversation"))) },
    ) { state, model ->
        ConversationScreen(state, model::on, go)
    }
    screen(To.Invite.route, model = { InviteModel(place, it) }) { state, model -> InviteScreen(state, model::on, go) }
}
