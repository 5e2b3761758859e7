package dev.enishi

import dev.enishi.id.AccountKey
import dev.enishi.id.CommunityId
import java.io.File
import java.nio.file.Files
import java.util.UUID
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** An app whose process is killed while it writes. */
class KilledProcessTest {
    @Test
    fun `every post that was said to be safe is there after the process was killed, and is sent once`() = story {
        val phone = Phone.joined()
        phone.client.shutDown()
        val java = File(System.getProperty("java.home"), "bin/java").path
        val arguments = listOf(phone.folder.path, "${phone.account}", "${phone.community.id()}")
        val command = listOf(java, "-cp", System.getProperty("java.class.path"), "dev.enishi.KilledProcessTestKt")
        val log = Files.createTempFile("enishi-process", ".log").toFile()
        val process = ProcessBuilder(command + arguments).redirectError(log).start()
        val said = process.inputStream.bufferedReader().lineSequence().take(20).toList()
        process.destroyForcibly().waitFor()
        assertEquals(20, said.size) { log.readText() }
        log.delete()

        val client = Client.open(Phone.options(phone.folder), Phone.secretsIn(phone.folder))
        val again = Phone(phone.folder, client, phone.account, client.community(phone.account, phone.community.id()))
        again.use {
            val held = it.posts().map { post -> "${post.id}" }
            assertTrue(held.containsAll(said))
            inTime { it.community.inStep() }
            val sent = it.awaitFeed { window -> window.posts.isNotEmpty() && window.posts.all(dev.enishi.model.FeedPost::isSent) }
            val own = sent.posts.filter { post -> post.own }.map { post -> post.text }
            assertTrue(own.size >= 20 && own.distinct().size == own.size) { "$own" }
        }
    }
}

/** The process: writes without a network until it is killed, and says of each post that it is safe. */
fun main(arguments: Array<String>): Unit = runBlocking {
    val (folder, account, community) = arguments
    val options = Phone.options(File(folder)).copy(online = false)
    val client = Client.open(options, Phone.secretsIn(File(folder)))
    val here = client.community(AccountKey(UUID.fromString(account)), CommunityId(UUID.fromString(community)))
    var number = 0
    while (true) {
        println(here.writePost(dev.enishi.protocol.Stream.Community, dev.enishi.protocol.PostKind.TEXT, "投稿 ${number++}", emptyList()))
        System.out.flush()
    }
}
