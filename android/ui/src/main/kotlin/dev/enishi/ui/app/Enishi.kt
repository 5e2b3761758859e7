package dev.enishi.ui.app

import dev.enishi.Client
import dev.enishi.Community
import dev.enishi.EnishiException
import dev.enishi.id.AccountKey
import dev.enishi.id.CommunityId
import dev.enishi.model.Salvage
import dev.enishi.protocol.Membership
import dev.enishi.protocol.Standing
import dev.enishi.ui.Given
import dev.enishi.ui.Platform
import dev.enishi.ui.Problem
import dev.enishi.ui.Settings
import dev.enishi.ui.attempt
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A community that this device is in: the handle, and what the server says of the membership. */
class Place(
    val community: Community,
    val account: AccountKey,
    val membership: Membership,
    /** The address of its server. */
    val server: String,
) {
    val id: CommunityId get() = membership.community
}

/** Where the app stands. */
data class AppState(
    val client: Client? = null,
    val problem: Problem? = null,
    /** Stores that could not be read and were set aside, until the member has been told. */
    val salvaged: List<Salvage> = emptyList(),
    val places: List<Place> = emptyList(),
    /** Where somebody has still to let this member in. */
    val waiting: List<Membership> = emptyList(),
    val shown: CommunityId? = null,
    /** The community that was joined just now. */
    val arrived: CommunityId? = null,
    /** Where a notification leads, in the community that is shown. */
    val next: To? = null,
    /** A link that was opened and that no screen has taken yet. */
    val link: String? = null,
    /** What another app gave, until a post has taken it. */
    val given: Given? = null,
    /** Whether whoever holds the device has still to prove that it is theirs. */
    val locked: Boolean = false,
) {
    val place: Place? get() = places.firstOrNull { it.id == shown } ?: places.firstOrNull()

    /** Whether there is nothing to open yet, and something to wait for. */
    val onlyWaits: Boolean get() = places.isEmpty() && waiting.isNotEmpty()
}

/** What all screens stand on: the one client of this process, and which community is shown. */
class Enishi(
    private val scope: CoroutineScope,
    val platform: Platform,
    settings: Settings,
    private val open: suspend () -> Client,
) {
    val preferences = Preferences(settings)
    private val shown = MutableStateFlow(AppState(locked = preferences.state.value.lock))

    val state: StateFlow<AppState> = shown.asStateFlow()

    private var wished: Pair<CommunityId, To?>? = null

    init {
        start()
    }

    /** Opens the client, unless it is open. */
    fun start() {
        shown.update { it.copy(problem = null) }
        scope.launch {
            try {
                val client = state.value.client ?: open()
                val salvaged = client.salvaged().map { it.salvage }
                val (places, waiting) = placesOn(client) to waitingOn(client)
                // All at once: a screen that is there before its community is known would be thrown away again.
                shown.update { it.copy(client = client, salvaged = salvaged, places = places, waiting = waiting, shown = preferences.shown) }
                wished?.let { (community, next) -> show(community, next) }
                refresh()
            } catch (error: EnishiException) {
                shown.update { it.copy(problem = Problem.of(error)) }
            }
        }
    }

    /** Reads again which communities there are. */
    suspend fun reload() {
        val client = state.value.client ?: return
        val (places, waiting) = placesOn(client) to waitingOn(client)
        shown.update { it.copy(places = places, waiting = waiting, shown = it.shown ?: preferences.shown) }
    }

    /** An account that is signed out hears of no decision: what it waited for may be over long since. */
    private suspend fun waitingOn(client: Client): List<Membership> =
        client.accounts().filter { it.signedIn }.flatMap { it.memberships }.filter { it.standing == Standing.WAITING }.sortedBy { it.name }

    private suspend fun placesOn(client: Client): List<Place> {
        // A handle tells of the membership as it was when the handle was made; the account knows how it stands now.
        val accounts = client.accounts().associateBy { it.key }
        return client.communities()
            .mapNotNull { community ->
                val account = accounts[community.account()]
                val membership = account?.memberships?.firstOrNull { it.community == community.id() }
                membership?.let { Place(community, account.key, it, account.server.address) }
            }
            .filter { it.membership.standing == Standing.ACTIVE || it.membership.standing == Standing.SUSPENDED }
            .sortedBy { it.membership.name }
    }

    /** Asks the servers which communities there are: somebody may have let this member in. */
    fun refresh() {
        val client = state.value.client ?: return
        scope.launch {
            for (account in client.accounts().filter { it.signedIn }) attempt({}) { client.refresh(account.key) }
            attempt({}) { reload() }
        }
    }

    /** Shows a community that was joined just now, with its welcome. */
    suspend fun arrived(community: CommunityId) {
        preferences.shown = community
        shown.update { it.copy(shown = community, arrived = community) }
        reload()
    }

    /** Whether somebody who has just signed in is in a community there; it is the one that is shown then. */
    suspend fun entered(account: AccountKey): Boolean {
        reload()
        val place = state.value.places.firstOrNull { it.account == account } ?: return false
        show(place.id)
        return true
    }

    /** Shows a community that this device is in, and in it a screen; as soon as it is known which there are. */
    fun show(community: CommunityId, next: To? = null) {
        if (state.value.client == null) {
            wished = community to next
            return
        }
        wished = null
        if (state.value.places.none { it.id == community }) return
        preferences.shown = community
        shown.update { it.copy(shown = community, arrived = null, next = next) }
    }

    /** Shows a screen of the community that is shown. */
    fun lead(next: To): Unit = shown.update { it.copy(next = next) }

    fun nextTaken(): Unit = shown.update { it.copy(next = null) }

    /** Takes a link that was opened outside. */
    fun opened(link: String): Unit = shown.update { it.copy(link = link) }

    /** Takes what another app gave. It is sent only by a press, under the line that says who can read it. */
    fun given(given: Given): Unit = shown.update { it.copy(given = given) }

    fun givenTaken(): Unit = shown.update { it.copy(given = null) }

    /** The member has been told what happened to a store. */
    fun told(): Unit = shown.update { it.copy(salvaged = emptyList()) }

    fun linkTaken(): Unit = shown.update { it.copy(link = null) }

    /** Asks who holds the device, where the member wishes that. */
    fun unlock() {
        scope.launch { if (platform.unlock()) shown.update { it.copy(locked = false) } }
    }

    /** Locks again, when the app has been left. */
    fun left(): Unit = shown.update { it.copy(locked = preferences.state.value.lock) }
}
