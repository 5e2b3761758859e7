package dev.enishi.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.Problem
import dev.enishi.ui.theme.AvatarColours
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import java.util.UUID

/** What comes below it, in a word or two. */
@Composable
fun Section(title: String, modifier: Modifier = Modifier) = Text(
    title,
    modifier.fillMaxWidth().padding(top = 8.dp).semantics { heading() },
    style = MaterialTheme.typography.titleSmall,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
)

/** A text to read. */
@Composable
fun Body(text: String, modifier: Modifier = Modifier) = Text(text, modifier, style = MaterialTheme.typography.bodyLarge)

/** A text beside what matters. */
@Composable
fun Aside(text: String, modifier: Modifier = Modifier, color: Color = MaterialTheme.colorScheme.onSurfaceVariant, lines: Int = Int.MAX_VALUE) =
    Text(text, modifier, style = MaterialTheme.typography.bodySmall, color = color, maxLines = lines, overflow = TextOverflow.Ellipsis)

/** Things that belong together, on a ground of their own. */
@Composable
fun Card(modifier: Modifier = Modifier, onPress: (() -> Unit)? = null, between: Int = 8, content: @Composable ColumnScope.() -> Unit) {
    val colour = MaterialTheme.colorScheme.surfaceContainerLowest
    Surface(modifier.fillMaxWidth(), MaterialTheme.shapes.medium, colour) {
        Column(
            Modifier.then(if (onPress != null) Modifier.clickable(onClick = onPress) else Modifier).fillMaxWidth().padding(16.dp),
            Arrangement.spacedBy(between.dp),
            content = content,
        )
    }
}

/** A calm word about what is shown: `needsYou` only where somebody has to do something. */
@Composable
fun Note(text: String, sign: ImageVector, modifier: Modifier = Modifier, needsYou: Boolean = false, action: String? = null, onAction: () -> Unit = {}) {
    val colours = MaterialTheme.colorScheme
    val (ground, ink) = if (needsYou) colours.errorContainer to colours.onErrorContainer else colours.surfaceContainerHigh to colours.onSurface
    Surface(modifier.fillMaxWidth(), MaterialTheme.shapes.medium, ground, ink) {
        Row(Modifier.padding(14.dp), Arrangement.spacedBy(12.dp)) {
            Icon(sign, null, Modifier.padding(top = 2.dp).size(20.dp))
            Column {
                Text(text, style = MaterialTheme.typography.bodyMedium)
                if (action != null) QuietButton(action, onAction)
            }
        }
    }
}

/** What did not work: what happened, what is safe, what to do; its code small at the end. */
@Composable
fun ProblemNote(problem: Problem?, modifier: Modifier = Modifier, again: (() -> Unit)? = null) {
    if (problem == null) return
    val colours = MaterialTheme.colorScheme
    Surface(
        modifier.fillMaxWidth().testTag("problem").semantics { liveRegion = LiveRegionMode.Polite },
        MaterialTheme.shapes.medium, colours.errorContainer, colours.onErrorContainer,
    ) {
        Row(Modifier.padding(14.dp), Arrangement.spacedBy(12.dp)) {
            Icon(Icons.Alert, null, Modifier.padding(top = 2.dp).size(20.dp))
            Column {
                Text(problem.said(words), style = MaterialTheme.typography.bodyMedium)
                Text(problem.code, style = MaterialTheme.typography.labelSmall)
                if (again != null) QuietButton(words.actionAgain, again)
            }
        }
    }
}

/** Nothing is there: one sentence, and one thing to do. */
@Composable
fun Empty(text: String, modifier: Modifier = Modifier, action: String? = null, onAction: () -> Unit = {}) {
    Column(modifier.fillMaxWidth().padding(horizontal = 24.dp, vertical = 48.dp), Arrangement.spacedBy(20.dp), Alignment.CenterHorizontally) {
        Text(text, style = MaterialTheme.typography.bodyLarge, textAlign = TextAlign.Center, color = MaterialTheme.colorScheme.onSurfaceVariant)
        if (action != null) OtherButton(action, onAction)
    }
}

/** Something is on its way; shown only where nothing can be read yet. */
@Composable
fun Waiting(modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth().padding(24.dp), Arrangement.spacedBy(16.dp)) {
        LinearProgressIndicator(Modifier.fillMaxWidth())
        Aside(words.waiting)
    }
}

