package dev.enishi.desktop

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.ReaderException
import com.google.zxing.client.j2se.BufferedImageLuminanceSource
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import com.google.zxing.qrcode.QRCodeWriter
import dev.enishi.protocol.Language
import dev.enishi.ui.Chosen
import dev.enishi.ui.ChosenFile
import dev.enishi.ui.Platform
import dev.enishi.ui.QrRead
import java.awt.Desktop
import java.awt.FileDialog
import java.awt.Frame
import java.awt.Toolkit
import java.awt.datatransfer.StringSelection
import java.io.File
import java.io.IOException
import java.net.URI
import java.util.Locale
import javax.imageio.ImageIO
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.jetbrains.skia.Image

/** A computer in a phone's place: files instead of a camera, the clipboard instead of other apps. */
class DesktopPlatform(
    override val language: Language = if (Locale.getDefault().language == "en") Language.EN else Language.JA,
) : Platform {
    override val linkHost = "enishi.example"
    override val version = "0.1.0"

    override fun share(text: String) = copy(text)

    override fun copy(text: String) = Toolkit.getDefaultToolkit().systemClipboard.setContents(StringSelection(text), null)

    override fun openLink(address: String) {
        if (Desktop.isDesktopSupported() && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) Desktop.getDesktop().browse(URI(address)) else copy(address)
    }

    override suspend fun openPdf(bytes: ByteArray): Boolean = withContext(Dispatchers.IO) {
        if (!Desktop.isDesktopSupported() || !Desktop.getDesktop().isSupported(Desktop.Action.OPEN)) return@withContext false
        val file = File.createTempFile("enishi", ".pdf").apply { deleteOnExit() }
        file.writeBytes(bytes)
        try {
            Desktop.getDesktop().open(file)
            true
        } catch (_: IOException) {
            // No app is there for it: that is not a lack of room.
            false
        }
    }

    override suspend fun chooseFiles(most: Int): Chosen = withContext(Dispatchers.IO) {
        val (fit, large) = ask(several = true).partition { it.length() <= UPLOAD_BYTES }
        Chosen(fit.take(most).map { ChosenFile(it.copyTo(File.createTempFile("enishi", null), overwrite = true).path) }, large.size)
    }

    override suspend fun readQr(): QrRead = withContext(Dispatchers.IO) {
        val file = ask(several = false).firstOrNull() ?: return@withContext QrRead.GivenUp
        val picture = try {
            ImageIO.read(file)
        } catch (_: IOException) {
            null
        } ?: return@withContext QrRead.NothingInIt
        try {
            QrRead.Found(QRCodeReader().decode(BinaryBitmap(HybridBinarizer(BufferedImageLuminanceSource(picture)))).text)
        } catch (_: ReaderException) {
            QrRead.NothingInIt
        }
    }

    override fun qr(text: String): List<BooleanArray> {
        val matrix = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, mapOf(com.google.zxing.EncodeHintType.MARGIN to 0))
        return List(matrix.height) { y -> BooleanArray(matrix.width) { x -> matrix[x, y] } }
    }

    override fun decode(bytes: ByteArray): ImageBitmap? = try {
        Image.makeFromEncoded(bytes).toComposeImageBitmap()
    } catch (_: IllegalArgumentException) {
        null
    }

    /** A window of a computer cannot be kept out of screenshots. */
    override fun secure(on: Boolean) = Unit

    override suspend fun askToNotify() = false

    override fun mayNotify() = false

    override fun openNotificationSettings() = Unit

    override val canLock = false

    override suspend fun unlock() = true

    private fun ask(several: Boolean): List<File> = FileDialog(null as Frame?).run {
        isMultipleMode = several
        isVisible = true
        files.toList()
    }

    private companion object {
        /** As the server takes them. */
        const val UPLOAD_BYTES = 20L * 1024 * 1024
    }
}
