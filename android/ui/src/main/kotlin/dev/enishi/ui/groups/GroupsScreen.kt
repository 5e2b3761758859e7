package dev.enishi.ui.groups

import androidx.compose.runtime.Composable
import dev.enishi.model.Belonging
import dev.enishi.model.GroupView
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watchGroups

data class GroupsState(val groups: List<GroupView>? = null)

sealed interface GroupsEvent

class GroupsModel(place: Place) : ScreenModel<GroupsState, GroupsEvent>(GroupsState()) {
    init {
        follow(place.community.watchGroups()) { state, groups -> state.copy(groups = groups) }
    }

    override fun on(event: GroupsEvent): Unit = Unit
}

/** The groups one is in, is invited to, and could join. */
@Composable
fun GroupsScreen(state: GroupsState, go: (To) -> Unit) {
    ColumnPage(words.groupsTitle, { go(To.Back) }, between = 4) {
        val groups = state.groups
        when {
            groups == null -> Waiting()
            groups.isEmpty() -> Empty(words.groupsNone, action = words.groupsNew) { go(To.NewGroup) }
            else -> {
                Part(words.groupsInvited, groups.filter { it.belonging == Belonging.INVITED }, go)
                Part(words.groupsOwn, groups.filter { it.belonging == Belonging.MEMBER }, go)
                Part(words.groupsOther, groups.filter { it.belonging == Belonging.OUTSIDE || it.belonging == Belonging.REQUESTED }, go)
                OtherButton(words.groupsNew, { go(To.NewGroup) }, sign = Icons.Plus)
            }
        }
    }
}

@Composable
private fun Part(title: String, groups: List<GroupView>, go: (To) -> Unit) {
    if (groups.isEmpty()) return
    Section(title)
    for (group in groups) Line(group.name, more = factsOf(group), sign = if (group.closedToStaff) Icons.Lock else Icons.People, onPress = { go(To.Group(group.id)) })
}

/** How many are in a group, and who can be. */
@Composable
internal fun factsOf(group: GroupView): String = listOfNotNull(
    group.members?.let { words.groupMembers(it) },
    if (group.closedToStaff) words.groupClosed else null,
    if (group.secret) words.groupSecret else null,
    if (group.belonging == Belonging.REQUESTED) words.groupRequested else null,
).joinToString(words.listDot)
