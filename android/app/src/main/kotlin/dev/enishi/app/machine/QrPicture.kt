package dev.enishi.app.machine

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.MediaStore
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.core.content.FileProvider
import java.io.File

/** A picture of a QR code: taken with the camera app, or one that is there already. Needs no permission for the camera. */
internal class QrPicture(private val place: (Context) -> File) : ActivityResultContract<Unit, QrPicture.Answer?>() {
    /** Where the picture is; null where the camera app has put it into the file that it was given. */
    class Answer(val source: Uri?)

    override fun createIntent(context: Context, input: Unit): Intent {
        val file = place(context).apply { parentFile?.mkdirs() }
        val target = FileProvider.getUriForFile(context, context.packageName + PhonePlatform.SHARED, file)
        val camera = Intent(MediaStore.ACTION_IMAGE_CAPTURE)
            .putExtra(MediaStore.EXTRA_OUTPUT, target)
            .addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION)
        val pictures = PickVisualMediaRequest.Builder().setMediaType(PickVisualMedia.ImageOnly).build()
        val picker = PickVisualMedia().createIntent(context, pictures)
        return Intent.createChooser(picker, null).putExtra(Intent.EXTRA_INITIAL_INTENTS, arrayOf(camera))
    }

    override fun parseResult(resultCode: Int, intent: Intent?): Answer? =
        if (resultCode == Activity.RESULT_OK) Answer(intent?.data) else null
}
