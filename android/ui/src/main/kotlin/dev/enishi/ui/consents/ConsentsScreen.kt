package dev.enishi.ui.consents

import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.given
import dev.enishi.model.ConsentView
import dev.enishi.model.Delivery
import dev.enishi.model.ReceiptView
import dev.enishi.protocol.Language
import dev.enishi.protocol.Purpose
import dev.enishi.ui.Problem
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Place
import dev.enishi.ui.app.To
import dev.enishi.ui.feed.DeliveryMark
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.Card
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Note
import dev.enishi.ui.parts.OtherButton
import dev.enishi.ui.parts.ProblemNote
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.Waiting
import dev.enishi.ui.parts.saidDate
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.watch
import dev.enishi.withdrawn
import kotlinx.coroutines.Job

data class ConsentsState(
    /** Null until the phone's own store has been read. */
    val consents: List<ConsentView>? = null,
    val problem: Problem? = null,
)

sealed interface ConsentsEvent {
    /** The language that they are read in, which a receipt tells. */
    data class Read(val language: Language) : ConsentsEvent

    data class Give(val purpose: Purpose) : ConsentsEvent

    data class Withdraw(val purpose: Purpose) : ConsentsEvent
}

/** What one allows the company to do, purpose by purpose. */
class ConsentsModel(private val place: Place) : ScreenModel<ConsentsState, ConsentsEvent>(ConsentsState()) {
    private var language = Language.JA
    private var reading: Job? = null

    override fun on(event: ConsentsEvent) {
        when (event) {
            is ConsentsEvent.Read -> {
                reading?.cancel()
                language = event.language
                reading = doing { place.community.watch { consents(event.language) }.collect { consents -> change { it.copy(consents = consents) } } }
            }
            is ConsentsEvent.Give -> doing { place.community.giveConsent(event.purpose, language) }
            is ConsentsEvent.Withdraw -> doing { place.community.withdrawConsent(event.purpose) }
        }
    }

    private fun doing(what: suspend () -> Unit): Job {
        change { it.copy(problem = null) }
        return attempt({ state, problem -> state.copy(problem = problem) }, what)
    }
}

/** Each consent with its words, what was agreed to when, and a way to change one's mind. */
@Composable
fun ConsentsScreen(state: ConsentsState, on: (ConsentsEvent) -> Unit, go: (To) -> Unit) {
    val language = words.language
    LaunchedEffect(language) { on(ConsentsEvent.Read(language)) }
    ColumnPage(words.consentsTitle, { go(To.Back) }) {
        Body(words.consentsLead)
        ProblemNote(state.problem)
        val consents = state.consents ?: return@ColumnPage if (state.problem == null) Waiting() else Unit
        for (consent in consents) Consent(consent, on, go)
    }
}

@Composable
private fun Consent(consent: ConsentView, on: (ConsentsEvent) -> Unit, go: (To) -> Unit) = Card(Modifier.testTag("consent"), between = 10) {
    Text(consent.title, style = MaterialTheme.typography.titleMedium)
    Body(consent.text)
    if (consent.outdated) Note(words.consentsOutdated, Icons.Info)
    Text(
        if (consent.given) words.consentsGiven else words.consentsNot,
        style = MaterialTheme.typography.labelLarge,
        color = if (consent.given) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.onSurfaceVariant,
    )
    if (consent.delivery != Delivery.Sent) DeliveryMark(consent.delivery) { go(To.Attention) }
    // Neither is easier than the other: both look the same.
    if (consent.given) OtherButton(words.consentsWithdraw, { on(ConsentsEvent.Withdraw(consent.purpose)) }, Modifier.testTag("withdraw"))
    else OtherButton(words.consentsGive, { on(ConsentsEvent.Give(consent.purpose)) }, Modifier.testTag("give"))
    if (consent.receipts.isNotEmpty()) Receipts(consent.receipts)
}

@Composable
private fun Receipts(receipts: List<ReceiptView>) {
    var open by rememberSaveable { mutableStateOf(false) }
    QuietButton(if (open) words.consentsHide else words.consentsReceipts(receipts.size.toLong()), { open = !open })
    if (!open) return
    for (view in receipts) {
        val receipt = view.receipt
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        val withdrawn = receipt.withdrawn
        Body(if (withdrawn == null) words.consentsSince(saidDate(receipt.given)) else words.consentsBetween(saidDate(receipt.given), saidDate(withdrawn)))
        Aside(view.text ?: words.consentsOlder(receipt.version.toString()))
    }
}
