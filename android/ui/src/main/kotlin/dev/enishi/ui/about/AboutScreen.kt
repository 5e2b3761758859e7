package dev.enishi.ui.about

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.Client
import dev.enishi.model.MemberView
import dev.enishi.protocol.Role
import dev.enishi.serverHost
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.watch

data class AboutState(
    val community: String,
    /** The server as a person is shown it. */
    val host: String = "",
    /** Those who run the community. */
    val runs: List<MemberView> = emptyList(),
    val problem: Problem? = null,
)

/** Who runs this, and on which server. */
class AboutModel(client: Client, place: Place) : ScreenModel<AboutState, Nothing>(AboutState(place.membership.name)) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val host = client.accounts().firstOrNull { it.key == place.account }?.let { serverHost(it.server) }.orEmpty()
            change { it.copy(host = host) }
            place.community.watch { welcome().runs }.collect { runs -> change { it.copy(runs = runs) } }
        }
    }

    override fun on(event: Nothing) = Unit
}

/** What this is, who runs it, where help is, and what the company can and cannot see. */
@Composable
fun AboutScreen(state: AboutState, go: (To) -> Unit) = ColumnPage(words.aboutTitle, { go(To.Back) }) {
    Card {
        Text(words.appName, style = MaterialTheme.typography.titleLarge)
        Aside(words.aboutVersion(LocalPlatform.current.version))
        Body(words.aboutWhat)
    }
    ProblemNote(state.problem)
    Section(words.aboutRuns(state.community))
    Rows {
        for (person in state.runs) {
            Line(person.name, Modifier.testTag("runs"), person.role.said(words), onPress = { go(To.Member(person.id)) }, start = { Avatar(person.id.value, person.name) })
        }
        Line(words.aboutServer, more = state.host, sign = Icons.Company)
    }
    Aside(words.aboutHelp)
    Section(words.aboutSees)
    Card(between = 12) { Points(listOf(words.aboutSeesProfile, words.aboutSeesPosts, words.aboutSeesRegistry)) }
    Section(words.aboutNot)
    Card(between = 12) { Points(listOf(words.aboutNotMessages, words.aboutNotGroups, words.aboutNotAddresses)) }
    Aside(words.aboutServerSees)
    Rows {
        Leads(words.aboutRules, { go(To.Rules) }, sign = Icons.Document)
        Leads(words.aboutLicences, { go(To.Licences) }, Modifier.testTag("licences"), Icons.Info)
    }
}

private fun Role.said(words: Words): String? = when (this) {
    Role.OWNER -> words.roleOwner
    Role.ADMIN -> words.roleAdmin
    Role.MODERATOR -> words.roleModerator
    Role.MEMBER -> null
}
