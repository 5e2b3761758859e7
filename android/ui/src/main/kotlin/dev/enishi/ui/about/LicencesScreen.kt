package dev.enishi.ui.about

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.Modifier
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.app.To
import dev.enishi.ui.parts.Body
import dev.enishi.ui.parts.ColumnPage
import dev.enishi.ui.parts.Confirm
import dev.enishi.ui.parts.Line
import dev.enishi.ui.parts.Rows
import dev.enishi.ui.parts.hostOf
import dev.enishi.ui.theme.words

/** Something that others made and this app is built with. */
class BuiltIn(val name: String, val licence: String, val address: String)

/** What is built in directly; each brings along what it is built with itself. */
val BuiltIns: List<BuiltIn> = listOf(
    BuiltIn("Kotlin, kotlinx.coroutines", "Apache-2.0", "https://kotlinlang.org"),
    BuiltIn("Jetpack Compose, Lifecycle, Navigation", "Apache-2.0", "https://developer.android.com/jetpack"),
    BuiltIn("Java Native Access", "Apache-2.0 / LGPL-2.1", "https://github.com/java-native-access/jna"),
    BuiltIn("UniFFI", "MPL-2.0", "https://github.com/mozilla/uniffi-rs"),
    BuiltIn("SQLCipher", "BSD-3-Clause", "https://www.zetetic.net/sqlcipher"),
    BuiltIn("SQLite", "Public domain", "https://sqlite.org"),
    BuiltIn("OpenSSL", "Apache-2.0", "https://www.openssl.org"),
    BuiltIn("rusqlite, rusqlite_migration", "MIT, Apache-2.0", "https://github.com/rusqlite/rusqlite"),
    BuiltIn("rustls, ring", "Apache-2.0 / ISC / MIT", "https://rustls.dev"),
    BuiltIn("webpki-roots", "CDLA-Permissive-2.0", "https://github.com/rustls/webpki-roots"),
    BuiltIn("Tokio, bytes, tracing", "MIT", "https://tokio.rs"),
    BuiltIn("reqwest, hyper", "MIT / Apache-2.0", "https://hyper.rs"),
    BuiltIn("Zstandard", "BSD-3-Clause", "https://facebook.github.io/zstd"),
    BuiltIn("serde, serde_json", "MIT / Apache-2.0", "https://serde.rs"),
    BuiltIn("ICU4X, unicode-normalization", "Unicode-3.0", "https://www.unicode.org"),
    BuiltIn("chrono, uuid, rand, futures", "MIT / Apache-2.0", "https://crates.io"),
    BuiltIn("RustCrypto (sha2, zeroize)", "MIT / Apache-2.0", "https://github.com/RustCrypto"),
)

/** What others made, under which licence, and where it is found. */
@Composable
fun LicencesScreen(go: (To) -> Unit) {
    val platform = LocalPlatform.current
    var asked by remember { mutableStateOf<String?>(null) }
    ColumnPage(words.aboutLicences, { go(To.Back) }) {
        Body(words.licencesLead)
        Rows { for (part in BuiltIns) Line(part.name, Modifier.testTag("licence"), part.licence, onPress = { asked = part.address }) }
    }
    val address = asked ?: return
    Confirm(words.linkTitle, words.linkText(hostOf(address) ?: address), words.linkOpen, {
        asked = null
        platform.openLink(address)
    }, { asked = null }, danger = false)
}
