package dev.enishi.ui.app

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import dev.enishi.id.CommunityId

/** Holds the models of the community that is shown: those of another end with it, and follow nothing any more. */
internal class Stores : ViewModel() {
    private val kept = HashMap<CommunityId?, ViewModelStore>()

    /** Where the models of this community are, and those of no other. */
    fun only(community: CommunityId?): ViewModelStoreOwner {
        for (other in kept.keys.filter { it != community }) kept.remove(other)?.clear()
        val store = kept.getOrPut(community, ::ViewModelStore)
        return object : ViewModelStoreOwner {
            override val viewModelStore = store
        }
    }

    override fun onCleared(): Unit = kept.values.forEach(ViewModelStore::clear)
}
