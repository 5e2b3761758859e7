package dev.enishi.app.sync

import android.content.Context
import android.os.Build
import dev.enishi.Client
import dev.enishi.ClientOptions
import dev.enishi.Community
import dev.enishi.EnishiException
import dev.enishi.SecretStore
import dev.enishi.app.notifications.Notifier
import dev.enishi.id.CommunityId
import dev.enishi.protocol.Language
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** The one client of this process, and what it has to know of the phone. */
internal class Core(
    private val context: Context,
    private val secrets: SecretStore,
    private val notifier: Notifier,
    private val language: () -> Language,
    private val tells: (CommunityId) -> Boolean,
) {
    private val opening = Mutex()

    @Volatile
    private var client: Client? = null

    private var online = true
    private var metered = false

    /** Whether somebody looks at the app. */
    @Volatile
    var isLookedAt = false
        private set

    /** The client, opened off the main thread by whoever asks first. */
    suspend fun client(): Client = opening.withLock {
        client ?: withContext(Dispatchers.IO) {
            // Of all the app's folders, the one that no backup copies.
            val folder = File(context.noBackupFilesDir, "store")
            val options = ClientOptions(folder.path, language(), name(), online = online, foreground = isLookedAt)
            Client.open(options, secrets).also { it.setMetered(metered) }
        }.also { client = it }
    }

    /** Says whether somebody looks at the app. */
    fun setLookedAt(looked: Boolean) {
        isLookedAt = looked
        client?.setForeground(looked)
    }

    /** Whether there is a network, and whether it costs by the byte. */
    fun setNetwork(online: Boolean, metered: Boolean) {
        this.online = online
        this.metered = metered
        client?.setOnline(online)
        client?.setMetered(metered)
    }

    /** Sends what waits and fetches what is new, in every community, and shows what draws attention. False where a server could not be reached. */
    suspend fun bringInStep(): Boolean {
        val client = client()
        var reached = true
        for (account in client.accounts().filter { it.signedIn }) {
            reached = attempt {
                // Notices come with what the account is in.
                client.refresh(account.key)
                notifier.show(client.notices(account.key))
            } && reached
        }
        for (community in client.communities()) {
            reached = attempt { community.syncNow() } && reached
            show(community)
        }
        return reached
    }

    private suspend fun show(community: Community) {
        val told = community.notifications(SHOWN).items
        notifier.show(community.id(), community.membership().name, told, tells(community.id()), isLookedAt)
    }

    private suspend fun attempt(work: suspend () -> Unit): Boolean = try {
        work()
        true
    } catch (error: EnishiException) {
        // Whoever was signed out or removed is told so on the screen; asking again soon would change nothing.
        error !is EnishiException.Offline
    }

    private fun name() = Build.MODEL.orEmpty().ifBlank { "Android" }

    private companion object {
        const val SHOWN = 50u
    }
}
