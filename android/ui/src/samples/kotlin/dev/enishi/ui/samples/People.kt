package dev.enishi.ui.samples

import dev.enishi.id.CommunityId
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.MutationId
import dev.enishi.id.Position
import dev.enishi.id.PostId
import dev.enishi.model.Belonging
import dev.enishi.model.Delivery
import dev.enishi.model.FeedPost
import dev.enishi.model.FeedWindow
import dev.enishi.model.GroupView
import dev.enishi.model.MemberView
import dev.enishi.model.Reach
import dev.enishi.model.ReactionCount
import dev.enishi.model.SyncStatus
import dev.enishi.protocol.Affiliation
import dev.enishi.protocol.Attachment
import dev.enishi.protocol.Joining
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.ProfileField
import dev.enishi.protocol.Role
import dev.enishi.protocol.Standing
import dev.enishi.protocol.Stream
import dev.enishi.toMicroseconds
import java.time.Instant
import java.util.UUID

/** The moment at which all samples are drawn: Monday, 14:05 in Tokyo. */
val Now: Instant = Instant.parse("2026-11-23T05:05:00Z")

fun uuid(number: Int): UUID = UUID(0x0190_0000_0000_7000L, -0x7000_0000_0000_0000L + number)

fun us(minutesAgo: Long): Long = Now.minusSeconds(minutesAgo * 60).toMicroseconds()

/** Somebody who was there, and shows what most show. */
fun member(
    number: Int, name: String, department: String? = null, years: Pair<Int, Int?>? = null,
    role: Role = Role.MEMBER, affiliation: Affiliation = Affiliation.ALUMNUS, supporter: Boolean = false,
    more: Map<ProfileField, String> = emptyMap(),
) = MemberView(
    id = MemberId(uuid(number)), name = name, role = role, affiliation = affiliation, standing = Standing.ACTIVE,
    supporter = supporter, joinedUs = us(60L * 24 * 40),
    fields = buildMap {
        department?.let { put(ProfileField.DEPARTMENT, it) }
        years?.let { (from, to) ->
            put(ProfileField.JOINED_YEAR, "$from")
            to?.let { put(ProfileField.LEFT_YEAR, "$it") }
        }
        putAll(more)
    },
)

val Sato = member(1, "佐藤 花子", "人事部", 2004 to null, Role.OWNER, Affiliation.EMPLOYEE)
val Suzuki = member(2, "鈴木 一郎", "営業第二部", 1998 to 2019, more = mapOf(ProfileField.EMPLOYER to "鈴木事務所", ProfileField.LOCATION to "福岡市", ProfileField.EXPERTISE to "食品の卸、九州の販路", ProfileField.ABOUT to "定年の少し前に退職し、地元で小さな商いを手伝っています。"))
val Tanaka = member(3, "田中 美咲", "開発部", 2012 to 2021, supporter = true)
val Long = member(4, "勅使河原 龍之介", "グローバルサプライチェーンマネジメント推進本部 アジア・オセアニア統括室", 1987 to 2024)
val Smith = member(5, "Christopher Smith", "International Sales", 2015 to 2020)
val Everyone = listOf(Sato, Suzuki, Tanaka, Long, Smith)

val Sales = group(11, "営業OB会", 23)
val Kyushu = group(12, "九州の会", 8)
val Closed = group(13, "本音の部屋", 15, closed = true)

fun group(number: Int, name: String, members: Long, closed: Boolean = false, belonging: Belonging = Belonging.MEMBER, keeper: Boolean = false, description: String = "", joining: Joining = Joining.OPEN, secret: Boolean = false) = GroupView(
    id = GroupId(uuid(number)), name = name, description = description, joining = joining, secret = secret,
    closedToStaff = closed, members = members, keeper = keeper, belonging = belonging, delivery = Delivery.Sent,
)

fun post(
    number: Int, by: MemberView, text: String, minutesAgo: Long,
    stream: Stream = Stream.Community, kind: PostKind = PostKind.TEXT, delivery: Delivery = Delivery.Sent,
    comments: Long = 0, reactions: List<ReactionCount> = emptyList(), pinned: Boolean = false, own: Boolean = false,
    attachments: List<Attachment> = emptyList(), edited: Boolean = false, bookmarked: Boolean = false,
) = FeedPost(
    id = PostId(uuid(100 + number)), author = by.id, authorName = by.name, text = text, createdUs = us(minutesAgo),
    stream = stream, kind = kind, delivery = delivery, comments = comments, reactions = reactions, pinned = pinned, own = own,
    attachments = attachments, edited = edited, bookmarked = bookmarked, hidden = null, mentions = emptyList(), poll = null,
    position = if (delivery == Delivery.Sent) Position(1000L - number) else null, textBy = MutationId(uuid(100 + number)),
)

fun window(posts: List<FeedPost>) = FeedWindow(posts, moreAbove = false, moreBelow = false, newer = null, older = null, filling = false)

val Online = SyncStatus(reach = Reach.Online, waiting = 0, attention = 0, inStepUs = us(0), live = true, calling = false, metered = false, clockWrong = false, storageFull = false, whole = true)
val Offline = Online.copy(reach = Reach.Offline, waiting = 1, live = false)

val Company: CommunityId = CommunityId(uuid(900))
