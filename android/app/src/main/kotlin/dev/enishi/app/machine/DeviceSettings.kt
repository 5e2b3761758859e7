package dev.enishi.app.machine

import android.content.Context
import dev.enishi.ui.Settings

/** What is kept on this device besides the core's store. */
internal class DeviceSettings(context: Context) : Settings {
    private val kept = context.getSharedPreferences("looks", Context.MODE_PRIVATE)

    override fun get(name: String): String? = kept.getString(name, null)

    override fun set(name: String, value: String?): Unit = kept.edit().putString(name, value).apply()
}
