package dev.enishi

import java.io.File
import java.nio.file.Files
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay

/** A leaver in the registry. */
class Leaver(val number: String, val name: String, val born: String)

/** The real server as a process of its own, with its data in a folder that is gone with it; its clock may be another. */
class TestServer(hoursAhead: Int = 0) : AutoCloseable {
    private val folder: File = Files.createTempDirectory("enishi-server").toFile()
    private val program = System.getProperty("enishi.server")
    private var ahead = hoursAhead
    private var listen = "127.0.0.1:0"
    private var process: Process? = null
    private val read = mutableSetOf<String>()

    /** Who stands in its registry. */
    val leavers = (1..30).map { Leaver("17-%05d".format(it), "退職 花子$it", "1980-01-%02d".format(it)) }
    private val left = leavers.toMutableList()

    /** Its one community. */
    val community: UUID

    init {
        val owner = arrayOf("--owner-address", OWNER, "--owner-name", "人事 太郎")
        community = UUID.fromString(command("community", "create", "--name", "縁商事", *owner))
        val rows = leavers.joinToString("") { "${it.number},${it.name},${it.born},2024-03-31\n" }
        val registry = File(folder, "leavers.csv").apply { writeText("社員番号,氏名,生年月日,退職年月日\n$rows") }
        command("registry", "import", "--community", "$community", "--file", registry.path)
        start()
    }

    /** What phones call it. */
    val url: String get() = "http://$listen"

    /** A leaver whom nobody has invited yet. */
    @Synchronized
    fun leaver(): Leaver = left.removeFirst()

    /** The link of an invitation for a leaver. */
    fun invitation(leaver: Leaver): String =
        command("invite", "--community", "$community", "--employee-number", leaver.number, "--public-url", url)

    /** Runs a command of the server's program, and returns what it printed. */
    fun command(vararg arguments: String): String {
        val running = builder(*arguments).redirectError(File(folder, "command.log")).start()
        val said = running.inputStream.bufferedReader().readText().trim()
        check(running.waitFor() == 0) { "${arguments.toList()}: ${File(folder, "command.log").readText()}" }
        return said
    }

    /** Starts it; later starts take the same port. */
    fun start() {
        val log = ProcessBuilder.Redirect.appendTo(File(folder, "server.log"))
        val started = builder("serve", "--listen", listen).redirectError(log).start()
        process = started
        val said = started.inputStream.bufferedReader().readLine()
        checkNotNull(said) { File(folder, "server.log").readText() }
        listen = said.substringAfterLast("/")
    }

    /** Kills it, as a power cut would. */
    fun kill() {
        process?.run { destroyForcibly().waitFor() }
        process = null
    }

    /** Lets time pass for it. Only a program that begins takes another clock. */
    fun pass(hours: Int) {
        kill()
        ahead += hours
        start()
    }

    /** The code in the newest mail to an address that was not read before. */
    suspend fun code(address: String): String = inTime {
        var code = unread(address)
        while (code == null) {
            delay(20.milliseconds)
            code = unread(address)
        }
        code
    }

    private fun unread(address: String): String? {
        val mails = File(folder, "data/mail").listFiles { file -> file.extension == "eml" }.orEmpty().sortedDescending()
        for (mail in mails) {
            val (head, body) = mail.readText().split("\r\n\r\n", limit = 2)
            val theirs = head.lines().any { it.startsWith("To:") && address in it }
            val code = body.lines().map(String::trim).firstOrNull { it.matches(Regex("\\d{6}")) }
            if (theirs && code != null && read.add(mail.name)) return code
        }
        return null
    }

    override fun close() {
        process?.destroy()
        if (process?.waitFor(20, TimeUnit.SECONDS) == false) kill()
        folder.deleteRecursively()
    }

    private fun builder(vararg arguments: String): ProcessBuilder {
        val builder = ProcessBuilder(program, *arguments)
        builder.environment().keys.removeIf { it.startsWith("ENISHI_") }
        builder.environment()["ENISHI_DATA"] = File(folder, "data").path
        if (ahead != 0) {
            builder.environment()["LD_PRELOAD"] = checkNotNull(clocks()) { "libfaketime is not installed" }
            builder.environment()["FAKETIME"] = "%+dh".format(ahead)
            builder.environment()["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        }
        return builder
    }

    companion object {
        /** The address of whoever runs the community. */
        const val OWNER = "hr@example.jp"

        private var shared: TestServer? = null

        /** The library that shows a program another clock, where Debian puts it for the machine's processor. */
        private fun clocks(): String? = File("/usr/lib").listFiles().orEmpty().map { File(it, "faketime/libfaketime.so.1") }
            .firstOrNull { it.exists() }?.path

        /** One server for all tests that leave it running; it ends with this process. */
        @Synchronized
        fun shared(): TestServer = shared ?: TestServer().also {
            shared = it
            Runtime.getRuntime().addShutdownHook(Thread(it::close))
        }
    }
}
