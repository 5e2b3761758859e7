package dev.enishi.app

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.core.content.IntentCompat
import dev.enishi.id.CommunityId
import dev.enishi.id.ConversationId
import dev.enishi.id.GroupId
import dev.enishi.id.PostId
import dev.enishi.parseInvitation
import dev.enishi.ui.app.EnishiApp
import dev.enishi.ui.app.To
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
            Intent.ACTION_SEND, Intent.ACTION_SEND_MULTIPLE -> given(intent)
            SHOW -> show(intent)
        }
    }

    /** What another app shares: an invitation is shown, anything else is for a post. */
    private fun given(intent: Intent) {
        val text = intent.getStringExtra(Intent.EXTRA_TEXT)?.take(SHARED_CHARS).orEmpty()
        linkIn(text)?.let { return app.enishi.opened(it) }
        app.give(text, filesIn(intent))
    }

    /** Where a notification leads. Anybody can send an intent: a community that this phone is not in shows nothing. */
    private fun show(intent: Intent) {
        val community = id(intent, COMMUNITY) ?: return app.enishi.lead(To.Me)
        val conversation = id(intent, CONVERSATION)?.let { To.Conversation(ConversationId(it)) }
        val post = id(intent, POST)?.let { To.Post(PostId(it)) }
        val group = id(intent, GROUP)?.let { To.Group(GroupId(it)) }
        app.enishi.show(CommunityId(community), conversation ?: post ?: group)
    }

    private fun id(intent: Intent, name: String): UUID? =
        intent.getStringExtra(name)?.let { runCatching { UUID.fromString(it) }.getOrNull() }

    internal companion object {
        /** Shows a community, from a notification. */
        const val SHOW = "dev.enishi.app.SHOW"
        const val COMMUNITY = "community"
        const val CONVERSATION = "conversation"
        const val POST = "post"
        const val GROUP = "group"
    }
}

/** The first invitation in a text that another app shares, as mail and messages are; no more of it than a link can be long. */
internal fun linkIn(text: CharSequence?): String? =
    text?.take(LINK_CHARS)?.let { shared -> LINK.findAll(shared).map { it.value }.firstOrNull { runCatching { parseInvitation(it) }.isSuccess } }

/** What comes with a text or in place of it. */
private fun filesIn(intent: Intent): List<Uri> =
    if (intent.action == Intent.ACTION_SEND) {
        listOfNotNull(IntentCompat.getParcelableExtra(intent, Intent.EXTRA_STREAM, Uri::class.java))
    } else {
        IntentCompat.getParcelableArrayListExtra(intent, Intent.EXTRA_STREAM, Uri::class.java).orEmpty()
    }

/** What is taken of a text that another app shares. What is over a post's limit is counted where it is written. */
private const val SHARED_CHARS = 100_000

/** How far into a text a link is looked for. */
private const val LINK_CHARS = 10_000
private val LINK = Regex("https://[^\\s\\u3000-\\u303f\\uff00-\\uffef]{1,500}")
