package dev.enishi.id

import java.util.UUID

/** Names an account on this phone. Says nothing about whose it is or on which server. */
@JvmInline
public value class AccountKey(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A server's address in its one form, as `parseServer` gives it. */
@JvmInline
public value class Server internal constructor(public val address: String) {
    override fun toString(): String = address
}

/** Counts the changes of one community. */
@JvmInline
public value class Version(public val value: Long) : Comparable<Version> {
    override fun compareTo(other: Version): Int = value.compareTo(other.value)
}

/** Where something stands in its feed or conversation; never changes. */
@JvmInline
public value class Position(public val value: Long) : Comparable<Position> {
    override fun compareTo(other: Position): Int = value.compareTo(other.value)
}
