package dev.enishi.ui.leaving

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.Client
import dev.enishi.EnishiException
import dev.enishi.protocol.Standing
import dev.enishi.protocol.Written
import dev.enishi.serverHost
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ChoiceRow
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.DangerButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.words

data class DeleteAccountState(
    /** The server as a person is shown it. */
    val host: String = "",
    val address: String = "",
    /** The communities that are left with it; null until they are known. */
    val communities: List<String>? = null,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface DeleteAccountEvent {
    data class Delete(val written: Written) : DeleteAccountEvent
}

/** Ends the account that is shown, on its server and here. */
class DeleteAccountModel(private val app: Enishi, private val client: Client, private val place: Place) :
    ScreenModel<DeleteAccountState, DeleteAccountEvent>(DeleteAccountState()) {
    init {
        attempt({ state, problem -> state.copy(problem = problem) }) {
            show()
            try {
                client.refresh(place.account)
                show()
            } catch (_: EnishiException.Offline) {
                // What the server told last stays.
            }
        }
    }

    override fun on(event: DeleteAccountEvent) {
        if (event !is DeleteAccountEvent.Delete || state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            client.deleteAccount(place.account, event.written)
            app.reload()
        }
    }

    private suspend fun show() {
        val account = client.accounts().firstOrNull { it.key == place.account } ?: return
        val communities = account.memberships.filter { it.standing != Standing.ENDED }.map { it.name }.sorted()
        change { it.copy(host = serverHost(account.server), address = account.address, communities = communities) }
    }
}

/** What ends with the account, what stays, and the one button that does it. */
@Composable
fun DeleteAccountScreen(state: DeleteAccountState, on: (DeleteAccountEvent) -> Unit, go: (To) -> Unit) {
    var sure by remember { mutableStateOf(false) }
    var written by remember { mutableStateOf(Written.KEEP) }
    ColumnPage(words.deleteTitle, { go(To.Back) }) {
        val communities = state.communities
        if (communities == null) {
            if (state.problem == null) Waiting() else ProblemNote(state.problem)
            return@ColumnPage
        }
        Body(words.deleteLead)
        Card {
            Aside(words.deleteWhich)
            Body(state.address)
            Aside(state.host)
            Aside(words.deleteCommunities)
            for (name in communities) Body(name)
        }
        Section(words.deleteNext)
        Points(listOf(words.deleteOut, words.deleteAddresses, words.deleteProfile, words.deleteForGood))
        Section(words.deleteWritten)
        for (choice in Written.entries) {
            when (choice) {
                Written.KEEP -> ChoiceRow(words.deleteKeep, choice == written, { written = choice }, words.deleteKeepText)
            }
        }
        Aside(words.deleteFirst)
        ProblemNote(state.problem)
        DangerButton(words.deleteDo, { sure = true }, Modifier.testTag("delete"), busy = state.busy)
    }
    if (!sure) return
    Confirm(words.deleteSure, words.deleteSureText, words.deleteDo, {
        sure = false
        on(DeleteAccountEvent.Delete(written))
    }, { sure = false })
}
