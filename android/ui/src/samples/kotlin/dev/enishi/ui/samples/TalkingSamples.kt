package dev.enishi.ui.samples

import dev.enishi.id.ConversationId
import dev.enishi.id.InvitationId
import dev.enishi.id.MemberId
import dev.enishi.id.MessageId
import dev.enishi.id.MutationId
import dev.enishi.id.Position
import dev.enishi.id.Version
import dev.enishi.model.Belonging
import dev.enishi.model.ConversationView
import dev.enishi.model.Delivery
import dev.enishi.model.GroupMemberView
import dev.enishi.model.InvitationView
import dev.enishi.model.MadeInvitation
import dev.enishi.model.MemberView
import dev.enishi.model.MessageView
import dev.enishi.model.MessageWindow
import dev.enishi.model.Notification
import dev.enishi.model.ParticipantView
import dev.enishi.protocol.Joining
import dev.enishi.protocol.NotificationKind
import dev.enishi.protocol.Participation
import dev.enishi.ui.Problem
import dev.enishi.ui.groups.GroupScreen
import dev.enishi.ui.groups.GroupState
import dev.enishi.ui.groups.GroupsScreen
import dev.enishi.ui.groups.GroupsState
import dev.enishi.ui.groups.NewGroupScreen
import dev.enishi.ui.groups.NewGroupState
import dev.enishi.ui.invite.InviteScreen
import dev.enishi.ui.invite.InviteState
import dev.enishi.ui.messages.ConversationScreen
import dev.enishi.ui.messages.ConversationState
import dev.enishi.ui.messages.MessagesScreen
import dev.enishi.ui.messages.MessagesState
import dev.enishi.ui.notifications.News
import dev.enishi.ui.notifications.NewsScreen
import dev.enishi.ui.notifications.NewsState
import dev.enishi.ui.people.MemberScreen
import dev.enishi.ui.people.MemberState
import dev.enishi.ui.people.PeopleScreen
import dev.enishi.ui.people.PeopleState

private val Talk = ConversationId(uuid(500))

fun message(number: Int, by: MemberView, text: String, minutesAgo: kotlin.Long, own: Boolean = false, delivery: Delivery = Delivery.Sent) = MessageView(
    author = by.id, authorName = by.name, conversation = Talk, createdUs = us(minutesAgo), delivery = delivery, edited = false,
    id = MessageId(uuid(510 + number)), own = own, position = if (delivery == Delivery.Sent) Position(number.toLong()) else null, text = text, textBy = MutationId(uuid(510 + number)),
)

val Chat = listOf(
    message(1, Tanaka, "鈴木さん、お久しぶりです。九州の販路のことで、少しお話をうかがえませんか。", 60 * 25),
    message(2, Suzuki, "もちろんです。来週なら、いつでも空いています。", 60 * 24, own = true),
    message(3, Tanaka, "ありがとうございます。では水曜の午後にお電話します。", 30),
)

private fun conversation(number: Int, with: MemberView, newest: MessageView?, unread: kotlin.Long = 0, asked: Boolean = false) = ConversationView(
    askedBy = if (asked) with.id else null, delivery = Delivery.Sent, id = ConversationId(uuid(500 + number)), muted = false, newest = newest, pair = true,
    participants = listOf(
        ParticipantView(Suzuki.id, Suzuki.name, own = true, participation = if (asked) Participation.ASKED else Participation.IN),
        ParticipantView(with.id, with.name, own = false, participation = Participation.IN),
    ),
    readTo = null, title = null, unread = unread,
)

private fun talk(messages: List<MessageView>, asked: Boolean = false) =
    ConversationState(MessageWindow(conversation(0, Tanaka, messages.lastOrNull(), asked = asked), filling = false, messages = messages, moreAbove = false, moreBelow = false), loaded = true, status = Online)

private fun news(number: Int, kind: NotificationKind, by: String?, text: String, minutesAgo: kotlin.Long, unread: Boolean = false) = News(
    Company, "縁商事",
    Notification(
        accepted = if (kind == NotificationKind.DECISION) true else null, alert = false, atUs = us(minutesAgo), by = null, byName = by, comment = null, conversation = null,
        group = null, id = uuid(700 + number), kind = kind, place = Version(number.toLong()), post = Posts[0].id, text = text, unread = unread,
    ),
)

private val AllNews = listOf(
    news(1, NotificationKind.MENTION, "田中 美咲", "先週の件、@鈴木 一郎 さんはどう思いますか。", 12, unread = true),
    news(2, NotificationKind.ANNOUNCEMENT, "佐藤 花子", "来月12日（土）に、本社の食堂で秋の集まりを開きます。", 25, unread = true),
    news(3, NotificationKind.MESSAGE_REQUEST, "Christopher Smith", "", 60 * 26),
    news(4, NotificationKind.DECISION, null, "九州の会", 60 * 24 * 5),
)

private fun invitation(number: Int, note: String, used: kotlin.Long, joined: List<MemberId> = emptyList()) = InvitationView(
    code = "ABCDEFGHJKMN", delivery = Delivery.Sent, expiresUs = us(-60L * 24 * 20), id = InvitationId(uuid(800 + number)), joined = joined, note = note, revoked = false,
    toCompany = false, used = used, uses = 1,
)

private val Made = MadeInvitation(code = "ABCDEFGHJKMN", id = InvitationId(uuid(801)), link = "https://enishi.example/i/alumni.example.jp/ABCD-EFGH-JKMN-PQRS-TVWX-YZ01")

