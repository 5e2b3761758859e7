package dev.enishi.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.input.KeyboardType
import dev.enishi.ui.Problem
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** How many digits a code by mail has. */
const val CODE_DIGITS = 6

/** The digits of what was typed, those of a Japanese keyboard as well. */
fun codeDigits(typed: String): String = typed.mapNotNull { it.digitToIntOrNull() }.joinToString("").take(CODE_DIGITS)

/** A mail with a code that is on its way. */
data class SentCode(
    val address: String,
    /** The domain that it comes from, which a phone company's filter may have to let in. */
    val sender: String,
    val minutes: Long,
)

/** Where the code is typed, and what to do when no mail comes: never whether the address is known. */
@Composable
fun MailCode(
    sent: SentCode, code: String, enter: String, busy: Boolean, problem: Problem?,
    onCode: (String) -> Unit, onEnter: () -> Unit, onAgain: () -> Unit, onOther: () -> Unit,
) {
    Body(words.mailCodeSent(sent.address, sent.minutes))
    Field(
        code, onCode, words.mailCodeField, Modifier.testTag("mail-code"),
        keyboard = KeyboardType.NumberPassword, done = onEnter, learns = false,
    )
    ProblemNote(problem)
    MainButton(enter, onEnter, enabled = code.length == CODE_DIGITS, busy = busy)
    var asked by rememberSaveable { mutableStateOf(false) }
    if (!asked) return QuietButton(words.mailCodeNone, { asked = true })
    Note(words.mailCodeNoneText(sent.sender), Icons.Mail)
    QuietButton(words.mailCodeAgain, onAgain, enabled = !busy)
    QuietButton(words.mailCodeOther, onOther)
}
