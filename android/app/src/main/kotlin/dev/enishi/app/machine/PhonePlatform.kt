package dev.enishi.app.machine

import android.Manifest
import android.app.NotificationManager
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.provider.Settings.ACTION_APP_NOTIFICATION_SETTINGS
import android.provider.Settings.EXTRA_APP_PACKAGE
import android.provider.Settings.Global
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.core.content.FileProvider
import dev.enishi.app.R
import dev.enishi.protocol.Language
import dev.enishi.ui.Chosen
import dev.enishi.ui.Platform
import dev.enishi.ui.QrRead
import dev.enishi.ui.compose.ATTACHMENTS
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** The phone as the screens need it. Belongs to the process; the activity that is shown lends itself to it. */
internal class PhonePlatform(private val context: Context) : Platform {
    private val folder = File(context.noBackupFilesDir, "chosen")
    private val camera = File(context.cacheDir, "camera/qr.jpg")
    private val opened = File(context.cacheDir, "opened/enishi.pdf")
    private val copies = Copies(folder, context.contentResolver)
    private val files = Question(ChooseFiles())
    private val picture = Question(QrPicture { camera })
    private val lock = Question(DeviceLock())
    private val permission = Question(asked(RequestPermission()))
    private val questions = listOf(files, picture, lock, permission)
    private var activity: ComponentActivity? = null
    private var secret = false

    /** To be called while the activity is being created. */
    fun attach(activity: ComponentActivity) {
        this.activity = activity
        for (question in questions) question.attach(activity)
        secure()
    }

    /** The activity is gone; another may be there already. */
    fun detach(activity: ComponentActivity) {
        if (this.activity !== activity) return
        this.activity = null
        for (question in questions) question.detach()
    }

    /** Whether another app was asked for something, and this one waits for it behind. */
    val isAsking: Boolean get() = questions.any { it.isOpen }

    /** Leaves nothing of what an earlier run of the app copied. */
    fun clear() {
        copies.clear()
        camera.delete()
        opened.delete()
    }

    override val linkHost: String get() = context.getString(R.string.link_host)

    override val language: Language
        get() = if (context.resources.configuration.locales[0].language == "ja") Language.JA else Language.EN

    override val version: String get() = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

    override val calm: Boolean get() = Global.getFloat(context.contentResolver, Global.ANIMATOR_DURATION_SCALE, 1f) == 0f

    override fun share(text: String) {
        val sending = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)
        start(Intent.createChooser(sending, null))
    }

    override fun copy(text: String) {
        context.service<ClipboardManager>().setPrimaryClip(ClipData.newPlainText("", text))
    }

    override fun openLink(address: String) {
        val page = Uri.parse(address)
        // Anything else could be a way into another app's insides.
        if (page.scheme != "https" && page.scheme != "http") return
        start(Intent(Intent.ACTION_VIEW, page).addCategory(Intent.CATEGORY_BROWSABLE))
    }

    override suspend fun openPdf(bytes: ByteArray): Boolean {
        withContext(Dispatchers.IO) {
            opened.parentFile?.mkdirs()
            // A new file: whoever still reads the last one reads that to its end.
            opened.delete()
            opened.writeBytes(bytes)
        }
        val page = FileProvider.getUriForFile(context, context.packageName + SHARED, opened)
        return start(Intent(Intent.ACTION_VIEW).setDataAndType(page, "application/pdf").addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION))
    }

    override suspend fun chooseFiles(most: Int): Chosen = copies.of(files.ask(most).orEmpty(), most)

    /** Copies what another app shares. */
    suspend fun copy(shared: List<Uri>): Chosen = copies.of(shared, ATTACHMENTS)

    override suspend fun readQr(): QrRead {
        val answer = picture.ask(Unit) ?: return QrRead.GivenUp
        return withContext(Dispatchers.IO) {
            val file = answer.source?.let { copies.of(listOf(it), 1).files.firstOrNull()?.path?.let(::File) } ?: camera
            val bytes = if (file.exists() && file.length() <= Copies.MOST_BYTES) file.readBytes() else null
            file.delete()
            val text = bytes?.let { Pictures.decode(it) }?.let(QrCodes::read)
            if (text == null) QrRead.NothingInIt else QrRead.Found(text)
        }
    }

    override fun qr(text: String): List<BooleanArray> = QrCodes.squares(text)

    override fun decode(bytes: ByteArray): ImageBitmap? = Pictures.decode(bytes)?.asImageBitmap()

    @Composable
    override fun PrivateTyping(content: @Composable () -> Unit) = Unlearned(content)

    @Composable
    override fun WayBack(onBack: () -> Unit) = BackHandler(onBack = onBack)

    override fun secure(on: Boolean) {
        secret = on
        secure()
    }

    private fun secure() {
        val window = activity?.window ?: return
        if (secret) window.addFlags(FLAG_SECURE) else window.clearFlags(FLAG_SECURE)
    }

    override suspend fun askToNotify(): Boolean {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU && !mayNotify()) {
            permission.ask(Manifest.permission.POST_NOTIFICATIONS)
        }
        return mayNotify()
    }

    override fun mayNotify(): Boolean = context.service<NotificationManager>().areNotificationsEnabled()

    override fun openNotificationSettings() {
        start(Intent(ACTION_APP_NOTIFICATION_SETTINGS).putExtra(EXTRA_APP_PACKAGE, context.packageName))
    }

    override val canLock: Boolean get() = DeviceLock.isSet(context)

    /** Where the lock was taken off the device nobody can be asked, and nobody is kept out. */
    override suspend fun unlock(): Boolean = !canLock || lock.ask(Unit) == true

    /** Whether there is anything that takes it: a phone may have no browser, and nothing to share with. */
    private fun start(intent: Intent): Boolean = try {
        activity?.startActivity(intent) != null
    } catch (_: ActivityNotFoundException) {
        false
    }

    companion object {
        /** What gives other apps single files of this one, behind the app's name; as in the manifest. */
        const val SHARED = ".files"
    }
}

/** A contract whose answer may be missing. */
private fun <I, O : Any> asked(contract: ActivityResultContract<I, O>): ActivityResultContract<I, O?> =
    object : ActivityResultContract<I, O?>() {
        override fun createIntent(context: Context, input: I): Intent = contract.createIntent(context, input)

        override fun getSynchronousResult(context: Context, input: I): SynchronousResult<O?>? =
            contract.getSynchronousResult(context, input)?.let { SynchronousResult(it.value) }

        override fun parseResult(resultCode: Int, intent: Intent?): O? = contract.parseResult(resultCode, intent)
    }
