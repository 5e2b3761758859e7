package dev.enishi

import dev.enishi.id.AccountKey
import dev.enishi.id.CommunityId
import dev.enishi.id.PostId
import dev.enishi.model.Delivery
import dev.enishi.model.FeedPost
import dev.enishi.model.FeedWindow
import dev.enishi.model.JoiningForm
import dev.enishi.model.Selection
import dev.enishi.model.Around
import dev.enishi.protocol.Language
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.Stream
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** A phone that is signed in, with its data in a folder that is gone with it. */
class Phone(val folder: File, val client: Client, val account: AccountKey, val community: Community) : AutoCloseable {
    /** Writes into the community's feed. */
    suspend fun post(text: String, kind: PostKind = PostKind.TEXT): PostId =
        community.writePost(Stream.Community, kind, text, emptyList())

    /** The posts of all feeds as they are now. */
    suspend fun posts(): List<FeedPost> = community.feed(Selection.All, Around.Newest, 50u).posts

    /** Waits for a window of all feeds. */
    suspend fun awaitFeed(wanted: (FeedWindow) -> Boolean): FeedWindow = inTime { community.watchFeed().first(wanted) }

    override fun close() {
        runBlocking { client.shutDown() }
        folder.deleteRecursively()
    }

    companion object {
        /** Somebody who joins as a leaver does: by an invitation, a code by mail, and the fact that is asked for. */
        suspend fun joined(server: TestServer = TestServer.shared()): Phone {
            val leaver = server.leaver()
            val folder = Files.createTempDirectory("enishi-phone").toFile()
            val client = Client.open(options(folder), secretsIn(folder))
            val link = parseInvitation(server.invitation(leaver))
            val account = signIn(client, server, "${leaver.number}@example.jp")
            val joined = inTime { client.join(account, link.code, form(leaver)) }
            val community = client.community(account, joined.community)
            inTime { community.inStep() }
            return Phone(folder, client, account, community)
        }

        /** Whoever runs the community. */
        suspend fun owner(server: TestServer): Phone {
            val folder = Files.createTempDirectory("enishi-phone").toFile()
            val client = Client.open(options(folder), secretsIn(folder))
            val account = signIn(client, server, TestServer.OWNER)
            val community = client.community(account, CommunityId(server.community))
            inTime { community.inStep() }
            return Phone(folder, client, account, community)
        }

        suspend fun signIn(client: Client, server: TestServer, address: String): AccountKey {
            val sent = inTime { client.signIn(parseServer(server.url), address) }
            return inTime { client.finishSignIn(sent.attempt, inTime { server.code(address) }) }
        }

        fun form(leaver: Leaver): JoiningForm {
            val (family, given) = leaver.name.split(" ")
            return JoiningForm(PersonName(family, given), leaver.born, "", emptyMap(), toInviter = true, toCompany = false)
        }

        fun options(folder: File) = ClientOptions(folder.path, Language.JA)

        fun secretsIn(folder: File): SecretStore = fileSecretStore(File(folder, "secrets").path)
    }
}

/** Does something that must come to its end. */
suspend fun <T> inTime(work: suspend () -> T): T = withTimeout(30.seconds) { work() }

/** Whether the server has it. */
val FeedPost.isSent: Boolean get() = delivery == Delivery.Sent

/** A test that waits. */
fun story(told: suspend () -> Unit): Unit = runBlocking { told() }
