package dev.enishi.desktop

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import dev.enishi.Client
import dev.enishi.ClientOptions
import dev.enishi.TestServer
import dev.enishi.fileSecretStore
import dev.enishi.protocol.Language
import dev.enishi.ui.app.Enishi
import dev.enishi.ui.app.EnishiApp
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before
import org.junit.Test

/** The screens as a computer draws them, on the real core and a real server. */
@OptIn(ExperimentalCoroutinesApi::class)
class DesktopStoryTest {
    // The test draws its frames by itself, so that every thread counts as the one that may.
    @Before
    fun draw() = Dispatchers.setMain(Dispatchers.Unconfined)

    @After
    fun end() = Dispatchers.resetMain()

    @OptIn(ExperimentalTestApi::class)
    @Test
    fun `a leaver joins in a window, reads and writes`() {
        val server = TestServer()
        val folder = Files.createTempDirectory("enishi-desktop").toFile()
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
        val app = Enishi(scope, DesktopPlatform(Language.JA), FileSettings(File(folder, "settings"))) {
            Client.open(ClientOptions(dataDir = folder.path, language = Language.JA), fileSecretStore(File(folder, "secrets").path))
        }
        val leaver = server.leaver()
        app.opened(server.invitation(leaver))
        try {
            runDesktopComposeUiTest(420, 1_600) {
                setContent { EnishiApp(app) }
                fun await(text: String) = waitUntil(text, 60_000) { onAllNodes(hasText(text, substring = true)).fetchSemanticsNodes().isNotEmpty() }
                await("への招待です")
                onNodeWithText("参加する").performScrollTo().performClick()
                await("メールアドレス")
                onNodeWithTag("address").performTextInput("window@example.jp")
                onNodeWithText("数字を送ってもらう").performClick()
                await("6桁の数字を送りました")
                onNodeWithTag("mail-code").performTextInput(runBlocking { server.code("window@example.jp") })
                await("生年月日")
                val (family, given) = leaver.name.split(" ")
                onNodeWithTag("family").performTextInput(family)
                onNodeWithTag("given").performTextInput(given)
                onNodeWithTag("fact").performTextInput(leaver.born)
                onNodeWithText("この内容で参加する").performScrollTo().performClick()
                await("縁商事へようこそ")
                onNodeWithText("ホームへ").performScrollTo().performClick()
                await("まだ投稿はありません")
                onNodeWithTag("write").performClick()
                await("読める人")
                onNodeWithTag("text").performTextInput("画面からの最初の投稿です")
                // The lock comes down and is lifted: what was being written is on the screen again.
                app.preferences.choose { it.copy(lock = true) }
                app.left()
                await("ご本人であることを確かめてから")
                onNodeWithText("開く").performClick()
                await("画面からの最初の投稿です")
                onNodeWithText("投稿する").performScrollTo().performClick()
                await("画面からの最初の投稿です")
                waitUntil("the mark of waiting goes", 60_000) { onAllNodes(hasText("送信待ち")).fetchSemanticsNodes().isEmpty() }
            }
        } finally {
            runBlocking { app.state.value.client?.shutDown() }
            scope.cancel()
            server.close()
            folder.deleteRecursively()
        }
    }
}
