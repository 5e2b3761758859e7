package dev.enishi.ui.profile

import androidx.lifecycle.viewModelScope
import dev.enishi.protocol.Audience
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.Draft
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place

/** One field of one's profile, as it is being written. */
class EditFieldModel(private val place: Place, private val field: ProfileField) :
    ScreenModel<EditFieldState, EditFieldEvent>(EditFieldState(field)) {
    private val draft = Draft(place.community, draftName(field), viewModelScope)
    private var held: Typed? = null

    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val own = place.community.ownProfile().fields[field]
            val here = Typed(own?.value.orEmpty(), own?.audience ?: usual(field))
            held = here
            val begun = Typed.of(draft.read())
            change { it.copy(first = begun ?: here) }
        }
    }

    override fun on(event: EditFieldEvent) {
        when (event) {
            is EditFieldEvent.Type -> draft.write(if (event.typed == held) "" else event.typed.kept())
            is EditFieldEvent.Save -> {
                change { it.copy(problem = null) }
                attempt({ state, problem -> state.copy(problem = problem) }) {
                    place.community.setProfile(field, event.typed.text.trim().ifEmpty { null }, event.typed.audience)
                    draft.forget()
                    change { it.copy(saved = true) }
                }
            }
        }
    }

    private companion object {
        /** Where one was is what people find each other by; how to reach one is for those one knows. */
        fun usual(field: ProfileField) = if (field == ProfileField.CONTACT) Audience.GROUPS else Audience.EVERYONE
    }
}
