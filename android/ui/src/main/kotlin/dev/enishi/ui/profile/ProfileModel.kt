package dev.enishi.ui.profile

import dev.enishi.protocol.ProfileField
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.watch

/** Where a field is kept while it is not saved. */
internal fun draftName(field: ProfileField) = "profile:$field"

/** One's own profile as it is with what waits to be sent. */
class ProfileModel(private val place: Place) :
    ScreenModel<ProfileState, ProfileEvent>(ProfileState(place.community.member())) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            place.community.watch { (findMember(member())?.name ?: "") to ownProfile() }.collect { (name, profile) ->
                change { it.copy(name = name, profile = profile) }
            }
        }
    }

    override fun on(event: ProfileEvent) {
        when (event) {
            ProfileEvent.Look -> attempt({ state, problem -> state.copy(problem = problem) }) {
                val begun = Fields.filter { place.community.draft(draftName(it)) != null }.toSet()
                change { it.copy(drafts = begun) }
            }
        }
    }
}
