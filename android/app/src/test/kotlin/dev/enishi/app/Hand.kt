package dev.enishi.app

import android.content.Intent
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextReplacement
import androidx.test.core.app.ActivityScenario
import dev.enishi.Community
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.inTime
import dev.enishi.parseInvitation
import kotlinx.coroutines.runBlocking

/** What a member does with the screen: sees, presses, types. */
internal class Hand(private val screen: ComposeTestRule) {
    fun await(what: SemanticsMatcher) = screen.waitUntil(what.description, 30_000) {
        screen.onAllNodes(what).fetchSemanticsNodes().isNotEmpty()
    }

    fun see(text: String) = await(hasText(text, substring = true))

    /** Waits until something is on the screen no longer. */
    fun miss(text: String) = screen.waitUntil("no $text", 30_000) {
        screen.onAllNodes(hasText(text, substring = true)).fetchSemanticsNodes().isEmpty()
    }

    /** Presses what has this text, wherever it is on its page. */
    fun press(text: String) {
        await(hasText(text) and isEnabled())
        screen.onNode(hasText(text) and isEnabled()).performScrollTo().performClick()
    }

    /** Presses what is in sight. */
    fun tap(what: SemanticsMatcher) {
        await(what and isEnabled())
        screen.onAllNodes(what and isEnabled())[0].performClick()
    }

    /** Presses a sign by what it says to those who hear the screen. */
    fun tapSign(heard: String) = tap(hasContentDescription(heard))

    fun type(field: SemanticsMatcher, text: String, scroll: Boolean = true) {
        await(field and hasSetTextAction())
        val node = screen.onNode(field and hasSetTextAction())
        if (scroll) node.performScrollTo()
        node.performTextReplacement(text)
    }
}

/** Somebody who has joined on this phone, before its app is opened. */
internal fun joined(server: TestServer): Community = runBlocking {
    val (client, leaver) = app.core.client() to server.leaver()
    val account = Phone.signIn(client, server, "${leaver.number}@example.jp")
    val joined = inTime { client.join(account, parseInvitation(server.invitation(leaver)).code, Phone.form(leaver)) }
    client.community(account, joined.community).also { inTime { it.inStep() } }
}

/** The app as it is opened: by its sign, a link, a notification. */
internal fun opened(intent: Intent = Intent(Intent.ACTION_MAIN)): ActivityScenario<MainActivity> =
    ActivityScenario.launch(intent.setClassName(app, MainActivity::class.java.name))

/** The phone's own way back. */
internal fun ActivityScenario<MainActivity>.goBack() = onActivity { it.onBackPressedDispatcher.onBackPressed() }
