package sample

import dev.enishi.*
import dev.enishi.model.FeedWindow
import dev.enishi.model.JoiningForm
import dev.enishi.protocol.Language
import java.io.File

/** From an invitation to the feed, for as long as the scope of whoever calls lives. */
suspend fun follow(
    folder: File,
    invitation: String,
    address: String,
    form: JoiningForm,
    askCode: suspend () -> String,
    show: suspend (FeedWindow) -> Unit,
) {
    val options = ClientOptions(dataDir = folder.path, language = Language.JA)
    val secrets = fileSecretStore(File(folder, "secrets").path)
    withClient(options, secrets) { client ->
        val link = parseInvitation(invitation)
        val server = checkNotNull(link.server) { "a bare code: ask which server it is for" }
        val preview = client.preview(link, null)
        println("${preview.invitedBy.family} invites you to ${preview.community}")

        val sent = client.signIn(server, address)
        val account = client.finishSignIn(sent.attempt, askCode())
        val joined = client.join(account, link.code, form)

        val community = client.community(account, joined.community)
        community.watchFeed(size = 50).collect { window -> show(window) }
    }
}
