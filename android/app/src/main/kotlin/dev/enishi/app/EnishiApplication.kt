package dev.enishi.app

import android.app.Activity
import android.app.Application
import android.content.Context
import android.content.res.Configuration
import android.net.Uri
import android.os.Bundle
import android.util.Log
import dev.enishi.LogLevel
import dev.enishi.LogSink
import dev.enishi.app.machine.DeviceSettings
import dev.enishi.app.machine.PhonePlatform
import dev.enishi.app.notifications.Channel
import dev.enishi.app.notifications.Notifier
import dev.enishi.app.notifications.Shown
import dev.enishi.app.secrets.KeystoreSealer
import dev.enishi.app.secrets.SealedSecretStore
import dev.enishi.app.sync.Core
import dev.enishi.app.sync.Network
import dev.enishi.app.sync.SyncJob
import dev.enishi.setLogSink
import dev.enishi.ui.Given
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.Preferences
import java.io.File
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch

/** What belongs to the process and not to what is shown: the one client, the screens' state, the watch on the phone. */
class EnishiApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)

    internal val platform by lazy { PhonePlatform(this) }

    internal val core: Core by lazy {
        val secrets = SealedSecretStore(File(noBackupFilesDir, "secrets"), KeystoreSealer())
        val notifier = Notifier(this, ::inTheirLanguage, Shown(this))
        Core(this, secrets, notifier, { language }, { chosen.tellsContent(it) })
    }

    private val opened = lazy { Enishi(scope, platform, settings) { core.client() } }

    internal val enishi: Enishi by opened

    private val settings by lazy { DeviceSettings(this) }

    /** What the member chose, as it is kept: a job has no need of the screens' state. */
    private val chosen get() = Preferences(settings)

    private val language get() = chosen.state.value.language ?: platform.language

    override fun onCreate() {
        super.onCreate()
        setLogSink(LogLevel.WARN, SystemLog)
        platform.clear()
        Channel.make(inTheirLanguage())
        registerActivityLifecycleCallbacks(Looking())
        Network(core::setNetwork).watch(this)
        SyncJob.schedule(this)
    }

    /** Lets the screens know which communities there are now, where there are screens. */
    internal suspend fun reload() {
        if (opened.isInitialized()) enishi.reload()
    }

    /** Copies what another app shares, while that still lends it, and hands it to the screens. */
    internal fun give(text: String, files: List<Uri>) {
        if (text.isBlank() && files.isEmpty()) return
        scope.launch { enishi.given(Given(text, platform.copy(files))) }
    }

    /** The words that the system shows are in the language that the member chose here. */
    private fun inTheirLanguage(): Context {
        val configuration = Configuration(resources.configuration)
        configuration.setLocale(Locale.forLanguageTag(language.name.lowercase()))
        return createConfigurationContext(configuration)
    }

    /** Whether somebody looks. Between two activities somebody does. */
    private inner class Looking : ActivityLifecycleCallbacks {
        private var shown = 0

        override fun onActivityStarted(activity: Activity) {
            if (shown++ == 0) core.setLookedAt(true)
        }

        override fun onActivityStopped(activity: Activity) {
            if (--shown > 0 || activity.isChangingConfigurations) return
            core.setLookedAt(false)
            // Whoever picks a picture has not gone away.
            if (!platform.isAsking) enishi.left()
        }

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityResumed(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

        override fun onActivityDestroyed(activity: Activity) = Unit
    }
}

/** The core logs nothing about a person. */
private object SystemLog : LogSink {
    override fun line(level: LogLevel, target: String, message: String) {
        Log.println(if (level == LogLevel.ERROR) Log.ERROR else Log.WARN, "enishi", "$target: $message")
    }
}
