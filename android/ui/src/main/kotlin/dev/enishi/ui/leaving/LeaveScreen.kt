package dev.enishi.ui.leaving

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.Client
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.DangerButton
import dev.enishi.ui.parts.Points
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.theme.words

data class LeaveState(
    val community: String,
    /** What was written and not sent yet. */
    val waiting: Int = 0,
    val busy: Boolean = false,
    val problem: Problem? = null,
)

sealed interface LeaveEvent {
    data object Leave : LeaveEvent
}

/** Leaves the community that is shown. */
class LeaveModel(private val app: Enishi, private val client: Client, private val place: Place) :
    ScreenModel<LeaveState, LeaveEvent>(LeaveState(place.membership.name)) {
    init {
        attempt({ state, _ -> state }) {
            val status = place.community.status()
            change { it.copy(waiting = status.waiting) }
        }
    }

    override fun on(event: LeaveEvent) {
        if (state.value.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            client.leave(place.account, place.id)
            app.reload()
        }
    }
}

/** What happens on leaving, for oneself and for others, and the one button that does it. */
@Composable
fun LeaveScreen(state: LeaveState, on: (LeaveEvent) -> Unit, go: (To) -> Unit) {
    var sure by remember { mutableStateOf(false) }
    ColumnPage(words.leaveTitle(state.community), { go(To.Back) }) {
        Body(words.leaveLead)
        Section(words.leaveOthers)
        Points(listOf(words.leaveProfile, words.leavePosts, words.leaveMessages))
        Section(words.leaveYou)
        Points(listOf(words.leaveReading, words.leaveOther, words.leaveBack))
        if (state.waiting > 0) Body(words.leaveWaiting(state.waiting.toLong()))
        Aside(words.leaveQuieter)
        QuietButton(words.leaveQuieterDo, { go(To.NotificationSettings) })
        ProblemNote(state.problem)
        DangerButton(words.leaveDo(state.community), { sure = true }, Modifier.testTag("leave"), busy = state.busy)
    }
    if (!sure) return
    Confirm(words.leaveSure(state.community), words.leaveSureText, words.leaveSureDo, {
        sure = false
        on(LeaveEvent.Leave)
    }, { sure = false })
}
