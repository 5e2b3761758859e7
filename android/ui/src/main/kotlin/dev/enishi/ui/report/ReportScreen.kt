package dev.enishi.ui.report

import androidx.compose.material3.Checkbox
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import androidx.lifecycle.SavedStateHandle
import dev.enishi.id.ConversationId
import dev.enishi.id.MessageId
import dev.enishi.model.AroundMessage
import dev.enishi.model.MessageView
import dev.enishi.protocol.CommunityRule
import dev.enishi.protocol.Language
import dev.enishi.protocol.Stream
import dev.enishi.protocol.Subject
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ChoiceRow
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Field
import dev.enishi.ui.parts.MainButton
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.words

/** The most messages that are handed over with the one that is reported. */
private const val AROUND = 5

data class ReportState(
    val subject: Subject,
    val rules: List<CommunityRule>? = null,
    val rule: kotlin.Long? = null,
    val word: String = "",
    /** Whether it is in a group, whose keepers would decide; then it can go to those who run the community instead. */
    val inGroup: Boolean = false,
    val toStaff: Boolean = false,
    /** Messages beside the one that is reported, of which some can be handed over. */
    val around: List<MessageView> = emptyList(),
    val chosen: Set<MessageId> = emptySet(),
    val busy: Boolean = false,
    val problem: Problem? = null,
    val done: Boolean = false,
)

sealed interface ReportEvent {
    data class Rule(val number: kotlin.Long) : ReportEvent

    data class Word(val text: String) : ReportEvent

    data class ToStaff(val on: Boolean) : ReportEvent

    data class Choose(val message: MessageId) : ReportEvent

    data object Send : ReportEvent
}

/** Tells those on duty of something that breaks a rule. Whose it is never learns who told. */
class ReportModel(place: Place, private val subject: Subject, private val conversation: ConversationId?, saved: SavedStateHandle) :
    ScreenModel<ReportState, ReportEvent>(ReportState(subject)) {
    private val community = place.community

    init {
        keepTyped(saved, { listOf(it.word) }) { state, (word) -> state.copy(word = word) }
        attempt({ state, problem -> state.copy(problem = problem) }) {
            val rules = community.rules().rules
            val post = (subject as? Subject.Post)?.let { community.post(it.v1, 1u)?.post }
            val window = conversation?.let { community.messages(it, AroundMessage.Newest, 60u) }
            val reported = (subject as? Subject.Message)?.v1
            val at = window?.messages.orEmpty().indexOfFirst { it.id == reported }
            val around = if (at < 0) emptyList() else window!!.messages.subList((at - AROUND).coerceAtLeast(0), (at + AROUND + 1).coerceAtMost(window.messages.size)).filter { it.id != reported }
            change { it.copy(rules = rules, inGroup = post?.stream is Stream.Group, around = around) }
        }
    }

    override fun on(event: ReportEvent) {
        when (event) {
            is ReportEvent.Rule -> change { it.copy(rule = event.number, problem = null) }
            is ReportEvent.Word -> change { it.copy(word = event.text) }
            is ReportEvent.ToStaff -> change { it.copy(toStaff = event.on) }
            is ReportEvent.Choose -> change {
                val chosen = if (event.message in it.chosen) it.chosen - event.message else it.chosen + event.message
                if (chosen.size <= AROUND) it.copy(chosen = chosen) else it
            }
            ReportEvent.Send -> send()
        }
    }

    private fun send() {
        val report = state.value
        val rule = report.rule ?: return
        if (report.busy) return
        change { it.copy(busy = true, problem = null) }
        attempt({ state, problem -> state.copy(busy = false, problem = problem) }) {
            when (subject) {
                is Subject.Message -> community.reportMessage(subject.v1, report.chosen.toList(), rule, report.word.trim())
                else -> community.report(subject, rule, report.word.trim(), report.toStaff)
            }
            change { it.copy(busy = false, done = true) }
        }
    }
}

@Composable
fun ReportScreen(state: ReportState, on: (ReportEvent) -> Unit, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.reportTitle, { go(To.Back) }, between = 8) {
        if (state.done) {
            Note(words.reportDone, Icons.Check)
            MainButton(words.actionClose, { go(To.Back) })
            return@ColumnPage
        }
        Body(if (state.subject is Subject.Message) words.reportTextMessage else words.reportText)
        val rules = state.rules
        if (rules == null) {
            if (state.problem == null) Waiting()
        } else {
            Section(words.reportRule)
            for (rule in rules) ChoiceRow(ruleSaid(rule), state.rule == rule.number, { on(ReportEvent.Rule(rule.number)) })
        }
        if (state.around.isNotEmpty()) {
            Section(words.reportAround)
            for (message in state.around) {
                Row(
                    Modifier.fillMaxWidth().heightIn(min = 48.dp).toggleable(message.id in state.chosen, role = Role.Checkbox) { on(ReportEvent.Choose(message.id)) },
                    verticalAlignment = Alignment.CenterVertically,
                ) {
                    Checkbox(message.id in state.chosen, null, Modifier.padding(end = 12.dp))
                    Aside("${message.authorName ?: words.postNobody}  ${message.text}", lines = 3)
                }
            }
        }
        Field(state.word, { on(ReportEvent.Word(it)) }, words.reportWord, limit = 1_000, lines = 3, learns = false)
        if (state.inGroup) {
            ChoiceRow(words.reportToKeepers, !state.toStaff, { on(ReportEvent.ToStaff(false)) })
            ChoiceRow(words.reportToStaff, state.toStaff, { on(ReportEvent.ToStaff(true)) })
        }
        ProblemNote(state.problem)
        MainButton(words.reportSend, { on(ReportEvent.Send) }, enabled = state.rule != null, busy = state.busy)
    }
}

/** A rule in the language that is shown; in the other where it has none. */
@Composable
internal fun ruleSaid(rule: CommunityRule): String {
    val (first, second) = if (words.language == Language.JA) rule.ja to rule.en else rule.en to rule.ja
    return "${rule.number}. ${first.ifBlank { second }}"
}
