package dev.enishi.ui.samples

import dev.enishi.Refused
import dev.enishi.id.AttachmentId
import dev.enishi.id.CommentId
import dev.enishi.id.MutationId
import dev.enishi.id.Position
import dev.enishi.model.CommentHit
import dev.enishi.model.Delivery
import dev.enishi.model.FeedComment
import dev.enishi.model.MemberView
import dev.enishi.model.PostPage
import dev.enishi.model.Readers
import dev.enishi.model.SearchHits
import dev.enishi.protocol.AttachmentKind
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Stream
import dev.enishi.protocol.Subject
import dev.enishi.ui.Problem
import dev.enishi.ui.attention.AttentionScreen
import dev.enishi.ui.attention.AttentionState
import dev.enishi.ui.compose.Attached
import dev.enishi.ui.compose.ComposeScreen
import dev.enishi.ui.compose.ComposeState
import dev.enishi.ui.post.PostScreen
import dev.enishi.ui.post.PostState
import dev.enishi.ui.report.ReportScreen
import dev.enishi.ui.report.ReportState
import dev.enishi.ui.report.RulesScreen
import dev.enishi.ui.report.RulesState
import dev.enishi.ui.search.SearchScreen
import dev.enishi.ui.search.SearchState

val All = Readers(members = 412, staff = true, closedToStaff = false, whole = true)
val InClosed = Readers(members = 15, staff = false, closedToStaff = true, whole = true)

fun comment(number: Int, by: MemberView, text: String, minutesAgo: kotlin.Long, own: Boolean = false, delivery: Delivery = Delivery.Sent, replyTo: CommentId? = null) = FeedComment(
    id = CommentId(uuid(300 + number)), author = by.id, authorName = by.name, text = text, createdUs = us(minutesAgo), own = own,
    delivery = delivery, edited = false, hidden = null, replyTo = replyTo, mentions = emptyList(), attachments = emptyList(), textBy = MutationId(uuid(300 + number)),
)

private val Comments = listOf(
    comment(1, Suzuki, "写真、ぜひ見たいです。当時の試作室の窓が写っているはずです。", 150),
    comment(2, Smith, "I remember that machine. It never stopped humming.", 90),
    comment(3, Tanaka, "窓、写っていましたよ。次の集まりに持っていきますね。", 12, replyTo = CommentId(uuid(301))),
)

private val Page = PostState(PostPage(comments = Comments, moreAbove = false, post = Posts[1]), loaded = true, where = "縁商事", authors = Everyone.associateBy { it.id }, readers = All)

private val LongWords = "いつもお世話になっております。先日の集まりでは、十五年ぶりに多くの方とお話しでき、帰りの電車で胸がいっぱいになりました。".repeat(6)

