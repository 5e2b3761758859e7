package dev.enishi.app

import dev.enishi.SecretStoreException
import dev.enishi.app.secrets.KeystoreSealer
import dev.enishi.app.secrets.SealedSecretStore
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Secrets on the phone, sealed with a key of the Keystore's kind. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class SecretStoreTest {
    @get:Rule val place = TemporaryFolder()

    private val folder get() = File(place.root, "secrets")

    @Before fun aNewPhone() = PhoneKeystore.install()

    private fun store() = SealedSecretStore(folder, KeystoreSealer())

    private fun sealed(): List<File> = folder.listFiles { file -> file.extension == "sealed" }.orEmpty().toList()

    @Test fun `a secret is there again after the app was killed, and not after it was forgotten`() {
        store().set("store-key", byteArrayOf(1, 2, 3))
        store().set("store-key", byteArrayOf(4, 5))
        assertArrayEquals(byteArrayOf(4, 5), store().get("store-key"))
        store().remove("store-key")
        assertNull(store().get("store-key"))
        store().remove("store-key")
    }

    @Test fun `neither a secret nor its name is in any file`() {
        val secret = "とても秘密".toByteArray()
        store().set("token", secret)
        for (file in folder.walk().filter(File::isFile)) {
            assertFalse(file.readBytes().toString(Charsets.ISO_8859_1).contains(secret.toString(Charsets.ISO_8859_1)))
            assertFalse(file.name.contains("token"))
        }
        assertEquals(1, sealed().size)
    }

    @Test fun `a file that was changed is an error, not a secret that is missing`() {
        store().set("store-key", ByteArray(32) { 7 })
        val file = sealed().single()
        file.writeBytes(file.readBytes().also { it[it.size - 1] = (it.last() + 1).toByte() })
        assertThrows(SecretStoreException.Failed::class.java) { store().get("store-key") }
        file.writeBytes(ByteArray(3))
        assertThrows(SecretStoreException.Failed::class.java) { store().get("store-key") }
        assertTrue(file.exists())
    }

    @Test fun `what was sealed under one name does not open under another`() {
        store().set("one", byteArrayOf(1))
        val one = sealed().single()
        store().set("two", byteArrayOf(2))
        val two = sealed().single { it != one }
        one.copyTo(two, overwrite = true)
        assertThrows(SecretStoreException.Failed::class.java) { store().get("two") }
    }

    @Test fun `what was restored without its key is set aside, and the store begins anew`() {
        store().set("store-key", byteArrayOf(1))
        PhoneKeystore.forget()
        val restored = store()
        assertNull(restored.get("store-key"))
        val aside = place.root.listFiles { file -> file.name.startsWith("secrets-of-another-key") }.orEmpty()
        assertEquals(1, aside.size)
        assertEquals(1, aside.single().listFiles { file -> file.extension == "sealed" }.orEmpty().size)
        restored.set("store-key", byteArrayOf(2))
        assertArrayEquals(byteArrayOf(2), store().get("store-key"))
    }

    @Test fun `a folder that cannot be written is an error`() {
        folder.writeText("in the way")
        assertThrows(SecretStoreException.Failed::class.java) { store().set("a", byteArrayOf(1)) }
    }
}
