package dev.enishi.desktop

import dev.enishi.ui.Settings
import java.io.File
import java.util.Properties

/** Settings in a file. */
class FileSettings(private val file: File) : Settings {
    private val kept = Properties().apply { if (file.exists()) file.reader().use(::load) }

    @Synchronized
    override fun get(name: String): String? = kept.getProperty(name)

    @Synchronized
    override fun set(name: String, value: String?) {
        if (value == null) kept.remove(name) else kept.setProperty(name, value)
        file.parentFile.mkdirs()
        file.writer().use { kept.store(it, null) }
    }
}
