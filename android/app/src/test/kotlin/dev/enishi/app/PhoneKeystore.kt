package dev.enishi.app

import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Keys as a phone's Keystore holds them, as far as this app asks: Robolectric has none. The cipher is Java's own. */
object PhoneKeystore {
    internal val keys: MutableMap<String, SecretKey> = Collections.synchronizedMap(mutableMapOf())

    /** A phone without any key. */
    fun install() {
        Security.removeProvider(NAME)
        Security.addProvider(KeystoreProvider())
        forget()
    }

    /** What a phone is like to which files of another one were restored. */
    fun forget(): Unit = keys.clear()

    const val NAME = "AndroidKeyStore"
}

class KeystoreProvider : Provider(PhoneKeystore.NAME, "1", "keys in memory") {
    init {
        putService(Service(this, "KeyStore", PhoneKeystore.NAME, MemoryKeys::class.java.name, null, null))
        putService(Service(this, "KeyGenerator", "AES", MemoryGenerator::class.java.name, null, null))
    }

    private class Service(provider: Provider, type: String, name: String, className: String, aliases: List<String>?, attributes: Map<String, String>?) :
        Provider.Service(provider, type, name, className, aliases, attributes) {
        override fun newInstance(parameter: Any?): Any = if (type == "KeyStore") MemoryKeys() else MemoryGenerator()
    }
}

class MemoryKeys : KeyStoreSpi() {
    override fun engineGetKey(alias: String, password: CharArray?): Key? = PhoneKeystore.keys[alias]
    override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
    override fun engineContainsAlias(alias: String) = alias in PhoneKeystore.keys
    override fun engineAliases(): Enumeration<String> = Collections.enumeration(PhoneKeystore.keys.keys)
    override fun engineSize() = PhoneKeystore.keys.size
    override fun engineIsKeyEntry(alias: String) = engineContainsAlias(alias)
    override fun engineDeleteEntry(alias: String) { PhoneKeystore.keys.remove(alias) }
    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
    override fun engineGetCertificate(alias: String): Certificate? = null
    override fun engineGetCreationDate(alias: String): Date? = null
    override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) = refuse()
    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) = refuse()
    override fun engineSetCertificateEntry(alias: String, certificate: Certificate?) = refuse()
    override fun engineIsCertificateEntry(alias: String) = false
    override fun engineGetCertificateAlias(certificate: Certificate?): String? = null
    override fun engineStore(stream: OutputStream?, password: CharArray?) = refuse()

    private fun refuse(): Nothing = throw UnsupportedOperationException("a key never leaves the phone")
}

class MemoryGenerator : KeyGeneratorSpi() {
    private val java = KeyGenerator.getInstance("AES", "SunJCE")
    private var alias = ""

    override fun engineInit(random: SecureRandom?) = Unit

    override fun engineInit(bits: Int, random: SecureRandom?) = Unit

    override fun engineInit(wanted: AlgorithmParameterSpec, random: SecureRandom?) {
        val spec = wanted as android.security.keystore.KeyGenParameterSpec
        check(spec.blockModes.toList() == listOf("GCM") && spec.isRandomizedEncryptionRequired)
        alias = spec.keystoreAlias
        java.init(spec.keySize)
    }

    override fun engineGenerateKey(): SecretKey = java.generateKey().also { PhoneKeystore.keys[alias] = it }
}
