package dev.enishi.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** A screen: its title, a way back, what can be done with the whole of it, and its content. */
@Composable
fun Page(
    title: String,
    onBack: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit = {},
    below: @Composable () -> Unit = {},
    button: @Composable () -> Unit = {},
    content: @Composable (PaddingValues) -> Unit,
) {
    Scaffold(
        topBar = { TitleBar(title, onBack, actions) },
        bottomBar = below,
        floatingActionButton = button,
        contentWindowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Bottom),
        content = content,
    )
}

/** A screen whose content is read from top to bottom, in one column. */
@Composable
fun ColumnPage(
    title: String,
    onBack: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit = {},
    below: @Composable () -> Unit = {},
    between: Int = 16,
    /** Whether the way back is a step of this page, and not another screen. */
    step: Boolean = false,
    content: @Composable ColumnScope.() -> Unit,
) = Page(title, onBack, actions, below) { padding ->
    if (step && onBack != null) LocalPlatform.current.WayBack(onBack)
    Column(
        Modifier.fillMaxSize().padding(padding).imePadding().verticalScroll(rememberScrollState()),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Column(
            Modifier.widthIn(max = 640.dp).fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp),
            verticalArrangement = Arrangement.spacedBy(between.dp),
            content = content,
        )
    }
}

/** The title grows with its text: nothing of it is cut. */
@Composable
fun TitleBar(title: String, onBack: (() -> Unit)?, actions: @Composable RowScope.() -> Unit = {}) {
    Row(
        Modifier.fillMaxWidth()
            .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Top + WindowInsetsSides.Horizontal))
            .heightIn(min = 56.dp).padding(horizontal = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack != null) PressIcon(Icons.Back, words.actionBack, onBack)
        Text(
            title,
            Modifier.weight(1f).padding(horizontal = 12.dp, vertical = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
        )
        actions()
    }
}

/** A sign to press, of 48 dp, with what it does for those who hear the screen. */
@Composable
fun PressIcon(sign: ImageVector, does: String, onPress: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true) {
    IconButton(onPress, modifier, enabled) { Icon(sign, does) }
}
