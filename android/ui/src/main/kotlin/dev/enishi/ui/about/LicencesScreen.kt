package dev.enishi.ui.about

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.BuiltIn
import dev.enishi.builtIn
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Page
import dev.enishi.ui.parts.QuietButton
import dev.enishi.ui.parts.hostOf
import dev.enishi.ui.theme.words
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** What others made and this app is built with; empty until it is read. */
class LicencesModel : ScreenModel<List<BuiltIn>, Nothing>(emptyList()) {
    init {
        attempt({ state, _ -> state }) {
            val all = withContext(Dispatchers.IO) { builtIn() }
            change { all }
        }
    }

    override fun on(event: Nothing) = Unit
}

/** What others made, under which licence, with its text and where it is found. */
@Composable
fun LicencesScreen(all: List<BuiltIn>, go: (To) -> Unit) {
    var opened by rememberSaveable { mutableStateOf<String?>(null) }
    val one = all.firstOrNull { it.name == opened }
    if (one != null) return LicenceScreen(one) { opened = null }
    Page(words.aboutLicences, { go(To.Back) }) { padding ->
        Box(Modifier.fillMaxSize().padding(padding), Alignment.TopCenter) {
            LazyColumn(Modifier.widthIn(max = 640.dp).testTag("licences"), contentPadding = PaddingValues(vertical = 12.dp)) {
                item { Body(words.licencesLead, Modifier.padding(16.dp, 0.dp, 16.dp, 8.dp)) }
                items(all, key = { it.name }) { part ->
                    Leads(part.name, { opened = part.name }, Modifier.testTag("licence"), more = part.licence)
                }
            }
        }
    }
}

/** One licence: its text, as whoever gave it wrote it. */
@Composable
fun LicenceScreen(part: BuiltIn, onBack: () -> Unit) {
    val platform = LocalPlatform.current
    var asked by remember { mutableStateOf(false) }
    ColumnPage(part.name, onBack, step = true) {
        Body(part.licence)
        QuietButton(words.licencesOpen, { asked = true })
        Aside(part.text)
    }
    if (!asked) return
    Confirm(words.linkTitle, words.linkText(hostOf(part.address) ?: part.address), words.linkOpen, {
        asked = false
        platform.openLink(part.address)
    }, { asked = false }, danger = false)
}
