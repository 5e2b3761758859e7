package dev.enishi.ui.samples

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.graphics.ImageBitmap
import dev.enishi.protocol.Language
import dev.enishi.ui.Chosen
import dev.enishi.ui.Platform
import dev.enishi.ui.QrRead
import java.time.Instant
import java.time.ZoneId

/** A machine that does nothing, at the moment of the samples. */
object SamplePlatform : Platform {
    /** Whether what is drawn is kept out of pictures. */
    var secured = false
        private set

    /** How many fields are drawn whose words no keyboard learns. */
    var unlearned = 0
        private set

    override val linkHost = "enishi.example"
    override val language = Language.JA
    override val version = "0.1.0"
    override fun now(): Instant = Now
    override val zone: ZoneId = ZoneId.of("Asia/Tokyo")
    override val calm = true
    override fun share(text: String) = Unit
    override fun copy(text: String) = Unit
    override fun openLink(address: String) = Unit
    override suspend fun openPdf(bytes: ByteArray) = true
    override suspend fun chooseFiles(most: Int) = Chosen(emptyList(), 0)
    override suspend fun readQr(): QrRead = QrRead.GivenUp
    override fun qr(text: String): List<BooleanArray> = List(29) { row -> BooleanArray(29) { (it * 7 + row * 13 + it * row) % 3 == 0 || corner(it, row) } }
    override fun decode(bytes: ByteArray): ImageBitmap? = null
    override fun secure(on: Boolean) {
        secured = on
    }

    @Composable
    override fun PrivateTyping(content: @Composable () -> Unit) {
        DisposableEffect(Unit) {
            unlearned++
            onDispose { unlearned-- }
        }
        content()
    }

    override suspend fun askToNotify() = true
    override fun mayNotify() = true
    override fun openNotificationSettings() = Unit
    override val canLock = true
    override suspend fun unlock() = true

    private fun corner(x: Int, y: Int) = (x < 7 || x > 21) && (y < 7 || y > 21) && !(x > 21 && y > 21)
}
