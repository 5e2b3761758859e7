package dev.enishi.ui.profile

import dev.enishi.protocol.ProfileField
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Drafts
import dev.enishi.ui.app.Place
import dev.enishi.watch

internal fun draftName(place: Place, field: ProfileField) = "profile/${place.id}/$field"

/** One's own profile as it is with what waits to be sent. */
class ProfileModel(private val place: Place, private val drafts: Drafts) :
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
            ProfileEvent.Look -> change { state -> state.copy(drafts = Fields.filter { drafts.get<Typed>(draftName(place, it)) != null }.toSet()) }
        }
    }
}
