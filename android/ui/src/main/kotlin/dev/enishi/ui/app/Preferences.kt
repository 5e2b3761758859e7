package dev.enishi.ui.app

import dev.enishi.id.CommunityId
import dev.enishi.protocol.Language
import dev.enishi.ui.Settings
import java.util.UUID
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** Whether the app is dark. */
enum class Brightness { SYSTEM, LIGHT, DARK }

/** How the app looks on this device. */
data class Looks(
    /** The member's choice; null for what the device is set to. */
    val language: Language? = null,
    /** Beside the system's own size: 1, 1.15 or 1.3. */
    val textSize: Float = 1f,
    val brightness: Brightness = Brightness.SYSTEM,
    /** Whether the device's lock is asked for when the app is opened. */
    val lock: Boolean = false,
)

/** What a member chose on this device. */
class Preferences(private val settings: Settings) {
    private val looks = MutableStateFlow(
        Looks(
            Language.entries.firstOrNull { it.name == settings.get("language") },
            settings.get("text-size")?.toFloatOrNull()?.takeIf { it in 1f..2f } ?: 1f,
            Brightness.entries.firstOrNull { it.name == settings.get("brightness") } ?: Brightness.SYSTEM,
            settings.get("lock") == "on",
        ),
    )

    val state: StateFlow<Looks> = looks.asStateFlow()

    fun choose(how: (Looks) -> Looks) {
        looks.update(how)
        val chosen = looks.value
        settings.set("language", chosen.language?.name)
        settings.set("text-size", chosen.textSize.toString())
        settings.set("brightness", chosen.brightness.name)
        settings.set("lock", if (chosen.lock) "on" else null)
    }

    /** Which community was shown last. */
    var shown: CommunityId?
        get() = settings.get("shown")?.let { runCatching { CommunityId(UUID.fromString(it)) }.getOrNull() }
        set(value) = settings.set("shown", value?.toString())

    /** Whether a community's notifications may say what they are about. */
    fun tellsContent(community: CommunityId): Boolean = settings.get("content-$community") == "on"

    fun tellContent(community: CommunityId, on: Boolean): Unit = settings.set("content-$community", if (on) "on" else null)
}
