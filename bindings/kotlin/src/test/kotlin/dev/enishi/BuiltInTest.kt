package dev.enishi

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What others made is named in the package, with the texts that are to be handed on. */
class BuiltInTest {
    @Test
    fun `everything built in has a licence with its text`() {
        val all = builtIn()
        assertTrue(all.size > 100) { "only ${all.size} were found" }
        assertEquals(emptyList<String>(), all.filter { it.licence.isBlank() || it.text.length < 30 || !it.address.startsWith("http") }.map { it.name })
        val sqlcipher = all.single { it.name.startsWith("libsqlite3-sys ") }.text
        assertTrue("ZETETIC" in sqlcipher) { sqlcipher }
        assertTrue("Apache License" in all.single { it.name == "Java Native Access" }.text)
    }
}
