package dev.enishi

import dev.enishi.protocol.ErrorCode
import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Coming in by something else than a code from the mail. */
class WaysInTest {
    @Test
    fun `a printed code lets another phone in once, and the first is told`() = story {
        val server = TestServer.shared()
        Phone.joined(server).use { phone ->
            val code = inTime { phone.client.makeRecoveryCode(phone.account) }
            val folder = Files.createTempDirectory("enishi-phone").toFile()
            withClient(Phone.options(folder), Phone.secretsIn(folder)) { client ->
                val account = inTime { client.signInWithRecoveryCode(parseServer(server.url), code) }
                assertEquals(phone.client.accounts().map { it.address }, client.accounts().map { it.address })
                val community = inTime { client.community(account, phone.community.id()) }
                assertEquals(phone.community.member(), community.member())
                val devices = inTime { phone.client.devices(phone.account) }
                assertEquals(2, devices.size)
                val again = assertThrows<EnishiException.Rejected> {
                    inTime { client.signInWithRecoveryCode(parseServer(server.url), code) }
                }
                assertEquals(ErrorCode.RECOVERY_CODE_WRONG, again.code)
            }
            folder.deleteRecursively()
        }
    }
}
