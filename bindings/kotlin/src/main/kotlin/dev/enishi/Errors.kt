package dev.enishi

import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Language

/**
 * The stable code of what went wrong: the server's where it has one, as its documents name it, else one of
 * `storage_full`, `offline`, `in_use`, `cancelled`, `closed`, `not_a_link`, `not_a_server`, `not_secure`, `internal`.
 */
public val EnishiException.stableCode: String
    get() = told?.let(::errorName) ?: when (this) {
        is EnishiException.StorageFull -> "storage_full"
        is EnishiException.Offline -> "offline"
        is EnishiException.InUse -> "in_use"
        is EnishiException.Cancelled -> "cancelled"
        is EnishiException.Closed -> "closed"
        is EnishiException.NotALink -> "not_a_link"
        is EnishiException.NotAServer -> "not_a_server"
        is EnishiException.NotSecure -> "not_secure"
        else -> "internal"
    }

/** What the server, or the core in its stead, says to a person; null where the words are the app's own. */
public fun EnishiException.words(language: Language): String? = told?.let { errorMessage(it, language) }

private val EnishiException.told: ErrorCode?
    get() = when (this) {
        is EnishiException.Rejected -> this.code
        is EnishiException.SignedOut -> ErrorCode.SIGNED_OUT
        is EnishiException.NotAllowed -> ErrorCode.NOT_ALLOWED
        is EnishiException.UpgradeRequired -> ErrorCode.UPGRADE_REQUIRED
        else -> null
    }
