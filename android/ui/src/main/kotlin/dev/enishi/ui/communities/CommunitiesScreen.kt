package dev.enishi.ui.communities

import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import dev.enishi.id.AccountKey
import dev.enishi.id.CommunityId
import dev.enishi.protocol.Membership
import dev.enishi.protocol.Standing
import dev.enishi.ui.Problem
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words

/** One account of this device, with the communities that it is in. */
data class AccountPart(
    val key: AccountKey,
    /** The server as a person is shown it. */
    val host: String,
    /** The server's address, for signing in again. */
    val server: String,
    val address: String,
    val signedIn: Boolean,
    val memberships: List<Membership>,
)

data class CommunitiesState(
    val shown: CommunityId?,
    /** Null until the phone's own store has been read. */
    val accounts: List<AccountPart>? = null,
    val problem: Problem? = null,
)

sealed interface CommunitiesEvent {
    data object Look : CommunitiesEvent

    data class SignOut(val account: AccountKey) : CommunitiesEvent
}

/** Every community of every account on this device: which is shown, how one stands in each, and a way to one more. */
@Composable
fun CommunitiesScreen(state: CommunitiesState, on: (CommunitiesEvent) -> Unit, go: (To) -> Unit, onShow: (CommunityId) -> Unit) {
    var leaving by remember { mutableStateOf<AccountPart?>(null) }
    ColumnPage(words.communitiesTitle, { go(To.Back) }) {
        Body(words.communitiesLead)
        ProblemNote(state.problem)
        val accounts = state.accounts ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
        for (account in accounts) {
            Section(account.host)
            Rows {
                for (membership in account.memberships) CommunityLine(membership, membership.community == state.shown) { onShow(membership.community) }
                if (account.memberships.isEmpty()) Line(words.communitiesNone)
            }
            Aside(words.communitiesAddress(account.address))
            if (account.signedIn) QuietButton(words.communitiesSignOut, { leaving = account })
            else Note(words.communitiesSignedOut, Icons.Alert, needsYou = true, action = words.meSignIn, onAction = { go(To.SignIn(account.server, null)) })
        }
        MainButton(words.communitiesAdd, { go(To.First) }, Modifier.testTag("add"))
    }
    val account = leaving ?: return
    Confirm(
        words.communitiesSignOutTitle, words.communitiesSignOutText, words.communitiesSignOut, danger = false,
        onDo = {
            leaving = null
            on(CommunitiesEvent.SignOut(account.key))
        },
        onDismiss = { leaving = null },
    )
}

@Composable
private fun CommunityLine(membership: Membership, shown: Boolean, onShow: () -> Unit) {
    val open = membership.standing == Standing.ACTIVE || membership.standing == Standing.SUSPENDED
    Line(
        membership.name, Modifier.semantics { selected = shown }.testTag("community"),
        if (shown) words.communitiesShown else membership.standing.said(words), Icons.Company, onShow.takeIf { open },
    ) {
        if (shown) Icon(Icons.Check, null, tint = MaterialTheme.colorScheme.primary)
    }
}

private fun Standing.said(words: Words): String? = when (this) {
    Standing.ACTIVE -> null
    Standing.WAITING -> words.communitiesWaiting
    Standing.SUSPENDED -> words.communitiesSuspended
    Standing.ENDED -> words.communitiesEnded
}
