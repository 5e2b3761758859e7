package dev.enishi.app.secrets

import dev.enishi.SecretStore
import dev.enishi.SecretStoreException
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import java.security.GeneralSecurityException
import java.util.UUID
import javax.crypto.AEADBadTagException

/**
 * Secrets as sealed files, one for each name. `set` returns once the file has reached the disk.
 *
 * What was restored without its key can never be opened again: it is set aside, the store begins anew, and the core
 * tells from the key that is missing that its database belongs to another. A file that is damaged while the key is
 * the right one is an error instead: to answer that nothing is there would give up a store that is whole.
 */
class SealedSecretStore(private val folder: File, private val sealer: Sealer) : SecretStore {
    private var ready = false

    override fun get(name: String): ByteArray? = working {
        val file = file(name)
        if (file.exists()) sealer.open(file.readBytes(), name) else null
    }

    override fun set(name: String, secret: ByteArray): Unit = working { write(file(name), sealer.seal(secret, name)) }

    override fun remove(name: String): Unit = working {
        if (Files.deleteIfExists(file(name).toPath())) flush(folder)
    }

    @Synchronized
    private fun <T> working(work: () -> T): T = try {
        if (!ready) {
            prepare()
            ready = true
        }
        work()
    } catch (error: IOException) {
        throw failed(error)
    } catch (error: GeneralSecurityException) {
        throw failed(error)
    }

    /** Sees that what lies here was sealed with the key that is there. */
    private fun prepare() {
        val proof = File(folder, PROOF)
        if (proof.exists() && !isOurs(proof)) {
            val aside = File(folder.parentFile, "${folder.name}-of-another-key-${UUID.randomUUID()}")
            Files.move(folder.toPath(), aside.toPath(), StandardCopyOption.ATOMIC_MOVE)
        }
        if (!folder.isDirectory && !folder.mkdirs()) throw IOException("no folder for secrets")
        if (!proof.exists()) write(proof, sealer.seal(ByteArray(0), PROOF))
    }

    private fun isOurs(proof: File): Boolean = try {
        sealer.open(proof.readBytes(), PROOF)
        true
    } catch (_: AEADBadTagException) {
        false
    }

    /** Names are ASCII, and are letters on every file system. */
    private fun file(name: String): File =
        File(folder, name.toByteArray().joinToString("") { "%02x".format(it) } + ".sealed")

    private fun write(file: File, bytes: ByteArray) {
        val next = File(folder, "${file.name}.next")
        FileOutputStream(next).use {
            it.write(bytes)
            it.fd.sync()
        }
        Files.move(next.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        flush(folder)
    }

    /** The file's name has to reach the disk as well. */
    private fun flush(folder: File): Unit = FileChannel.open(folder.toPath(), StandardOpenOption.READ).use { it.force(true) }

    /** Says nothing of a secret or of its name. */
    private fun failed(error: Exception) = SecretStoreException.Failed(error.javaClass.simpleName)

    private companion object {
        const val PROOF = "proof"
    }
}
