package dev.enishi.ui.app

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.navigation.NavHostController
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import dev.enishi.watchNotifications
import dev.enishi.watchUnreadMessages
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.map

/** The five places that one is never more than a press away from. */
enum class Tab(val to: To, val sign: ImageVector, val called: (Words) -> String) {
    HOME(To.Home, Icons.Home, Words::tabHome),
    PEOPLE(To.People, Icons.People, Words::tabPeople),
    MESSAGES(To.Messages, Icons.Message, Words::tabMessages),
    NEWS(To.News, Icons.Bell, Words::tabNotifications),
    ME(To.Me, Icons.Person, Words::tabMe),
}

/** The tabs with what waits in them. */
@Composable
internal fun TabBar(shown: Tab, place: Place, all: List<Place>, controller: NavHostController) {
    val messages by remember(place) { place.community.watchUnreadMessages().map { it.messages + it.requests } }.collectAsStateWithLifecycle(0L)
    val news by remember(all) { combine(all.map { it.community.watchNotifications(1) }) { each -> each.sumOf { it.unread.toLong() } } }
        .collectAsStateWithLifecycle(0L)
    TabRow(shown, mapOf(Tab.MESSAGES to messages, Tab.NEWS to news), controller::change)
}

@Composable
fun TabRow(shown: Tab, waiting: Map<Tab, Long>, onTab: (Tab) -> Unit) {
    val density = LocalDensity.current
    // Beside a sign that says the same, a label grows only as far as its place.
    CompositionLocalProvider(LocalDensity provides Density(density.density, density.fontScale.coerceAtMost(1.2f))) {
        Surface(color = MaterialTheme.colorScheme.surfaceContainerLowest) {
            Row(
                Modifier.fillMaxWidth().windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)).selectableGroup(),
            ) { for (tab in Tab.entries) TabPart(tab, tab == shown, waiting[tab] ?: 0, { onTab(tab) }, Modifier.weight(1f)) }
        }
    }
}

@Composable
private fun TabPart(tab: Tab, chosen: Boolean, waiting: Long, onChoose: () -> Unit, modifier: Modifier) {
    val colours = MaterialTheme.colorScheme
    val ink = if (chosen) colours.primary else colours.onSurfaceVariant
    val called = tab.called(words)
    val heard = if (waiting > 0) words.tabWaiting(called, waiting) else called
    Column(
        modifier.selectable(chosen, role = Role.Tab, onClick = onChoose).heightIn(min = 56.dp).padding(vertical = 8.dp)
            .semantics(mergeDescendants = true) { contentDescription = heard },
        Arrangement.spacedBy(2.dp), Alignment.CenterHorizontally,
    ) {
        Box {
            Icon(tab.sign, null, tint = ink)
            if (waiting > 0) Box(Modifier.align(Alignment.TopEnd).size(9.dp).background(colours.error, CircleShape))
        }
        Text(called, style = MaterialTheme.typography.labelSmall, color = ink, textAlign = TextAlign.Center, maxLines = 1)
    }
}
