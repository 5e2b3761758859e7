package dev.enishi.ui.report

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import dev.enishi.at
import dev.enishi.model.HiddenView
import dev.enishi.model.OwnReportView
import dev.enishi.protocol.AppealState
import dev.enishi.protocol.CommunityRule
import dev.enishi.protocol.ReportState as Decided
import dev.enishi.protocol.Subject
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Empty
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.saidTime
import dev.enishi.ui.theme.words
import dev.enishi.watch

data class RulesState(
    val rules: List<CommunityRule>? = null,
    /** What of this member's own was hidden. */
    val hidden: List<HiddenView> = emptyList(),
    val reports: List<OwnReportView> = emptyList(),
    val problem: Problem? = null,
)

sealed interface RulesEvent {
    data class Appeal(val subject: Subject, val word: String) : RulesEvent
}

/** The rules here, what they did to one's own, and what one told of. */
class RulesModel(place: Place) : ScreenModel<RulesState, RulesEvent>(RulesState()) {
    private val community = place.community

    init {
        follow(community.watch { Triple(rules().rules, ownHidden(), ownReports()) }) { state, (rules, hidden, reports) -> state.copy(rules = rules, hidden = hidden, reports = reports) }
    }

    override fun on(event: RulesEvent) {
        when (event) {
            is RulesEvent.Appeal -> attempt({ state, problem -> state.copy(problem = problem) }) { community.appeal(event.subject, event.word.trim(), false) }
        }
    }
}

@Composable
fun RulesScreen(state: RulesState, on: (RulesEvent) -> Unit, go: (To) -> Unit) {
    ColumnPage(words.rulesTitle, { go(To.Back) }) {
        ProblemNote(state.problem)
        val rules = state.rules
        when {
            rules == null -> Waiting()
            rules.isEmpty() -> Empty(words.rulesNone)
            else -> for (rule in rules) Body(ruleSaid(rule))
        }
        if (state.hidden.isNotEmpty()) Section(words.rulesHidden)
        for (hidden in state.hidden) HiddenCard(hidden, on)
        if (state.reports.isNotEmpty()) Section(words.rulesReports)
        for (report in state.reports) {
            Card {
                Body(ruleSaid(report.report.rule))
                val stands = when (report.report.state) {
                    Decided.OPEN -> words.rulesReportOpen
                    Decided.ACTED_ON -> words.rulesReportActed
                    Decided.NOTHING_DONE -> words.rulesReportNothing
                }
                Aside(listOf(saidTime(report.report.at), stands).joinToString(words.listDot))
            }
        }
    }
}

@Composable
private fun HiddenCard(hidden: HiddenView, on: (RulesEvent) -> Unit) {
    val text = hidden.text
    var word by rememberSaveable(text.subject.toString()) { mutableStateOf<String?>(null) }
    Card {
        Body(words.quoted(text.text))
        Aside(words.postHidden(ruleSaid(text.hidden.rule), "${text.hidden.byName.family} ${text.hidden.byName.given}", saidTime(text.hidden.at)))
        val appeal = text.appeal
        val writing = word
        when {
            text.restoredUs != null -> Aside(words.rulesRestored)
            appeal != null -> Aside(
                when (appeal.state) {
                    AppealState.OPEN -> words.rulesAppealOpen
                    AppealState.RESTORED -> words.rulesRestored
                    AppealState.UPHELD -> words.rulesUpheld
                },
            )
            writing == null -> QuietButton(words.rulesAppeal, { word = "" })
            else -> {
                Field(writing, { word = it }, words.rulesAppealWord, limit = 1_000, lines = 3, learns = false)
                OtherButton(words.rulesAppealSend, {
                    on(RulesEvent.Appeal(text.subject, writing))
                    word = null
                })
            }
        }
    }
}
