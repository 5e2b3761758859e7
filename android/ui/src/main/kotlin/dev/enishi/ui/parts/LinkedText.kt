package dev.enishi.ui.parts

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.LinkAnnotation
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.TextLinkStyles
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.text.style.TextOverflow
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.theme.words
import java.net.IDN

private val Links = Regex("https://[^\\s\\u3000-\\u303f\\uff00-\\uffef]+")

/** A text whose links open outside, once their host has been shown. `onCut` hears whether lines are missing. */
@Composable
fun LinkedText(text: String, lines: Int = Int.MAX_VALUE, overflow: TextOverflow = TextOverflow.Clip, onCut: (Boolean) -> Unit = {}) {
    var asked by remember { mutableStateOf<String?>(null) }
    val look = TextLinkStyles(SpanStyle(color = MaterialTheme.colorScheme.primary, textDecoration = TextDecoration.Underline))
    val linked = remember(text, look) {
        AnnotatedString.Builder(text).apply {
            for (link in Links.findAll(text)) {
                addLink(LinkAnnotation.Clickable(link.value, look) { asked = link.value }, link.range.first, link.range.last + 1)
            }
        }.toAnnotatedString()
    }
    Text(linked, style = MaterialTheme.typography.bodyLarge, maxLines = lines, overflow = overflow, onTextLayout = { onCut(it.hasVisualOverflow) })
    val address = asked ?: return
    val platform = LocalPlatform.current
    Confirm(
        words.linkTitle, words.linkText(hostOf(address) ?: address), words.linkOpen, danger = false,
        onDo = {
            asked = null
            platform.openLink(address)
        },
        onDismiss = { asked = null },
    )
}

/**
 * The host that a link leads to, in the letters that are asked for, not those that it seems to be in. Read as browsers do:
 * a backslash ends it too, and what stands before an `@` is not it.
 */
fun hostOf(address: String): String? {
    val authority = address.substringAfter("://").takeWhile { it !in "/\\?#" }
    val host = authority.substringAfterLast('@').replace(Regex(":\\d*$"), "")
    return runCatching { IDN.toASCII(host) }.getOrNull()?.ifEmpty { null }
}
