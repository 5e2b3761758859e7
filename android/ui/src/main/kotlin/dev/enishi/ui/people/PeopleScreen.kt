package dev.enishi.ui.people

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import androidx.lifecycle.viewModelScope
import dev.enishi.model.MemberView
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

data class PeopleState(
    val query: String = "",
    /** Null until the phone's own store has been read. */
    val people: List<MemberView>? = null,
    val newcomers: List<MemberView> = emptyList(),
    /** Whether there are more than are shown. */
    val more: Boolean = false,
)

sealed interface PeopleEvent {
    data class Query(val text: String) : PeopleEvent

    data object More : PeopleEvent
}

/** Everyone here, as far as they show themselves; found by any word of their profile, former names included. */
@OptIn(ExperimentalCoroutinesApi::class)
class PeopleModel(place: Place, newcomersSinceUs: Long) : ScreenModel<PeopleState, PeopleEvent>(PeopleState()) {
    private val community = place.community
    private val limit = kotlinx.coroutines.flow.MutableStateFlow(PAGE)

    init {
        viewModelScope.launch {
            kotlinx.coroutines.flow.combine(state.map { it.query.trim() }.distinctUntilChanged(), limit) { query, most -> query to most }
                .flatMapLatest { (query, most) -> community.watch { directory(query, most) }.map { it to most } }
                .collect { (people, most) -> change { it.copy(people = people, more = people.size >= most.toInt()) } }
        }
        follow(community.watch { newcomers(newcomersSinceUs, 5u) }) { state, newcomers -> state.copy(newcomers = newcomers) }
    }

    override fun on(event: PeopleEvent) {
        when (event) {
            is PeopleEvent.Query -> {
                limit.value = PAGE
                change { it.copy(query = event.text) }
            }
            PeopleEvent.More -> limit.value = limit.value + PAGE
        }
    }

    private companion object {
        const val PAGE = 200u
    }
}

/** The directory, with groups and an invitation one press away. */
@Composable
fun PeopleScreen(state: PeopleState, on: (PeopleEvent) -> Unit, go: (To) -> Unit) {
    Page(words.tabPeople, null) { padding ->
        Column(Modifier.fillMaxSize().padding(padding), horizontalAlignment = Alignment.CenterHorizontally) {
            Field(state.query, { on(PeopleEvent.Query(it)) }, words.peopleField, Modifier.padding(horizontal = 16.dp).widthIn(max = 640.dp).testTag("people-query"), more = words.peopleHint, limit = 200, done = {})
            LazyColumn(Modifier.fillMaxSize().widthIn(max = 640.dp).testTag("people"), contentPadding = PaddingValues(bottom = 24.dp)) {
                if (state.query.isBlank()) {
                    item("groups") { Line(words.peopleGroups, sign = Icons.People, onPress = { go(To.Groups) }) }
                    item("invite") { Line(words.peopleInvite, sign = Icons.Plus, more = words.peopleInviteText, onPress = { go(To.Invite) }) }
                    if (state.newcomers.isNotEmpty()) item("new") { Section(words.peopleNew, Modifier.padding(horizontal = 16.dp)) }
                    items(state.newcomers, key = { "n${it.id}" }) { member -> Person(member, go) }
                    item("all") { Section(words.peopleAll, Modifier.padding(horizontal = 16.dp)) }
                }
                val people = state.people
                when {
                    people == null -> item("wait") { Waiting() }
                    people.isEmpty() -> item("none") { Empty(if (state.query.isBlank()) words.peopleNobody else words.searchNothing, action = words.peopleInvite) { go(To.Invite) } }
                    else -> items(people, key = { "${it.id}" }) { member -> Person(member, go) }
                }
                if (state.more) item("more") { dev.enishi.ui.parts.QuietButton(words.peopleMore, { on(PeopleEvent.More) }) }
            }
        }
    }
}

@Composable
internal fun Person(member: MemberView, go: (To) -> Unit) {
    val marks = listOfNotNull(member.past(words).ifEmpty { null }, if (member.supporter) words.supporter else null)
    Line(
        member.name, Modifier.testTag("person"), more = marks.joinToString(words.listDot).ifEmpty { null },
        onPress = { go(To.Member(member.id)) }, start = { Avatar(member.id.value, member.name) },
    )
}