/** A row of a list: what it is, a second line, and something at its end. */
@Composable
fun Line(
    title: String,
    modifier: Modifier = Modifier,
    more: String? = null,
    sign: ImageVector? = null,
    onPress: (() -> Unit)? = null,
    danger: Boolean = false,
    start: (@Composable () -> Unit)? = null,
    end: @Composable () -> Unit = {},
) {
    val ink = if (danger) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.onSurface
    Row(
        Modifier.then(if (onPress != null) Modifier.clickable(onClick = onPress) else Modifier).then(modifier)
            .fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 16.dp, vertical = 10.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        if (sign != null) Icon(sign, null, tint = if (danger) ink else MaterialTheme.colorScheme.onSurfaceVariant)
        start?.invoke()
        Column(Modifier.weight(1f)) {
            Text(title, style = MaterialTheme.typography.bodyLarge, color = ink)
            if (more != null) Aside(more)
        }
        end()
    }
}

/** The first letters of somebody's name on a colour of their own. */
@Composable
fun Avatar(of: UUID, name: String, size: Dp = 40.dp) {
    val colour = AvatarColours[Math.floorMod(of.hashCode(), AvatarColours.size)]
    val density = LocalDensity.current
    Box(Modifier.size(size).clip(CircleShape).background(colour), Alignment.Center) {
        // Letters in a circle of one size do not grow with the system's text.
        val letters = with(density) { (size * 0.42f).toSp() }
        Text(initials(name), color = Color.White, fontSize = letters, lineHeight = letters, maxLines = 1)
    }
}

/** The first line of a text, with a sign where it does not end there. */
fun beginOf(text: String, most: Int): String {
    val line = text.lineSequence().first()
    if (line.codePointCount(0, line.length) <= most) return if (line.length == text.length) line else "$line…"
    return line.substring(0, line.offsetByCodePoints(0, most)) + "…"
}

/** The family name's first letter, as people sign with. */
fun initials(name: String): String {
    val first = name.trim().firstOrNull() ?: return "・"
    return if (first.isLowSurrogate() || first.isHighSurrogate()) name.trim().take(2) else first.toString()
}

/** A field to write into. What is over `limit` is counted while typing; nothing is cut off. */
@Composable
fun Field(
    value: String,
    onChange: (String) -> Unit,
    label: String,
    modifier: Modifier = Modifier,
    more: String? = null,
    limit: Int? = null,
    lines: Int = 1,
    keyboard: KeyboardType = KeyboardType.Text,
    done: (() -> Unit)? = null,
    wrong: Boolean = false,
    learns: Boolean = true,
    enabled: Boolean = true,
) {
    val written = value.codePointCount(0, value.length)
    val over = limit != null && written > limit
    val hint = when {
        over -> words.fieldOver((written - (limit ?: 0)).toLong(), (limit ?: 0).toLong())
        limit != null && written * 10 > limit * 9 -> words.fieldLeft((limit - written).toLong())
        else -> more
    }
    val drawn = @Composable { Drawn(value, onChange, label, modifier, hint, over || wrong, lines, keyboard, done, learns, enabled) }
    if (learns) drawn() else LocalPlatform.current.PrivateTyping(drawn)
}

@Composable
private fun Drawn(
    value: String, onChange: (String) -> Unit, label: String, modifier: Modifier, hint: String?, wrong: Boolean,
    lines: Int, keyboard: KeyboardType, done: (() -> Unit)?, learns: Boolean, enabled: Boolean,
) {
    OutlinedTextField(
        value, onChange, modifier.fillMaxWidth(),
        enabled = enabled,
        label = { Text(label) },
        supportingText = hint?.let { { Text(it, style = MaterialTheme.typography.bodySmall) } },
        isError = wrong,
        singleLine = lines == 1,
        minLines = lines,
        // What is longer moves within its field: the count and the button below it stay in sight.
        maxLines = if (lines == 1) 1 else 12,
        textStyle = MaterialTheme.typography.bodyLarge,
        shape = MaterialTheme.shapes.small,
        keyboardOptions = KeyboardOptions(
            keyboardType = keyboard,
            autoCorrectEnabled = learns && keyboard == KeyboardType.Text,
            imeAction = if (lines > 1) ImeAction.Default else if (done != null) ImeAction.Done else ImeAction.Next,
        ),
        keyboardActions = if (done != null) KeyboardActions(onDone = { done() }) else KeyboardActions.Default,
    )
}
