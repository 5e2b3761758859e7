package dev.enishi.ui.settings

import androidx.lifecycle.viewModelScope
import dev.enishi.model.Belonging
import dev.enishi.protocol.QuietHours
import dev.enishi.ui.ScreenModel
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Place
import dev.enishi.watch
import dev.enishi.watchGroups
import kotlinx.coroutines.launch

/** What a member wishes to hear of. */
class NotificationSettingsModel(private val app: Enishi, private val place: Place) :
    ScreenModel<NotificationSettingsState, NotificationSettingsEvent>(NotificationSettingsState(place.membership.name)) {
    private val community = place.community

    init {
        doing { community.watch { notificationSettings() }.collect { settings -> change { it.copy(settings = settings) } } }
        follow(community.watchGroups()) { state, groups ->
            state.copy(groups = groups.filter { it.belonging == Belonging.MEMBER }.map { it.id to it.name })
        }
        // Hours are kept by the clock they were said with: whoever has moved on says them again.
        doing {
            val hours = community.notificationSettings().quiet
            if (hours != null && hours.utcOffset != offset()) community.setQuietHours(hours.copy(utcOffset = offset()))
        }
    }

    override fun on(event: NotificationSettingsEvent) {
        when (event) {
            NotificationSettingsEvent.Look -> look()
            NotificationSettingsEvent.Allow -> viewModelScope.launch {
                if (!app.platform.askToNotify()) app.platform.openNotificationSettings()
                look()
            }
            is NotificationSettingsEvent.Kind -> doing { community.setNotifications(event.kind, event.level) }
            is NotificationSettingsEvent.Group -> doing { community.setGroupNotifications(event.group, event.level) }
            is NotificationSettingsEvent.Quiet -> doing {
                community.setQuietHours(event.hours?.let { QuietHours(from = it.from.toUShort(), to = it.to.toUShort(), utcOffset = offset()) })
            }
            is NotificationSettingsEvent.TellContent -> {
                app.preferences.tellContent(place.id, event.on)
                look()
            }
        }
    }

    private fun look() = change { it.copy(mayNotify = app.platform.mayNotify(), tellsContent = app.preferences.tellsContent(place.id)) }

    private fun doing(what: suspend () -> Unit) {
        change { it.copy(problem = null) }
        attempt({ state, problem -> state.copy(problem = problem) }, what)
    }

    /** Minutes by which this device's clock is ahead of UTC. */
    private fun offset(): Short = (app.platform.zone.rules.getOffset(app.platform.now()).totalSeconds / 60).toShort()
}
