package dev.enishi

import dev.enishi.id.MutationId
import dev.enishi.id.PostId

/**
 * Votes in a post's poll in place of what this member chose before, by the places of the options, the first being 0; no
 * choices take the vote back.
 */
public suspend fun Community.vote(post: PostId, choices: List<Int>): MutationId {
    require(choices.all { it in 0..UByte.MAX_VALUE.toInt() }) { "there are no such options: $choices" }
    return vote(post, choices.map(Int::toByte).toByteArray())
}
