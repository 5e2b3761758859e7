package dev.enishi.app.machine

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import androidx.activity.result.contract.ActivityResultContract

/**
 * The lock of the device itself: fingerprint, face, pattern or number, as its holder has set it up. The system shows
 * the question, and only says whether it was answered.
 */
internal class DeviceLock : ActivityResultContract<Unit, Boolean?>() {
    @Suppress("DEPRECATION") // The one question that phones since 8.0 all know, and that offers biometrics by itself.
    override fun createIntent(context: Context, input: Unit): Intent =
        keyguard(context).createConfirmDeviceCredentialIntent(null, null) ?: Intent()

    override fun parseResult(resultCode: Int, intent: Intent?): Boolean = resultCode == Activity.RESULT_OK

    companion object {
        /** Whether the device has a lock. */
        fun isSet(context: Context): Boolean = keyguard(context).isDeviceSecure

        private fun keyguard(context: Context) = context.service<KeyguardManager>()
    }
}
