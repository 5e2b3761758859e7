package dev.enishi.ui.app

import androidx.compose.runtime.LaunchedEffect
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.navigation.NavGraphBuilder
import dev.enishi.id.CommentId
import dev.enishi.id.ConversationId
import dev.enishi.id.GroupId
import dev.enishi.id.MemberId
import dev.enishi.id.MessageId
import dev.enishi.id.PostId
import dev.enishi.protocol.Stream
import dev.enishi.protocol.Subject
import dev.enishi.ui.attention.AttentionModel
import dev.enishi.ui.attention.AttentionScreen
import dev.enishi.ui.bookmarks.BookmarksModel
import dev.enishi.ui.bookmarks.BookmarksScreen
import dev.enishi.ui.compose.ComposeEvent
import dev.enishi.ui.compose.ComposeModel
import dev.enishi.ui.compose.ComposeScreen
import dev.enishi.ui.post.PostModel
import dev.enishi.ui.post.PostScreen
import dev.enishi.ui.report.ReportModel
import dev.enishi.ui.report.ReportScreen
import dev.enishi.ui.report.RulesModel
import dev.enishi.ui.report.RulesScreen
import dev.enishi.ui.search.SearchModel
import dev.enishi.ui.search.SearchScreen
import java.util.UUID

/** Reading, writing and finding posts. */
internal fun NavGraphBuilder.reading(app: Enishi, place: Place, go: (To) -> Unit) {
    screen("compose?group={group}", listOf("group"), model = { saved ->
        val group = saved.text("group")
        ComposeModel(place, app.platform, group?.let { Stream.Group(GroupId(UUID.fromString(it))) } ?: Stream.Community, null)
    }) { state, model ->
        val given = app.state.collectAsStateWithLifecycle().value.given
        LaunchedEffect(given) {
            if (given == null) return@LaunchedEffect
            app.givenTaken()
            model.on(ComposeEvent.Take(given))
        }
        ComposeScreen(state, model::on, go)
    }
    screen(
        "edit/{post}",
        model = { ComposeModel(place, app.platform, Stream.Community, PostId(it.id("post"))) },
    ) { state, model ->
        ComposeScreen(state, model::on, go)
    }
    screen("post/{post}", model = { PostModel(place, PostId(it.id("post"))) }) { state, model ->
        PostScreen(state, model::on, go)
    }
    screen(To.Bookmarks.route, model = { BookmarksModel(place) }) { state, model -> BookmarksScreen(state, model::on, go) }
    screen(To.Search.route, model = { SearchModel(place, it) }) { state, model -> SearchScreen(state, model::on, go) }
    screen(To.Attention.route, model = { AttentionModel(place) }) { state, model ->
        AttentionScreen(state, model::on, go)
    }
    screen("report?kind={kind}&id={id}&conversation={conversation}", listOf("kind", "id", "conversation"), model = { saved ->
        ReportModel(place, saved.subject(), saved.text("conversation")?.let { ConversationId(UUID.fromString(it)) }, saved)
    }) { state, model ->
        ReportScreen(state, model::on, go)
    }
    screen(To.Rules.route, model = { RulesModel(place) }) { state, model -> RulesScreen(state, model::on, go) }
}


private fun SavedStateHandle.subject(): Subject = when (text("kind")) {
    "post" -> Subject.Post(PostId(id("id")))
    "comment" -> Subject.Comment(CommentId(id("id")))
    "message" -> Subject.Message(MessageId(id("id")))
    else -> Subject.Member(MemberId(id("id")))
}
