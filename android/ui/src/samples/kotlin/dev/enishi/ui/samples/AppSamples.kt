package dev.enishi.ui.samples

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.ui.Modifier
import dev.enishi.model.Salvage
import dev.enishi.ui.Problem
import dev.enishi.ui.app.AppState
import dev.enishi.ui.app.Locked
import dev.enishi.ui.app.NotOpened
import dev.enishi.ui.app.Tab
import dev.enishi.ui.app.TabRow
import dev.enishi.ui.app.Told
import dev.enishi.ui.feed.FeedScreen
import dev.enishi.ui.feed.FeedState
import java.io.File

private fun salvage(otherKey: Boolean, whole: Boolean, writes: Int) = Salvage(otherKey = otherKey, setAside = File("data/store.damaged-1"), whole = whole, writes = writes)

/** What stands around the screens. */
fun appSamples(): List<Sample> = listOf(
    sample("app", "full") {
        Column(Modifier.fillMaxSize()) {
            Column(Modifier.weight(1f)) { FeedScreen(FeedState("縁商事", window = window(Posts), status = Online, groups = listOf(Sales, Kyushu), authors = Everyone.associateBy { it.id }), {}, {}) }
            TabRow(Tab.HOME, mapOf(Tab.MESSAGES to 2L, Tab.NEWS to 5L)) {}
        }
    },
    sample("app", "locked") { Locked {} },
    sample("app", "in-use") { NotOpened(AppState(problem = Problem("in_use"))) {} },
    sample("app", "no-space") { NotOpened(AppState(problem = Problem("storage_full"))) {} },
    sample("app", "damaged") { Told(listOf(salvage(otherKey = false, whole = false, writes = 3))) {} },
    sample("app", "other-key") { Told(listOf(salvage(otherKey = true, whole = true, writes = 0))) {} },
)
