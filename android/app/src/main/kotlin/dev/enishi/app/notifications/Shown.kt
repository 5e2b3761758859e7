package dev.enishi.app.notifications

import android.content.Context

/** What was shown before, so that it is not shown again; the newest few hundred. */
internal class Shown(context: Context) {
    private val kept = context.getSharedPreferences("shown", Context.MODE_PRIVATE)

    /** True where it was not there yet. */
    @Synchronized
    fun add(id: String): Boolean {
        val all = kept.getString(KEY, "").orEmpty().split(' ').filter(String::isNotEmpty)
        if (id in all) return false
        kept.edit().putString(KEY, (all + id).takeLast(MOST).joinToString(" ")).apply()
        return true
    }

    private companion object {
        const val KEY = "ids"
        const val MOST = 500
    }
}
