package dev.enishi.ui.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** Oneself: who one is here, what needs one, and the ways to everything about oneself. */
@Composable
fun MeScreen(state: MeState, on: (MeEvent) -> Unit, go: (To) -> Unit) = ColumnPage(words.tabMe, null) {
    for (notice in state.notices) NoticeCard(notice, on, go)
    if (!state.signedIn) {
        Note(words.meSignedOut, Icons.Alert, needsYou = true, action = words.meSignIn, onAction = { go(To.SignIn(state.server, null)) })
    }
    if (state.attention > 0) {
        Note(words.feedAttention(state.attention.toLong()), Icons.Alert, needsYou = true, action = words.feedAttentionLook, onAction = { go(To.Attention) })
    }
    ProblemNote(state.problem)
    Own(state, go)
    if (state.oneWayIn && state.signedIn) {
        Note(words.meOneWay, Icons.Key, action = words.meOneWayLook, onAction = { go(To.WaysIn) })
    }
    Rows {
        Leads(words.meProfile, { go(To.Profile) }, Modifier.testTag("profile"), Icons.Person)
        Leads(words.meSeen, { go(To.Seen) }, sign = Icons.Eye)
        Leads(words.bookmarksTitle, { go(To.Bookmarks) }, sign = Icons.Bookmark)
        Leads(words.meInvite, { go(To.Invite) }, sign = Icons.Mail)
        Leads(words.meVouching, { go(To.Vouching) }, sign = Icons.Check)
    }
    Rows {
        Leads(words.meCommunities, { go(To.Communities) }, sign = Icons.Company)
        Leads(words.meRules, { go(To.Rules) }, sign = Icons.Document)
    }
    Rows {
        Leads(words.meSettings, { go(To.Settings) }, Modifier.testTag("settings"), Icons.Settings)
        Leads(words.meAbout, { go(To.About) }, sign = Icons.Info)
    }
}

@Composable
private fun Own(state: MeState, go: (To) -> Unit) {
    val own = state.own ?: return Waiting()
    Card(onPress = { go(To.Profile) }) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
            Avatar(own.id.value, own.name, 56.dp)
            Column(Modifier.weight(1f)) {
                Text(own.name, style = MaterialTheme.typography.titleMedium)
                val past = own.past(words)
                if (past.isNotEmpty()) Aside(past)
                Aside(state.community)
            }
            Icon(Icons.Right, null, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}
