package dev.enishi.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.ImageBitmap
import dev.enishi.protocol.Language
import java.time.Instant
import java.time.ZoneId

/** A file that somebody chose, copied to where only this app reads. Whoever asked for it deletes it. */
class ChosenFile(val path: String)

/** What the screens need of the machine that they run on. Everything else is the core's. */
interface Platform {
    /** The one host whose links open this app. */
    val linkHost: String

    /** The language that the machine is set to. */
    val language: Language

    /** What the app's versions are told apart by. */
    val version: String

    fun now(): Instant = Instant.now()

    val zone: ZoneId get() = ZoneId.systemDefault()

    /** Whether system settings ask for less motion. */
    val calm: Boolean get() = false

    /** Gives a text to another app of the member's choice. */
    fun share(text: String)

    fun copy(text: String)

    /** Opens a page outside of this app. */
    fun openLink(address: String)

    /**
     * Shows a PDF in another app, which is given this one file to read; false where there is none that can. Throws an
     * `IOException` where there is no room for it.
     */
    suspend fun openPdf(bytes: ByteArray): Boolean

    /** Lets somebody choose pictures or PDF files; none where they think better of it. What cannot be taken is left out and counted. */
    suspend fun chooseFiles(most: Int): Chosen

    /** Lets somebody take a picture of a QR code, or choose one; null where none is in it. */
    suspend fun readQr(): QrRead

    /** The squares of a QR code, row by row: true is dark. */
    fun qr(text: String): List<BooleanArray>

    /** A picture as it is drawn; null for what is none. */
    fun decode(bytes: ByteArray): ImageBitmap?

    /** Keeps what is shown out of screenshots and the list of recent apps, while `on`. */
    fun secure(on: Boolean)

    /** Around fields whose words no keyboard is to learn. */
    @Composable
    fun PrivateTyping(content: @Composable () -> Unit) = content()

    /** While this is shown, the machine's own way back does so, and leads to no other screen. */
    @Composable
    fun WayBack(onBack: () -> Unit) = Unit

    /** Asks the system for leave to show notifications, where it has to be asked. */
    suspend fun askToNotify(): Boolean

    /** Whether the system shows this app's notifications. */
    fun mayNotify(): Boolean

    /** The system's own page about this app's notifications. */
    fun openNotificationSettings()

    /** Whether the device has a lock of its own that this app can ask for. */
    val canLock: Boolean

    /** Asks whoever holds the device to prove that it is theirs. */
    suspend fun unlock(): Boolean
}

/** What somebody chose; how many files were too large to take, and how many could not be read or were too many. */
class Chosen(val files: List<ChosenFile>, val tooLarge: Int, val leftOut: Int = 0)

/** What another app gave, for a post that is still to be written. */
class Given(val text: String, val chosen: Chosen)

/** What came of looking for a QR code. */
sealed interface QrRead {
    class Found(val text: String) : QrRead

    data object NothingInIt : QrRead

    data object GivenUp : QrRead
}

/** What is kept on this device besides the core's store: how the app looks, never what anybody wrote. */
interface Settings {
    fun get(name: String): String?

    fun set(name: String, value: String?)
}

val LocalPlatform = staticCompositionLocalOf<Platform> { error("no platform") }
