package dev.enishi

import dev.enishi.model.Around
import dev.enishi.model.Selection
import kotlinx.coroutines.runBlocking

/** What it costs to bring a window of 50 posts into Kotlin, a run a line, in milliseconds: measured by `cargo xtask bench`. */
fun main(arguments: Array<String>) = runBlocking {
    val runs = arguments.firstOrNull()?.toInt() ?: 5
    TestServer().use { server ->
        Phone.joined(server).use { phone ->
            repeat(POSTS) { phone.post("退職して一年になりました。皆さんはお元気でしょうか。$it 通目の便りです。") }
            phone.awaitFeed { window -> window.posts.size == POSTS && window.posts.all { it.isSent } }
            suspend fun look() = phone.community.feed(Selection.All, Around.Newest, POSTS.toUInt())
            repeat(WARM) { look() }
            repeat(runs) {
                val times = LongArray(LOOKS) {
                    val began = System.nanoTime()
                    check(look().posts.size == POSTS)
                    System.nanoTime() - began
                }
                times.sort()
                println("%.4f".format(java.util.Locale.ROOT, times[LOOKS / 2] / 1e6))
            }
        }
    }
}

private const val POSTS = 50
private const val WARM = 2_000
private const val LOOKS = 1_000
