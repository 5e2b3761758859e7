package dev.enishi.app.secrets

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * AES-GCM with a key in the Android Keystore. The key needs nobody's presence, since the phone is brought in step
 * while it lies in a pocket; it never leaves the device, and no backup holds it.
 */
class KeystoreSealer(private val alias: String = "enishi-secrets") : Sealer {
    private val key: SecretKey by lazy(::find)

    override fun seal(plain: ByteArray, name: String): ByteArray {
        // The Keystore picks the nonce.
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, key) }
        cipher.updateAAD(name.toByteArray())
        return cipher.iv + cipher.doFinal(plain)
    }

    override fun open(sealed: ByteArray, name: String): ByteArray {
        if (sealed.size < NONCE_BYTES) throw AEADBadTagException("too short")
        val nonce = GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES)
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.DECRYPT_MODE, key, nonce) }
        cipher.updateAAD(name.toByteArray())
        return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    private fun find(): SecretKey {
        val keys = KeyStore.getInstance(STORE).apply { load(null) }
        return when (val held = keys.getKey(alias, null)) {
            is SecretKey -> held
            null -> make()
            else -> throw GeneralSecurityException("not a secret key")
        }
    }

    private fun make(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val wanted = KeyGenParameterSpec.Builder(alias, purposes)
            .setKeySize(KEY_BITS)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(wanted) }.generateKey()
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val NONCE_BYTES = 12
    }
}
