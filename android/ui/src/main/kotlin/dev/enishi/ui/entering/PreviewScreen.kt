package dev.enishi.ui.entering

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import dev.enishi.Client
import dev.enishi.model.InvitationLink
import dev.enishi.parseInvitation
import dev.enishi.parseServer
import dev.enishi.protocol.Affiliation
import dev.enishi.protocol.CommunityKind
import dev.enishi.protocol.Fact
import dev.enishi.protocol.InvitationPreview
import dev.enishi.protocol.InvitationState
import dev.enishi.protocol.Language
import dev.enishi.serverHost
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

data class PreviewState(
    /** The host that would be joined. */
    val host: String = "",
    /** The host that carried the link, where it is none that is known. */
    val strange: String? = null,
    val invitation: InvitationPreview? = null,
    val problem: Problem? = null,
    val next: To? = null,
)

sealed interface PreviewEvent {
    data object Again : PreviewEvent

    data object Join : PreviewEvent

    data object Taken : PreviewEvent
}

/** Shows an invitation. Looking at it changes and counts nothing. */
class PreviewModel(private val client: Client, private val text: String, private val named: String?, private val linkHost: String) :
    ScreenModel<PreviewState, PreviewEvent>(PreviewState()) {
    init {
        load()
    }

    override fun on(event: PreviewEvent) {
        when (event) {
            PreviewEvent.Again -> load()
            PreviewEvent.Join -> attempt({ state, problem -> state.copy(problem = problem) }) {
                val server = server(parseInvitation(text)) ?: return@attempt
                val known = client.accounts().any { it.server == server && it.signedIn }
                val next = if (known) To.Join(text, named) else To.SignIn(server.address, text)
                change { it.copy(next = next) }
            }
            PreviewEvent.Taken -> change { it.copy(next = null) }
        }
    }

    private fun load() {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val link = parseInvitation(text)
            val server = server(link) ?: return@attempt
            val carrier = link.linkHost?.let(::serverHost)
            change { it.copy(host = serverHost(server), strange = carrier?.takeIf { host -> host != linkHost }) }
            val shown = client.preview(link, named?.let(::parseServer))
            change { it.copy(invitation = shown) }
        }
    }

    private fun server(link: InvitationLink) = link.server ?: named?.let(::parseServer)
}

/** Who invites, to what, and what it promises to whom. Joining is a press. */
@Composable
fun PreviewScreen(state: PreviewState, on: (PreviewEvent) -> Unit, go: (To) -> Unit) {
    ColumnPage(words.previewTitle, { go(To.Back) }) {
        if (state.strange != null) Note(words.previewStrange(state.strange), Icons.Alert, needsYou = true)
        ProblemNote(state.problem, again = { on(PreviewEvent.Again) })
        val invitation = state.invitation
        if (invitation == null) {
            if (state.problem == null) Waiting()
            return@ColumnPage
        }
        Text(words.previewInvites("${invitation.invitedBy.family} ${invitation.invitedBy.given}", invitation.community), style = MaterialTheme.typography.headlineSmall)
        Aside(listOf(kindSaid(invitation), inviterSaid(invitation), words.previewHost(state.host)).joinToString(words.listDot))
        val over = when (invitation.state) {
            InvitationState.OPEN -> null
            InvitationState.USED -> words.previewUsed
            InvitationState.EXPIRED -> words.previewExpired
            InvitationState.REVOKED -> words.previewRevoked
        }
        if (over != null) {
            Note(over, Icons.Alert)
            OtherButton(words.firstJoined, { go(To.SignIn(null, null)) })
            return@ColumnPage
        }
        Card {
            Section(words.previewYou)
            Body(words.previewYouText)
            Section(words.previewThey)
            Body(if (invitation.kind == CommunityKind.COMPANY) words.previewTheyText else words.previewTheyTextCircle)
            Section(words.previewNever)
            Body(words.previewNeverText)
        }
        if (invitation.rules.isNotEmpty()) {
            Section(words.previewRules)
            for (rule in invitation.rules) Body("${rule.number}. ${if (words.language == Language.JA) rule.ja else rule.en}")
        }
        Aside(
            when (invitation.fact) {
                Fact.BIRTH_DATE -> words.previewFactBirth
                Fact.EMPLOYEE_NUMBER -> words.previewFactNumber
                null -> words.previewFactNone
            },
        )
        MainButton(words.previewJoin, { on(PreviewEvent.Join) })
        OtherButton(words.actionNotNow, { go(To.Back) })
    }
}

@Composable
private fun kindSaid(invitation: InvitationPreview): String = when (invitation.kind) {
    CommunityKind.COMPANY -> words.kindCompany
    CommunityKind.UNIVERSITY -> words.kindUniversity
    CommunityKind.CIRCLE -> words.kindCircle
}

@Composable
private fun inviterSaid(invitation: InvitationPreview): String =
    if (invitation.inviter == Affiliation.EMPLOYEE) words.previewByEmployee else words.previewByAlumnus
