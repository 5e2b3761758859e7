package dev.enishi

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * Opens a client, and shuts it down after `work` whatever comes of that: for tools and background jobs. An app
 * keeps its client for as long as it runs.
 */
public suspend fun <T> withClient(
    options: ClientOptions,
    secrets: SecretStore,
    work: suspend (Client) -> T,
): T = Client.open(options, secrets).use { client ->
    try {
        work(client)
    } finally {
        withContext(NonCancellable) { client.shutDown() }
    }
}
