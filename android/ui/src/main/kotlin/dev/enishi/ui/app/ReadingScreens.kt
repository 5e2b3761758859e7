package dev.enishi.ui.app

import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
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
    composable("compose?group={group}", listOf(text("group"))) {
        val model = viewModel {
            val group = createSavedStateHandle().text("group")
            ComposeModel(place, app.platform, group?.let { Stream.Group(GroupId(UUID.fromString(it))) } ?: Stream.Community, null)
        }
        val state by model.state.collectAsStateWithLifecycle()
        ComposeScreen(state, model::on, go)
    }
    composable("edit/{post}") {
        val model = viewModel { ComposeModel(place, app.platform, Stream.Community, PostId(createSavedStateHandle().id("post"))) }
        val state by model.state.collectAsStateWithLifecycle()
        ComposeScreen(state, model::on, go)
    }
    composable("post/{post}") {
        val model = viewModel { PostModel(place, PostId(createSavedStateHandle().id("post"))) }
        val state by model.state.collectAsStateWithLifecycle()
        PostScreen(state, model::on, go)
    }
    composable(To.Search.route) {
        val model = viewModel { SearchModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        SearchScreen(state, model::on, go)
    }
    composable(To.Attention.route) {
        val model = viewModel { AttentionModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        AttentionScreen(state, model::on, go)
    }
    composable("report?kind={kind}&id={id}&conversation={conversation}", listOf(text("kind"), text("id"), text("conversation"))) {
        val model = viewModel {
            val saved = createSavedStateHandle()
            ReportModel(place, saved.subject(), saved.text("conversation")?.let { ConversationId(UUID.fromString(it)) })
        }
        val state by model.state.collectAsStateWithLifecycle()
        ReportScreen(state, model::on, go)
    }
    composable(To.Rules.route) {
        val model = viewModel { RulesModel(place) }
        val state by model.state.collectAsStateWithLifecycle()
        RulesScreen(state, model::on, go)
    }
}

/** An id of the route. Routes are made by [To] alone. */
internal fun SavedStateHandle.id(name: String): UUID = UUID.fromString(get<String>(name))

private fun SavedStateHandle.subject(): Subject = when (text("kind")) {
    "post" -> Subject.Post(PostId(id("id")))
    "comment" -> Subject.Comment(CommentId(id("id")))
    "message" -> Subject.Message(MessageId(id("id")))
    else -> Subject.Member(MemberId(id("id")))
}
