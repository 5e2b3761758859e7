package dev.enishi.app.secrets

import java.security.GeneralSecurityException

/** Seals bytes with a key that cannot be taken out of where it is. `name` is bound to them: what was sealed under one name opens under no other. */
interface Sealer {
    @Throws(GeneralSecurityException::class)
    fun seal(plain: ByteArray, name: String): ByteArray

    /** @throws javax.crypto.AEADBadTagException where it was sealed with another key or name, or was changed */
    @Throws(GeneralSecurityException::class)
    fun open(sealed: ByteArray, name: String): ByteArray
}
