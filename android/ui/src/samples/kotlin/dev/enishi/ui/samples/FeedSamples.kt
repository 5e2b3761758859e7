package dev.enishi.ui.samples

import dev.enishi.id.AttachmentId
import dev.enishi.id.Position
import dev.enishi.model.Delivery
import dev.enishi.model.Reach
import dev.enishi.model.ToFetch
import dev.enishi.model.ReactionCount
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.Stream
import dev.enishi.ui.bookmarks.BookmarksScreen
import dev.enishi.ui.bookmarks.BookmarksState
import dev.enishi.ui.feed.FeedScreen
import dev.enishi.ui.feed.FeedState

val Posts = listOf(
    post(1, Sato, "来月12日（土）に、本社の食堂で秋の集まりを開きます。退職された方も、ご家族と一緒にどうぞ。詳しくはイベントの案内をご覧ください。", 25, kind = PostKind.ANNOUNCEMENT, pinned = true, comments = 6, reactions = listOf(ReactionCount("👏", 18, false), ReactionCount("🎉", 4, true))),
    post(2, Tanaka, "開発部で一緒だったみなさん、お元気ですか。先週、昔の試作機が科学館に寄贈されたと聞いて見てきました。説明板に当時の写真もありましたよ。", 190, comments = 2, reactions = listOf(ReactionCount("😊", 7, false)), bookmarked = true),
    post(3, Suzuki, "福岡で冷蔵倉庫を探している知人がいます。心あたりのある方、教えてください。", 60 * 26, Stream.Group(Sales.id), PostKind.QUESTION, comments = 3),
)

private val Full = FeedState(
    "縁商事", window = window(Posts), status = Online, groups = listOf(Sales, Kyushu, Closed),
    unread = mapOf<Stream, kotlin.Long>(Stream.Group(Sales.id) to 3L), authors = Everyone.associateBy { it.id }, severalCommunities = true,
)

private val LongText = "株式会社での三十七年を振り返ると、入社した年の台風のこと、海外の工場を立ち上げた夜のこと、若い人たちに助けられたことばかり思い出します。\n\n" +
    "在職中はなかなか言えませんでしたが、あの頃の組織の動かし方については、いまでも考え続けています。次にお会いできたときに、ゆっくりお話ししたいです。".repeat(4)

fun feedSamples(): List<Sample> = listOf(
    sample("feed", "loading") { FeedScreen(Full.copy(window = null, status = null), {}, {}) },
    sample("feed", "full") { FeedScreen(Full, {}, {}) },
    sample("feed", "empty") { FeedScreen(FeedState("縁商事", window = window(emptyList()), status = Online), {}, {}) },
    sample("feed", "offline") {
        FeedScreen(Full.copy(status = Offline, window = window(listOf(post(4, Suzuki, "電車の中から書いています。来週そちらへ伺います。", 1, own = true, delivery = Delivery.Pending)) + Posts)), {}, {})
    },
    sample("feed", "signed-out") { FeedScreen(Full.copy(status = Online.copy(reach = Reach.Halted(ErrorCode.SIGNED_OUT))), {}, {}) },
    sample("feed", "old-app") { FeedScreen(Full.copy(status = Online.copy(reach = Reach.Halted(ErrorCode.UPGRADE_REQUIRED))), {}, {}) },
    sample("feed", "wrong-clock") { FeedScreen(Full.copy(status = Online.copy(clockWrong = true)), {}, {}) },
    sample("feed", "no-space") { FeedScreen(Full.copy(status = Online.copy(storageFull = true)), {}, {}) },
    sample("feed", "large-file") { FeedScreen(Full.copy(large = listOf(AttachmentId(uuid(700)))), {}, {}) },
    sample("feed", "older") { FeedScreen(Full.copy(window = window(Posts.take(1)).copy(older = ToFetch(before = Position(1), offline = true, stream = Stream.Community))), {}, {}) },
    sample("feed", "refused") {
        val refused = post(5, Suzuki, "全員へのお知らせ", 3, own = true, delivery = Delivery.NeedsAttention(ErrorCode.NOT_ALLOWED))
        FeedScreen(Full.copy(attention = 1, window = window(listOf(refused) + Posts)), {}, {})
    },
    sample("feed", "long") {
        FeedScreen(Full.copy(community = "縁グローバルホールディングス株式会社 退職者の会", window = window(listOf(post(6, Long, LongText, 60 * 24 * 400, Stream.Group(Closed.id), edited = true, comments = 1_204, reactions = listOf(ReactionCount("👏", 1_024, true), ReactionCount("🙏", 310, false), ReactionCount("😊", 12, false)))))), {}, {})
    },
)

fun bookmarksSamples(): List<Sample> = listOf(
    sample("bookmarks", "loading") { BookmarksScreen(BookmarksState("縁商事"), {}, {}) },
    sample("bookmarks", "empty") { BookmarksScreen(BookmarksState("縁商事", emptyList()), {}, {}) },
    sample("bookmarks", "full") {
        BookmarksScreen(BookmarksState("縁商事", Posts.map { it.copy(bookmarked = true) }, Everyone.associateBy { it.id }, mapOf(Sales.id to Sales.name, Kyushu.id to Kyushu.name, Closed.id to Closed.name)), {}, {})
    },
)
