package dev.enishi.ui.settings

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import dev.enishi.protocol.Language
import dev.enishi.ui.app.Brightness
import dev.enishi.ui.app.Looks
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Choose
import dev.enishi.ui.parts.Chooses
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.Section
import dev.enishi.ui.parts.SwitchRow
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words

data class SettingsState(
    val looks: Looks = Looks(),
    /** Whether the device has a lock that the app can ask for. */
    val canLock: Boolean = false,
    val community: String = "",
)

sealed interface SettingsEvent {
    data class Speak(val language: Language?) : SettingsEvent

    data class Write(val textSize: Float) : SettingsEvent

    data class Shine(val brightness: Brightness) : SettingsEvent

    data class Lock(val on: Boolean) : SettingsEvent
}

private enum class Choosing { LANGUAGE, TEXT, BRIGHTNESS }

private val TextSizes = listOf(1f, 1.15f, 1.3f)

/** How the app looks and behaves on this device, and the ways to what concerns the account and the community. */
@Composable
fun SettingsScreen(state: SettingsState, on: (SettingsEvent) -> Unit, go: (To) -> Unit) {
    var choosing by remember { mutableStateOf<Choosing?>(null) }
    ColumnPage(words.settingsTitle, { go(To.Back) }) {
        Section(words.settingsLooks)
        Rows {
            Chooses(words.settingsLanguage, state.looks.language.called(words), { choosing = Choosing.LANGUAGE }, Modifier.testTag("language"))
            Chooses(words.settingsTextSize, sizeCalled(state.looks.textSize, words), { choosing = Choosing.TEXT })
            Chooses(words.settingsBrightness, state.looks.brightness.called(words), { choosing = Choosing.BRIGHTNESS })
        }
        Section(words.settingsPeace)
        Rows {
            Leads(words.settingsNotifications, { go(To.NotificationSettings) }, sign = Icons.Bell)
            Leads(words.settingsUnseen, { go(To.Unseen) }, sign = Icons.Block)
            Leads(words.settingsConsents, { go(To.Consents) }, sign = Icons.Check)
        }
        Section(words.settingsSafety)
        Rows {
            if (state.canLock) {
                Box(Modifier.padding(horizontal = 16.dp)) {
                    SwitchRow(words.settingsLock, state.looks.lock, { on(SettingsEvent.Lock(it)) }, words.settingsLockText)
                }
            }
            Leads(words.settingsDevices, { go(To.Devices) }, sign = Icons.Device)
            Leads(words.settingsWaysIn, { go(To.WaysIn) }, sign = Icons.Key)
        }
        Section(words.settingsGoing)
        Rows {
            Leads(words.settingsLeave(state.community), { go(To.Leave) }, sign = Icons.Out)
            Leads(words.settingsDelete, { go(To.DeleteAccount) }, sign = Icons.Bin)
        }
    }
    val close = { choosing = null }
    when (choosing) {
        Choosing.LANGUAGE -> Choose(words.settingsLanguage, listOf(null) + Language.entries, state.looks.language, { it.called(words) }, {
            close()
            on(SettingsEvent.Speak(it))
        }, close)
        Choosing.TEXT -> Choose(words.settingsTextSize, TextSizes, state.looks.textSize, { sizeCalled(it, words) }, {
            close()
            on(SettingsEvent.Write(it))
        }, close)
        Choosing.BRIGHTNESS -> Choose(words.settingsBrightness, Brightness.entries, state.looks.brightness, { it.called(words) }, {
            close()
            on(SettingsEvent.Shine(it))
        }, close)
        null -> Unit
    }
}

/** A language is called in itself, so that whoever chose the wrong one finds back. */
private fun Language?.called(words: Words): String = when (this) {
    null -> words.settingsAsDevice
    Language.JA -> words.settingsJapanese
    Language.EN -> words.settingsEnglish
}

private fun Brightness.called(words: Words): String = when (this) {
    Brightness.SYSTEM -> words.settingsAsDevice
    Brightness.LIGHT -> words.settingsLight
    Brightness.DARK -> words.settingsDark
}

private fun sizeCalled(size: Float, words: Words): String = when {
    size < 1.1f -> words.settingsTextAsDevice
    size < 1.2f -> words.settingsTextLarger
    else -> words.settingsTextLargest
}
