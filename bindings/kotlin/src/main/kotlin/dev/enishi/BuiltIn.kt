package dev.enishi

import java.io.IOException

/** Something that others made, and that this package or an app on top of it is built with. */
public data class BuiltIn(
    /** Its name, with its version where it has one of its own. */
    val name: String,
    /** The licence, as SPDX writes it. */
    val licence: String,
    /** Where it is found. */
    val address: String,
    /** The licence's text, which whoever ships an app with this package has to hand on. */
    val text: String,
)

/**
 * Everything that is built in. Reads a file of some hundred kilobytes: not for the main thread.
 *
 * Throws [IOException] where an app was packed without `dev/enishi/licences.txt`.
 */
public fun builtIn(): List<BuiltIn> =
    (BuiltIn::class.java.getResourceAsStream("/dev/enishi/licences.txt") ?: throw IOException("dev/enishi/licences.txt is missing"))
        .use { it.reader().readText() }.split("\u000c\n").flatMap(::under)

/** The parts that are under one text: a line for each, and the text. */
private fun under(block: String): List<BuiltIn> {
    val (parts, text) = block.split("\n\n", limit = 2)
    return parts.lines().map { line ->
        val (name, licence, address) = line.split('\t')
        BuiltIn(name, licence, address, text.trimEnd())
    }
}
