package dev.enishi.ui.profile

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.protocol.Audience
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.ChoiceRow
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.called
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words

/** Characters in a profile field's value. */
private const val LIMIT = 1_000

/** One field: what it says, and whom it is for. */
@Composable
fun EditFieldScreen(state: EditFieldState, on: (EditFieldEvent) -> Unit, go: (To) -> Unit) {
    LaunchedEffect(state.saved) { if (state.saved) go(To.Back) }
    ColumnPage(state.field.called(words), { go(To.Back) }) {
        val first = state.first
        if (first == null) {
            if (state.problem == null) Waiting() else ProblemNote(state.problem)
            return@ColumnPage
        }
        var text by rememberSaveable { mutableStateOf(first.text) }
        var audience by rememberSaveable { mutableStateOf(first.audience) }
        val year = state.field == ProfileField.JOINED_YEAR || state.field == ProfileField.LEFT_YEAR
        val long = state.field == ProfileField.ABOUT || state.field == ProfileField.EXPERTISE || state.field == ProfileField.CONTACT
        Field(
            text,
            {
                text = it
                on(EditFieldEvent.Type(Typed(text, audience)))
            },
            state.field.called(words), Modifier.testTag("text"), state.field.hint(words), LIMIT.takeUnless { year },
            lines = if (long) 5 else 1, keyboard = if (year) KeyboardType.Number else KeyboardType.Text,
            learns = state.field != ProfileField.CONTACT, wrong = year && text.length > YEAR,
        )
        Section(words.profileForWhom)
        for (choice in Audience.entries) {
            ChoiceRow(
                choice.called(words), choice == audience,
                {
                    audience = choice
                    on(EditFieldEvent.Type(Typed(text, audience)))
                },
                choice.means(words),
            )
        }
        ProblemNote(state.problem)
        MainButton(
            words.actionSave, { on(EditFieldEvent.Save(Typed(text, audience))) }, Modifier.testTag("save"),
            enabled = text.codePointCount(0, text.length) <= if (year) YEAR else LIMIT,
        )
    }
}

/** Digits of a year. */
private const val YEAR = 4

private fun ProfileField.hint(words: Words): String = when (this) {
    ProfileField.DEPARTMENT -> words.profileHintDepartment
    ProfileField.TITLE -> words.profileHintTitle
    ProfileField.JOINED_YEAR, ProfileField.LEFT_YEAR -> words.profileHintYear
    ProfileField.FORMER_NAME -> words.profileHintFormerName
    ProfileField.EMPLOYER -> words.profileHintEmployer
    ProfileField.LOCATION -> words.profileHintLocation
    ProfileField.EXPERTISE -> words.profileHintExpertise
    ProfileField.ABOUT -> words.profileHintAbout
    ProfileField.CONTACT -> words.profileHintContact
}

private fun Audience.means(words: Words): String = when (this) {
    Audience.EVERYONE -> words.profileForEveryone
    Audience.GROUPS -> words.profileForGroups
    Audience.HR -> words.profileForHr
    Audience.NOBODY -> words.profileForNobody
}
