package dev.enishi

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What is exported is what `bindings/api.txt` lists, so that a change of it is seen by whoever reviews. */
class ApiTest {
    @Test
    fun `every exported name is listed`() {
        val listed = File(System.getProperty("enishi.api"))
        val exported = exported()
        assertTrue(exported.size > 500) { "only ${exported.size} names were found" }
        if (System.getProperty("enishi.accept") == "true") listed.writeText(exported.joinToString("\n", postfix = "\n"))
        val (now, then) = exported.toSet() to listed.readLines().toSet()
        val hint = "`cargo xtask kotlin --accept` takes the new names over"
        assertEquals(emptySet<String>() to emptySet<String>(), (now - then) to (then - now)) { hint }
    }

    /** A line for each name: `dev.enishi.Community.unread(): List<Unread>`. */
    private fun exported(): List<String> {
        val generated = File(System.getProperty("enishi.generated")).walk().filter { it.extension == "kt" }
        val written = File(System.getProperty("enishi.main")).walk().filter { it.extension == "kt" }
        return (generated + written).flatMap { names(it.readLines()) }.distinct().sorted().toList()
    }

    private fun names(lines: List<String>): List<String> {
        val prefix = lines.first { it.startsWith("package ") }.removePrefix("package ").trim()
        val names = mutableListOf<String>()
        // The declarations that the present line is inside of, each with its indent.
        val around = ArrayDeque<Pair<Int, String>>()
        // A function of its own stands behind the end of its comment, or behind what it throws.
        for (line in lines.map { FUNCTION.replace(it, "fun ") }.filterNot { it.isBlank() || it.trim().startsWith("*") || it.trim().startsWith("/") }) {
            val indent = line.indexOfFirst { !it.isWhitespace() }
            val text = line.trim().replace("`", "")
            while (around.isNotEmpty() && around.last().first >= indent && text[0] !in ")}{,") around.removeLast()
            val place = around.joinToString(".") { it.second }
            val within = if (place.isEmpty()) prefix else "$prefix.$place"
            val type = TYPE.find(text)
            // Inside of nothing and yet indented is what stands inside of something hidden.
            val nested = (indent == 0) == around.isEmpty()
            if (type != null && nested && !hidden(text, type.groupValues[2]) && around.none { it.second == "-" }) {
                names.add("$within.${type.groupValues[2]}")
                around.addLast(indent to type.groupValues[2])
            } else if (type != null) {
                around.addLast(indent to "-")
            } else if (around.none { it.second == "-" } && !hidden(text, text) && nested) {
                member(text, around.lastOrNull()?.second)?.let { names.add("$within.$it") }
            }
        }
        return names
    }

    /** What somebody can call or read; nothing of what stands inside a function. */
    private fun member(text: String, within: String?): String? {
        val plain = text.removePrefix("public ").removePrefix("override ").removePrefix("suspend ")
        val call = CALL.find(plain)
        return when {
            call != null && (within == null || within.endsWith("Interface") || within.endsWith("Listener") || within in TRAITS) ->
                plain.substringBefore("{").substringBefore(" =").trim().removePrefix("fun ").removeSuffix(",")
            plain.startsWith("val ") && (within == null || ": " in plain) && (within != null || "=" !in plain) ->
                plain.removePrefix("val ").substringBefore(" =").substringBefore("{").substringBefore(")").trim().removeSuffix(",").trim()
            within != null && ENTRY.matches(plain) -> plain.trimEnd(',', ';')
            else -> null
        }
    }

    private fun hidden(text: String, name: String): Boolean =
        text.startsWith("internal ") || text.startsWith("private ") ||
            HIDDEN.any { name.contains(it) } || name == "companion"

    private companion object {
        val TYPE = Regex("^(?:public |open |sealed |data |enum |value |fun )*(class|interface|object|typealias) (\\w+)")
        val FUNCTION = Regex("^ +(\\*/|@Throws\\([^)]*\\)) fun ")
        val CALL = Regex("^fun (<[^>]*> )?[\\w.]+\\(")
        val ENTRY = Regex("^[A-Z][A-Z0-9_]*[,;]?$")
        val TRAITS = setOf("SecretStore", "LogSink")
        val HIDDEN = listOf("Uniffi", "uniffi", "FfiConverter", "RustBuffer", "ForeignBytes", "NoHandle", "ExternalErrorHandler")
    }
}
