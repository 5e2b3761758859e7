package dev.enishi.app

import android.content.Intent
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import dev.enishi.id.CommunityId
import dev.enishi.ui.app.EnishiApp
import java.util.UUID

/** The one activity. What it shows belongs to the process, so it may be made anew at any time. */
class MainActivity : ComponentActivity() {
    private val app get() = application as EnishiApplication

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        app.platform.attach(this)
        setContent { EnishiApp(app.enishi) }
        // Made anew, or taken up from the list of recent apps: what it was started with was taken the first time.
        val old = intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0
        if (savedInstanceState == null && !old) take(intent)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        take(intent)
    }

    override fun onDestroy() {
        app.platform.detach(this)
        super.onDestroy()
    }

    /** A link only opens a preview: whoever wrote it decides nothing. */
    private fun take(intent: Intent) {
        when (intent.action) {
            Intent.ACTION_VIEW -> intent.dataString?.let(app.enishi::opened)
            Intent.ACTION_SEND -> linkIn(intent.getStringExtra(Intent.EXTRA_TEXT))?.let(app.enishi::opened)
            SHOW -> community(intent)?.let(app.enishi::show)
        }
    }

    /** One that this phone is in: anybody can send an intent. */
    private fun community(intent: Intent): CommunityId? {
        val said = intent.getStringExtra(COMMUNITY) ?: return null
        val id = runCatching { CommunityId(UUID.fromString(said)) }.getOrNull()
        return id?.takeIf { wanted -> app.enishi.state.value.places.any { it.id == wanted } }
    }

    internal companion object {
        /** Shows a community, from a notification. */
        const val SHOW = "dev.enishi.app.SHOW"
        const val COMMUNITY = "community"
    }
}

/** The first link in a text that another app shares, as mail and messages are; no more of it than a link can be long. */
internal fun linkIn(text: CharSequence?): String? =
    text?.take(SHARED_CHARS)?.let { LINK.find(it)?.value }

private const val SHARED_CHARS = 10_000
private val LINK = Regex("https://\\S{1,500}")
