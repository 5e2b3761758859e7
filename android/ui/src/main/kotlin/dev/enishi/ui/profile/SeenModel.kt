package dev.enishi.ui.profile

import dev.enishi.model.Belonging
import dev.enishi.model.Viewer
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watch
import dev.enishi.watchGroups
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map

/** One's own profile with somebody else's eyes. */
@OptIn(ExperimentalCoroutinesApi::class)
class SeenModel(place: Place) : ScreenModel<SeenState, SeenEvent>(SeenState(place.community.member())) {
    private val community = place.community
    private val viewer = MutableStateFlow<Viewer>(Viewer.Everyone)

    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            viewer.flatMapLatest { looking -> community.watch { profileAs(looking) }.map { looking to it } }.collect { (looking, texts) ->
                change { if (it.viewer == looking) it.copy(texts = texts) else it }
            }
        }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            community.watch { (findMember(member())?.name ?: "") to ownProfile().fields.filterValues { it.value.isNotEmpty() }.keys }
                .collect { (name, filled) -> change { it.copy(name = name, filled = filled) } }
        }
        follow(community.watchGroups()) { state, groups ->
            state.copy(groups = groups.filter { it.belonging == Belonging.MEMBER }.map { it.id to it.name })
        }
    }

    override fun on(event: SeenEvent) {
        when (event) {
            is SeenEvent.Look -> {
                change { it.copy(viewer = event.viewer) }
                viewer.value = event.viewer
            }
        }
    }
}