fun talkingSamples(): List<Sample> = listOf(
    sample("people", "full") { PeopleScreen(PeopleState(people = Everyone, newcomers = listOf(Tanaka)), {}, {}) },
    sample("people", "empty") { PeopleScreen(PeopleState(people = emptyList()), {}, {}) },
    sample("people", "found") { PeopleScreen(PeopleState("営業", people = listOf(Suzuki, Smith)), {}, {}) },
    sample("people", "long") { PeopleScreen(PeopleState("推進", people = List(8) { member(40 + it, Long.name, Long.fields.values.first(), 1987 to 2024) }), {}, {}) },
    sample("member", "loading") { MemberScreen(MemberState(), {}, {}) },
    sample("member", "full") { MemberScreen(MemberState(Suzuki, loaded = true), {}, {}) },
    sample("member", "empty") { MemberScreen(MemberState(Smith, loaded = true), {}, {}) },
    sample("member", "blocked") { MemberScreen(MemberState(Suzuki, loaded = true, blocked = true), {}, {}) },
    sample("member", "gone") { MemberScreen(MemberState(loaded = true), {}, {}) },
    sample("member", "long") { MemberScreen(MemberState(Long, loaded = true, muted = true, problem = Problem("offline")), {}, {}) },
    sample("groups", "full") { GroupsScreen(GroupsState(listOf(Sales, Kyushu, Closed, group(14, "写真部", 6, belonging = Belonging.INVITED), group(15, "技術の昔ばなし", 41, belonging = Belonging.OUTSIDE, joining = Joining.REQUEST)))) {} },
    sample("groups", "empty") { GroupsScreen(GroupsState(emptyList())) {} },
    sample("groups", "long") { GroupsScreen(GroupsState(listOf(group(16, "グローバルサプライチェーンマネジメント推進本部で一緒に汗を流した人たちの集まり", 1_234, closed = true, secret = true)))) {} },
    sample("group", "full") { GroupScreen(GroupState(Sales.copy(description = "営業にいた人の集まりです。"), loaded = true, members = Everyone.map { GroupMemberView(id = it.id, keeper = it == Suzuki, name = it.name) }), {}, {}) },
    sample("group", "outside") { GroupScreen(GroupState(group(15, "技術の昔ばなし", 41, belonging = Belonging.OUTSIDE, joining = Joining.REQUEST, description = "設計や試作の昔ばなしをします。"), loaded = true), {}, {}) },
    sample("group", "empty") { GroupScreen(GroupState(loaded = true), {}, {}) },
    sample("group", "long") { GroupScreen(GroupState(group(16, "グローバルサプライチェーンマネジメント推進本部で一緒に汗を流した人たちの集まり", 1_234, closed = true, secret = true, description = "海外の工場で苦労を共にした人の集まりです。".repeat(4)), loaded = true), {}, {}) },
    sample("new-group", "empty") { NewGroupScreen(NewGroupState(), {}, {}) },
    sample("new-group", "full") { NewGroupScreen(NewGroupState("本音の部屋", "在職中に言えなかったことを話します。", Joining.INVITATION, closed = true, secret = true), {}, {}) },
    sample("messages", "full") { MessagesScreen(MessagesState(listOf(conversation(1, Smith, null, asked = true), conversation(2, Tanaka, Chat[2], unread = 1), conversation(3, Sato, message(9, Sato, "書類をお送りしました。", 60 * 24 * 9))))) {} },
    sample("messages", "empty") { MessagesScreen(MessagesState(emptyList())) {} },
    sample("messages", "long") { MessagesScreen(MessagesState(listOf(conversation(4, Long, message(8, Long, "いつもお世話になっております。".repeat(10), 60 * 24 * 400), unread = 120)))) {} },
    sample("conversation", "full") { ConversationScreen(talk(Chat), {}, {}) },
    sample("conversation", "empty") { ConversationScreen(talk(emptyList()), {}, {}) },
    sample("conversation", "asked") { ConversationScreen(talk(Chat.take(1), asked = true), {}, {}) },
    sample("conversation", "offline") { ConversationScreen(talk(Chat + message(4, Suzuki, "少し遅れます。", 1, own = true, delivery = Delivery.Pending)).copy(status = Offline, text = "書きかけのメッセージ"), {}, {}) },
    sample("conversation", "long") { ConversationScreen(talk(listOf(message(5, Tanaka, "長いあいだご連絡できずにいました。".repeat(14), 90), message(6, Suzuki, "こちらこそ。".repeat(30), 60, own = true))), {}, {}) },
    sample("news", "full") { NewsScreen(NewsState(AllNews, severalCommunities = true), {}, {}) {} },
    sample("news", "empty") { NewsScreen(NewsState(emptyList()), {}, {}) {} },
    sample("news", "denied") { NewsScreen(NewsState(AllNews.take(1), allowed = false, quietUntilUs = us(-600)), {}, {}) {} },
    sample("news", "long") { NewsScreen(NewsState(listOf(news(5, NotificationKind.COMMENT, Long.name, "いつもお世話になっております。先日の集まりでは、十五年ぶりに多くの方とお話しできました。".repeat(2), 60 * 24 * 400))), {}, {}) {} },
    sample("invite", "empty") { InviteScreen(InviteState("縁商事"), {}, {}) },
    sample("invite", "own") { InviteScreen(InviteState("縁商事", "営業の山田さん", own = listOf(invitation(2, "開発の森さん", 0), invitation(3, "同期の林さん", 1, listOf(Tanaka.id))), names = mapOf(Tanaka.id to Tanaka.name)), {}, {}) },
    sample("invite", "full") { InviteScreen(InviteState("縁商事", made = Made, works = true), {}, {}) },
    sample("invite", "offline") { InviteScreen(InviteState("縁商事", made = Made), {}, {}) },
    sample("invite", "long") { InviteScreen(InviteState("縁グローバルホールディングス株式会社 退職者の会", made = Made, works = true), {}, {}) },
)
