package dev.enishi.ui.app

/** What was typed and not saved yet, for as long as the app runs: a wrong press of "back" loses nothing. Never on disk. */
class Drafts {
    private val kept = HashMap<String, Any>()

    /** What was kept under a name. */
    @Suppress("UNCHECKED_CAST")
    fun <T : Any> get(name: String): T? = kept[name] as T?

    /** Keeps something under a name; null forgets it. */
    fun keep(name: String, draft: Any?) {
        if (draft == null) kept.remove(name) else kept[name] = draft
    }
}