fun readingSamples(): List<Sample> = listOf(
    sample("compose", "empty") { ComposeScreen(ComposeState(Stream.Community, "縁商事", readers = All), {}, {}) },
    sample("compose", "full") {
        ComposeScreen(ComposeState(Stream.Group(Closed.id), Closed.name, "先週の件、@田中 美咲 さんはどう思いますか。", readers = InClosed, files = listOf(Attached(AttachmentId(uuid(1)), AttachmentKind.IMAGE, null, "科学館の展示"))), {}, {})
    },
    sample("compose", "mention") { ComposeScreen(ComposeState(Stream.Community, "縁商事", "@た", readers = All, candidates = listOf(Tanaka, Long)), {}, {}) },
    sample("compose", "poll") { ComposeScreen(ComposeState(Stream.Community, "縁商事", "次の集まりはいつがよいですか。", readers = All, question = true, poll = listOf("3月の土曜", "4月の土曜", "")), {}, {}) },
    sample("compose", "problem") { ComposeScreen(ComposeState(Stream.Community, "縁商事", "写真を付けます。", readers = All, tooLarge = 1, problem = Problem("storage_full")), {}, {}) },
    sample("compose", "over") { ComposeScreen(ComposeState(Stream.Community, "縁商事", "長".repeat(20_012), readers = All), {}, {}) },
    sample("compose", "long") { ComposeScreen(ComposeState(Stream.Community, "縁グローバルホールディングス株式会社 退職者の会", LongWords, readers = All.copy(whole = false)), {}, {}) },
    sample("post", "loading") { PostScreen(PostState(), {}, {}) },
    sample("post", "full") { PostScreen(Page, {}, {}) },
    sample("post", "empty") { PostScreen(Page.copy(page = PostPage(comments = emptyList(), moreAbove = false, post = Posts[1].copy(comments = 0))), {}, {}) },
    sample("post", "pending") { PostScreen(Page.copy(page = PostPage(comments = Comments + comment(4, Suzuki, "当日は受付を手伝います。", 1, own = true, delivery = Delivery.Pending), moreAbove = true, post = Posts[1]), comment = "書きかけ"), {}, {}) },
    sample("post", "gone") { PostScreen(PostState(loaded = true), {}, {}) },
    sample("post", "long") { PostScreen(Page.copy(page = PostPage(comments = listOf(comment(5, Long, LongWords, 60 * 24 * 500)), moreAbove = false, post = post(6, Long, LongWords, 60 * 24 * 501))), {}, {}) },
    sample("search", "empty") { SearchScreen(SearchState(community = "縁商事"), {}, {}) },
    sample("search", "full") {
        val hits = SearchHits(comments = listOf(CommentHit(comment = comment(1, Suzuki, "退職してから、朝の散歩が日課になりました。", 3_000), position = Position(1), post = Posts[0].id, stream = Stream.Community)), ended = Position(3), posts = listOf(post(7, Tanaka, "退職して一年になりました。", 5_000)))
        SearchScreen(SearchState("退職", "縁商事", hits, people = listOf(Suzuki)), {}, {})
    },
    sample("search", "nothing") { SearchScreen(SearchState("珈琲倶楽部", "縁商事", SearchHits(comments = emptyList(), ended = null, posts = emptyList())), {}, {}) },
    sample("search", "long") { SearchScreen(SearchState("出世", "縁商事", SearchHits(comments = emptyList(), ended = null, posts = listOf(post(8, Long, LongWords, 60 * 24 * 900))), people = listOf(Long)), {}, {}) },
    sample("attention", "full") {
        AttentionScreen(AttentionState(listOf(Refused(MutationId(uuid(1)), ErrorCode.NOT_ALLOWED, "post.write", yours = "全員へのお知らせです。", theirs = null), Refused(MutationId(uuid(2)), ErrorCode.CONFLICT, "post.edit", yours = "集まりは12日です。", theirs = "集まりは13日です。"))), {}, {})
    },
    sample("attention", "empty") { AttentionScreen(AttentionState(emptyList()), {}, {}) },
    sample("attention", "files") { AttentionScreen(AttentionState(listOf(Refused(MutationId(uuid(3)), ErrorCode.ATTACHMENT_LOST, "post.write", yours = "写真です。", theirs = null))), {}, {}) },
    sample("attention", "long") { AttentionScreen(AttentionState(listOf(Refused(MutationId(uuid(4)), ErrorCode.PARENT_REFUSED, "comment.write", yours = LongWords, theirs = null))), {}, {}) },
    sample("report", "full") { ReportScreen(ReportState(Subject.Post(Posts[0].id), Rules, rule = 1, word = "名前を出して責めています。", inGroup = true), {}, {}) },
    sample("report", "message") { ReportScreen(ReportState(Subject.Message(Chat[1].id), Rules, around = listOf(Chat[0], Chat[2]), chosen = setOf(Chat[0].id)), {}, {}) },
    sample("report", "done") { ReportScreen(ReportState(Subject.Post(Posts[0].id), Rules, done = true), {}, {}) },
    sample("report", "long") { ReportScreen(ReportState(Subject.Post(Posts[0].id), Rules.map { it.copy(ja = it.ja.repeat(6), en = it.en.repeat(6)) }, problem = Problem("too_many_reports", ErrorCode.TOO_MANY_REPORTS)), {}, {}) },
    sample("rules", "full") { RulesScreen(RulesState(Rules), {}, {}) },
    sample("rules", "empty") { RulesScreen(RulesState(emptyList()), {}, {}) },
)
