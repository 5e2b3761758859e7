package dev.enishi.app.machine

import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import androidx.compose.runtime.Composable
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.platform.InterceptPlatformTextInput
import androidx.compose.ui.platform.PlatformTextInputMethodRequest

/** Asks keyboards not to learn from what is typed inside: most of them send what they learn to their maker. */
@OptIn(ExperimentalComposeUiApi::class)
@Composable
internal fun Unlearned(content: @Composable () -> Unit) = InterceptPlatformTextInput(
    interceptor = { request, next -> next.startInputMethod(Unlearning(request)) },
    content = content,
)

private class Unlearning(private val request: PlatformTextInputMethodRequest) : PlatformTextInputMethodRequest {
    override fun createInputConnection(outAttributes: EditorInfo): InputConnection =
        request.createInputConnection(outAttributes).also {
            outAttributes.imeOptions = outAttributes.imeOptions or EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING
        }
}
