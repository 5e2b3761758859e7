package dev.enishi.app.sync

import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.net.NetworkCapabilities.NET_CAPABILITY_NOT_METERED
import dev.enishi.app.machine.service

/** Tells the core of the network that the phone is on. */
internal class Network(private val tell: (online: Boolean, metered: Boolean) -> Unit) :
    ConnectivityManager.NetworkCallback() {

    fun watch(context: Context) {
        context.service<ConnectivityManager>().registerDefaultNetworkCallback(this)
    }

    override fun onCapabilitiesChanged(network: android.net.Network, capabilities: NetworkCapabilities): Unit =
        tell(true, !capabilities.hasCapability(NET_CAPABILITY_NOT_METERED))

    override fun onLost(network: android.net.Network): Unit = tell(false, false)
}
