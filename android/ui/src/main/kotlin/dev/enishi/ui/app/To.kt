package dev.enishi.ui.app

import dev.enishi.id.ConversationId
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.PostId
import dev.enishi.protocol.ProfileField
import dev.enishi.protocol.Stream
import dev.enishi.protocol.Subject
import java.net.URLEncoder

/** Where a screen can lead. */
sealed class To(val route: String) {
    data object Back : To("")

    data object First : To("first")

    data class Preview(val link: String, val server: String? = null) : To("preview?link=${quoted(link)}&server=${quoted(server.orEmpty())}")

    data class SignIn(val server: String?, val link: String?) : To("sign-in?server=${quoted(server.orEmpty())}&link=${quoted(link.orEmpty())}")

    data class Join(val link: String, val server: String? = null) : To("join?link=${quoted(link)}&server=${quoted(server.orEmpty())}")

    data object Welcome : To("welcome")

    data object Home : To("home")

    data object People : To("people")

    data object Messages : To("messages")

    data object News : To("news")

    data object Me : To("me")

    data object Search : To("search")

    data class Compose(val stream: Stream) : To("compose?group=${(stream as? Stream.Group)?.v1 ?: ""}")

    data class EditPost(val post: PostId) : To("edit/$post")

    data class Post(val post: PostId) : To("post/$post")

    data class Member(val member: MemberId) : To("member/$member")

    data object Groups : To("groups")

    data class Group(val group: GroupId) : To("group/$group")

    data object NewGroup : To("new-group")

    data class Conversation(val conversation: ConversationId) : To("conversation/$conversation")

    data object Attention : To("attention")

    data object Invite : To("invite")

    /** A message is reported with others of its conversation. */
    data class Report(val subject: Subject, val conversation: ConversationId? = null) : To("report?${subjectIn(subject)}&conversation=${conversation ?: ""}")

    data object Rules : To("rules")

    data object Profile : To("profile")

    data class EditField(val field: ProfileField) : To("profile-field/${field.name}")

    /** One's own profile as others see it. */
    data object Seen : To("seen")

    data object Communities : To("communities")

    data object Settings : To("settings")

    data object NotificationSettings : To("notification-settings")

    data object Devices : To("devices")

    data object Approve : To("approve")

    data object WaysIn : To("ways-in")

    data object AddAddress : To("add-address")

    data object RecoveryCode : To("recovery-code")

    data class Recover(val server: String?) : To("recover?server=${quoted(server.orEmpty())}")

    data class RecoverByDevice(val server: String?) : To("recover-device?server=${quoted(server.orEmpty())}")

    data class RecoverByCode(val server: String?) : To("recover-code?server=${quoted(server.orEmpty())}")

    data class RecoverByOthers(val server: String?) : To("recover-others?server=${quoted(server.orEmpty())}")

    data object Bookmarks : To("bookmarks")

    /** Says of somebody that it is them. */
    data object Vouching : To("vouching")

    data object Unseen : To("unseen")

    data object Consents : To("consents")

    data object Leave : To("leave")

    data object DeleteAccount : To("delete-account")

    data object About : To("about")

    data object Licences : To("licences")

    /** Forgets every screen before it. */
    data class Only(val to: To) : To(to.route)
}

private fun quoted(text: String): String = URLEncoder.encode(text, "UTF-8").replace("+", "%20")

private fun subjectIn(subject: Subject): String = when (subject) {
    is Subject.Post -> "kind=post&id=${subject.v1}"
    is Subject.Comment -> "kind=comment&id=${subject.v1}"
    is Subject.Message -> "kind=message&id=${subject.v1}"
    is Subject.Member -> "kind=member&id=${subject.v1}"
}
