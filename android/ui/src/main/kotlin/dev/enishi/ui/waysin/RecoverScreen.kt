package dev.enishi.ui.waysin

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Aside
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Leads
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.SecureWindow
import dev.enishi.ui.theme.Icons
import dev.enishi.ui.theme.words

/** For whoever cannot get in by mail any more: what they still have decides how. */
@Composable
fun RecoverScreen(server: String?, go: (To) -> Unit) {
    SecureWindow()
    ColumnPage(words.recoverTitle, { go(To.Back) }) {
        Body(words.recoverLead)
        Rows {
            Leads(words.recoverDevice, { go(To.RecoverByDevice(server)) }, Modifier.testTag("by-device"), Icons.Device, words.recoverDeviceText)
            Leads(words.recoverCode, { go(To.RecoverByCode(server)) }, Modifier.testTag("by-code"), Icons.Document, words.recoverCodeText)
            Leads(words.recoverOthers, { go(To.RecoverByOthers(server)) }, Modifier.testTag("by-others"), Icons.People, words.recoverOthersText)
        }
        Aside(words.recoverSafe)
    }
}
