package dev.enishi.ui.profile

import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.model.OwnProfileView
import dev.enishi.protocol.ProfileTexts
import dev.enishi.model.Viewer
import dev.enishi.protocol.Audience
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.Problem

/** In this order people tell of themselves: where one was, where one is, how to reach one. */
val Fields: List<ProfileField> = listOf(
    ProfileField.DEPARTMENT, ProfileField.TITLE, ProfileField.JOINED_YEAR, ProfileField.LEFT_YEAR, ProfileField.FORMER_NAME,
    ProfileField.EMPLOYER, ProfileField.LOCATION, ProfileField.EXPERTISE, ProfileField.ABOUT, ProfileField.CONTACT,
)

data class ProfileState(
    val member: MemberId,
    val name: String = "",
    /** Null until the phone's own store has been read. */
    val profile: OwnProfileView? = null,
    /** Fields with something typed that was not saved. */
    val drafts: Set<ProfileField> = emptySet(),
    val problem: Problem? = null,
)

/** A field with what is typed into it and whom it is for. */
data class Typed(val text: String, val audience: Audience) {
    /** As it is kept while it is not saved: for whom on the first line, then the text. */
    fun kept(): String = "$audience\n$text"

    companion object {
        /** What [kept] made; null for nothing. */
        fun of(kept: String): Typed? {
            val audience = Audience.entries.firstOrNull { it.name == kept.substringBefore('\n') } ?: return null
            return Typed(kept.substringAfter('\n'), audience)
        }
    }
}

data class EditFieldState(
    val field: ProfileField,
    /** What one begins with; null until the phone's own store has been read. */
    val first: Typed? = null,
    val saved: Boolean = false,
    val problem: Problem? = null,
)

sealed interface EditFieldEvent {
    /** Something was typed or chosen: it is kept, should one go back without saving. */
    data class Type(val typed: Typed) : EditFieldEvent

    data class Save(val typed: Typed) : EditFieldEvent
}

data class SeenState(
    val member: MemberId,
    val name: String = "",
    /** The groups that one is in. */
    val groups: List<Pair<GroupId, String>> = emptyList(),
    val viewer: Viewer = Viewer.Everyone,
    /** What they see; null until the phone's own store has been read. */
    val texts: ProfileTexts? = null,
    /** Fields that are filled in. */
    val filled: Set<ProfileField> = emptySet(),
    val problem: Problem? = null,
)

sealed interface SeenEvent {
    data class Look(val viewer: Viewer) : SeenEvent
}

sealed interface ProfileEvent {
    /** The screen is there again: something may have been left unfinished. */
    data object Look : ProfileEvent
}
