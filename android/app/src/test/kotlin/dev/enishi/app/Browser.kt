package dev.enishi.app

import dev.enishi.TestServer
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

/** A browser without scripts on some other machine: it opens pages, keeps cookies, and sends forms as they stand in the page. */
internal class Browser(private val server: TestServer) {
    private val http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()

    // Kept by hand: Java's own keeper sends a cookie that ends in a form of 1997, which no browser sends.
    private val cookies = mutableMapOf<String, String>()

    fun open(path: String): String = load(HttpRequest.newBuilder().GET(), path)

    /** Fills in the page's form and presses its button; the page that this leads to. */
    fun press(page: String, vararg filled: Pair<String, String>): String {
        val fields = HIDDEN.findAll(page).map { it.groupValues[1] to it.groupValues[2] } + filled
        val form = fields.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, "UTF-8")}" }
        val sending = HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(form))
        return load(sending.header("Content-Type", "application/x-www-form-urlencoded"), checkNotNull(ACTION.find(page)) { page }.groupValues[1])
    }

    private fun load(request: HttpRequest.Builder, path: String): String {
        if (cookies.isNotEmpty()) request.header("Cookie", cookies.entries.joinToString("; ") { (name, value) -> "$name=$value" })
        val answer = http.send(request.uri(URI(server.url + path.replace("&amp;", "&"))).build(), BodyHandlers.ofString())
        for (cookie in answer.headers().allValues("set-cookie")) {
            val (name, value) = cookie.substringBefore(';').split("=", limit = 2)
            cookies[name] = value
        }
        return answer.body()
    }

    private companion object {
        val ACTION = Regex("<form method=\"post\" action=\"([^\"]*)\"")
        val HIDDEN = Regex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")
    }
}
