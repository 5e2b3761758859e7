package dev.enishi.ui.entering

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.enishi.Community
import dev.enishi.model.FirstStep
import dev.enishi.model.WelcomeView
import dev.enishi.protocol.Stream
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Platform
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Avatar
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.called
import dev.enishi.ui.parts.past
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch

data class WelcomeState(val community: String, val welcome: WelcomeView? = null, val asked: Boolean = false, val problem: Problem? = null)

sealed interface WelcomeEvent {
    /** Asks the system for leave to show notifications. */
    data object Notify : WelcomeEvent

    data object Again : WelcomeEvent
}

/** The first screen after joining: it fills as the first page comes in. */
class WelcomeModel(place: Place, private val platform: Platform) : ScreenModel<WelcomeState, WelcomeEvent>(WelcomeState(place.membership.name)) {
    private val community: Community = place.community

    init {
        follow(community.watch { welcome() }) { state, welcome -> state.copy(welcome = welcome) }
        catchUp()
    }

    override fun on(event: WelcomeEvent) {
        when (event) {
            WelcomeEvent.Again -> catchUp()
            WelcomeEvent.Notify -> attempt({ state, _ -> state }) {
                platform.askToNotify()
                change { it.copy(asked = true) }
            }
        }
    }

    private fun catchUp() {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }) { community.inStep() }
    }
}

/** People whom one may know, one thing to do, and who runs this. */
@Composable
fun WelcomeScreen(state: WelcomeState, on: (WelcomeEvent) -> Unit, go: (To) -> Unit) {
    ColumnPage(words.welcomeTitle(state.community), null) {
        ProblemNote(state.problem, again = { on(WelcomeEvent.Again) })
        val welcome = state.welcome
        if (welcome == null) {
            if (state.problem == null) Waiting()
            return@ColumnPage
        }
        welcome.text?.let { Card { Body(it) } }
        if (welcome.people.isNotEmpty()) {
            Section(words.welcomePeople)
            for (known in welcome.people.take(6)) {
                val why = when {
                    known.sameDepartment && known.years > 0u -> words.welcomeBoth(known.years.toLong())
                    known.sameDepartment -> words.welcomeDepartment
                    known.years > 0u -> words.welcomeYears(known.years.toLong())
                    else -> known.member.past(words)
                }
                Line(known.member.name, more = why, onPress = { go(To.Member(known.member.id)) }, start = { Avatar(known.member.id.value, known.member.name) })
            }
        }
        welcome.toDo?.let { step ->
            Section(words.welcomeStep)
            Step(step, go)
        }
        if (welcome.runs.isNotEmpty()) {
            Section(words.welcomeRuns)
            for (member in welcome.runs) {
                Line(member.name, more = member.past(words), onPress = { go(To.Member(member.id)) }, start = { Avatar(member.id.value, member.name) })
            }
        }
        Notifying(state, on)
        Aside(words.welcomeReading, Modifier.padding(top = 8.dp))
        if (welcome.toDo == null) MainButton(words.welcomeOn, { go(To.Only(To.Home)) }) else OtherButton(words.welcomeOn, { go(To.Only(To.Home)) })
    }
}

/** Asked once, where it is plain what for. */
@Composable
private fun Notifying(state: WelcomeState, on: (WelcomeEvent) -> Unit) {
    if (state.asked || LocalPlatform.current.mayNotify()) return
    Note(words.welcomeNotify, Icons.Bell, action = words.welcomeNotifyDo, onAction = { on(WelcomeEvent.Notify) })
}

@Composable
private fun Step(step: FirstStep, go: (To) -> Unit) {
    val (text, action, to) = when (step) {
        is FirstStep.AnswerQuestion -> Triple(words.stepAnswer(step.authorName ?: words.postNobody, step.text), words.stepAnswerDo, To.Post(step.post))
        is FirstStep.FillField -> Triple(words.stepFill(step.v1.called(words)), words.stepFillDo, To.Profile)
        is FirstStep.ShowField -> Triple(words.stepShow(step.v1.called(words)), words.stepShowDo, To.Profile)
        is FirstStep.Introduce -> Triple(words.stepIntroduce, words.stepIntroduceDo, To.Compose(Stream.Community))
        is FirstStep.SayHello -> Triple(words.stepHello(step.name), words.stepHelloDo, To.Member(step.member))
    }
    Card {
        Text(text, style = MaterialTheme.typography.bodyLarge, maxLines = 8, overflow = TextOverflow.Ellipsis)
        MainButton(action, { go(to) })
    }
}
