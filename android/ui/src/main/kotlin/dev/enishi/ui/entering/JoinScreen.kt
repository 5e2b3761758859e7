package dev.enishi.ui.entering

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import androidx.lifecycle.SavedStateHandle
import dev.enishi.Client
import dev.enishi.EnishiException
import dev.enishi.id.AccountKey
import dev.enishi.model.JoiningForm
import dev.enishi.parseInvitation
import dev.enishi.parseServer
import dev.enishi.protocol.CommunityKind
import dev.enishi.protocol.Fact
import dev.enishi.protocol.InvitationPreview
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class JoinState(
    val invitation: InvitationPreview? = null,
    val family: String = "",
    val given: String = "",
    val fact: String = "",
    val note: String = "",
    val department: String = "",
    val from: String = "",
    val to: String = "",
    val tellInviter: Boolean = false,
    val tellCompany: Boolean = false,
    val busy: Boolean = false,
    val problem: Problem? = null,
    /** Somebody decides; nothing more is to be done here. */
    val waiting: Boolean = false,
) {
    val whole: Boolean get() = invitation != null && listOf(family, given).all { it.isNotBlank() && it.codePointCount(0, it.length) <= NAME_CHARS }
}

/** The most characters of a family name, and of a given name. */
private const val NAME_CHARS = 60

sealed interface JoinEvent {
    data class Change(val how: (JoinState) -> JoinState) : JoinEvent

    data object Join : JoinEvent
}

/** Joins a community with a name, and with the fact that the invitation does not say. */
class JoinModel(private val app: Enishi, private val client: Client, private val text: String, private val named: String?, saved: SavedStateHandle) :
    ScreenModel<JoinState, JoinEvent>(JoinState()) {
    init {
        keepTyped(saved, ::typed, ::again)
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val link = parseInvitation(text)
            val account = account() ?: return@attempt
            // What was typed before the app was ended, or the network was gone, is there again.
            client.unfinishedJoinings(account).firstOrNull { it.code == link.code }?.let { begun ->
                change { if (it.family.isEmpty() && it.given.isEmpty()) filled(it, begun.joining) else it }
            }
            val shown = client.preview(link, named?.let(::parseServer))
            change { it.copy(invitation = shown) }
        }
    }

    override fun on(event: JoinEvent) {
        when (event) {
            is JoinEvent.Change -> change { event.how(it).copy(problem = null) }
            JoinEvent.Join -> join()
        }
    }

    private fun join() {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            val account = account() ?: throw EnishiException.SignedOut()
            val joined = client.join(account, parseInvitation(text).code, form(state.value))
            change { it.copy(busy = false, waiting = joined.waiting) }
            if (joined.waiting) app.reload() else app.arrived(joined.community)
        }
    }

    private suspend fun account(): AccountKey? {
        val server = parseInvitation(text).server ?: named?.let(::parseServer)
        return client.accounts().firstOrNull { it.server == server && it.signedIn }?.key
    }

    private companion object {
        fun typed(state: JoinState) = listOf(
            state.family, state.given, state.fact, state.note, state.department, state.from, state.to,
            "${state.tellInviter}", "${state.tellCompany}",
        )

        fun again(state: JoinState, kept: List<String>) = state.copy(
            family = kept[0], given = kept[1], fact = kept[2], note = kept[3], department = kept[4], from = kept[5], to = kept[6],
            tellInviter = kept[7].toBoolean(), tellCompany = kept[8].toBoolean(),
        )

        fun filled(state: JoinState, begun: JoiningForm) = state.copy(
            family = begun.name.family, given = begun.name.given, fact = begun.fact.orEmpty(), note = begun.note,
            department = begun.fields[ProfileField.DEPARTMENT].orEmpty(), from = begun.fields[ProfileField.JOINED_YEAR].orEmpty(),
            to = begun.fields[ProfileField.LEFT_YEAR].orEmpty(), tellInviter = begun.toInviter, tellCompany = begun.toCompany,
        )

        fun form(state: JoinState) = JoiningForm(
            PersonName(state.family.trim(), state.given.trim()),
            // As it was typed: the server reads dates in every form that people write.
            state.fact.trim().ifEmpty { null },
            state.note.trim(),
            buildMap {
                put(ProfileField.DEPARTMENT, state.department.trim())
                put(ProfileField.JOINED_YEAR, state.from.trim())
                put(ProfileField.LEFT_YEAR, state.to.trim())
            }.filterValues { it.isNotEmpty() },
            toInviter = state.tellInviter, toCompany = state.tellCompany,
        )
    }
}

/** A name, one fact, and what others are told. */
@Composable
fun JoinScreen(state: JoinState, on: (JoinEvent) -> Unit, go: (To) -> Unit, onDone: () -> Unit = {}) {
    fun set(how: JoinState.(String) -> JoinState): (String) -> Unit = { text -> on(JoinEvent.Change { it.how(text) }) }
    SecureWindow()
    ColumnPage(words.joinTitle, { go(To.Back) }) {
        if (state.waiting) {
            Note(words.joinWaiting, Icons.Clock)
            MainButton(words.actionClose, { onDone() })
            return@ColumnPage
        }
        Body(words.joinText)
        Field(state.family, set { copy(family = it) }, words.joinFamily, Modifier.testTag("family"), limit = NAME_CHARS)
        Field(state.given, set { copy(given = it) }, words.joinGiven, Modifier.testTag("given"), limit = NAME_CHARS)
        when (state.invitation?.fact) {
            Fact.BIRTH_DATE -> Field(state.fact, set { copy(fact = it) }, words.joinBirth, Modifier.testTag("fact"), more = words.joinBirthHint, learns = false)
            Fact.EMPLOYEE_NUMBER -> Field(state.fact, set { copy(fact = it) }, words.joinNumber, Modifier.testTag("fact"), more = words.joinNumberHint, keyboard = KeyboardType.Ascii, learns = false)
            null -> {}
        }
        if (state.invitation != null && state.invitation.fact == null) {
            Field(state.note, set { copy(note = it) }, words.joinNote, Modifier.testTag("note"), more = words.joinNoteHint, limit = 1_000, lines = 3)
        }
        Section(words.joinMore)
        Aside(words.joinMoreText)
        Field(state.department, set { copy(department = it) }, words.fieldDepartment, limit = 1_000)
        Field(state.from, set { copy(from = it) }, words.fieldJoinedYear, keyboard = KeyboardType.Number)
        Field(state.to, set { copy(to = it) }, words.fieldLeftYear, keyboard = KeyboardType.Number, done = { on(JoinEvent.Join) })
        state.invitation?.let { invitation ->
            SwitchRow(words.joinTellInviter(invitation.invitedBy.family), state.tellInviter, { value -> on(JoinEvent.Change { it.copy(tellInviter = value) }) })
            if (invitation.kind == CommunityKind.COMPANY) SwitchRow(words.joinTellCompany, state.tellCompany, { value -> on(JoinEvent.Change { it.copy(tellCompany = value) }) }, more = words.joinTellCompanyText)
        }
        ProblemNote(state.problem)
        MainButton(words.joinJoin, { on(JoinEvent.Join) }, enabled = state.whole, busy = state.busy)
    }
}
