package dev.enishi.ui.settings

import androidx.lifecycle.viewModelScope
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Looks
import kotlinx.coroutines.launch

/** What was chosen on this device. */
class SettingsModel(private val app: Enishi) :
    ScreenModel<SettingsState, SettingsEvent>(SettingsState(app.preferences.state.value, app.platform.canLock, app.state.value.place?.membership?.name.orEmpty())) {
    init {
        follow(app.preferences.state) { state, looks -> state.copy(looks = looks) }
    }

    override fun on(event: SettingsEvent) {
        when (event) {
            is SettingsEvent.Speak -> choose { it.copy(language = event.language) }
            is SettingsEvent.Write -> choose { it.copy(textSize = event.textSize) }
            is SettingsEvent.Shine -> choose { it.copy(brightness = event.brightness) }
            // Neither on nor off without the device's owner: nobody else locks them out or unlocks it for later.
            is SettingsEvent.Lock -> viewModelScope.launch { if (app.platform.unlock()) choose { it.copy(lock = event.on) } }
        }
    }

    private fun choose(how: (Looks) -> Looks) = app.preferences.choose(how)
}
