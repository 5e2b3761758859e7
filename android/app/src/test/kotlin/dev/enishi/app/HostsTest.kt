package dev.enishi.app

import dev.enishi.ui.parts.hostOf
import org.junit.Assert.assertEquals
import org.junit.Test

/** Whoever presses a link is told where it really leads. */
class HostsTest {
    @Test fun `a link that looks as if it led elsewhere is seen through`() {
        val said = listOf(
            "https://alumni.example.jp/i/1" to "alumni.example.jp",
            "https://alumni.example.jp:8443?a=b" to "alumni.example.jp",
            "https://bank.example@evil.example/" to "evil.example",
            "https://evil.example\\@bank.example/" to "evil.example",
            "https://evil.example#@bank.example" to "evil.example",
            // A Cyrillic а in place of a Latin one.
            "https://b\u0430nk.example/" to "xn--bnk-6cd.example",
            "https://日本語.example/" to "xn--wgv71a119e.example",
            "https:///nothing" to null,
        )
        assertEquals(said.map { it.second }, said.map { hostOf(it.first) })
    }
}
