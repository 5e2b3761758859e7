package dev.enishi.app

import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element

/** What the app declares, with everything that its libraries add. */
class ManifestTest {
    private val manifest = read(File(System.getProperty("enishi.main")!!, "AndroidManifest.xml"))
    private val application = manifest.all("application").single()
    private val components = listOf("activity", "activity-alias", "service", "receiver", "provider").flatMap { application.all(it) }

    @Test fun `nothing is open to other apps but the one activity`() {
        assertEquals(listOf("dev.enishi.app.MainActivity"), components.filter { it["exported"] != "false" }.map { it["name"] })
    }

    @Test fun `the activity opens for the launcher, for links of one host, and for what is shared`() {
        val filters = application.all("activity").single().all("intent-filter")
        assertEquals(listOf("MAIN", "VIEW", "SEND", "SEND_MULTIPLE"), filters.map { it.all("action").single()["name"].removePrefix("android.intent.action.") })
        val link = filters[1]
        assertEquals("true", link["autoVerify"])
        assertEquals(listOf("https"), link.all("data").map { it["scheme"] }.filter(String::isNotEmpty))
        assertEquals(listOf("@string/link_host"), link.all("data").map { it["host"] }.filter(String::isNotEmpty))
    }

    @Test fun `it asks for the network and for notifications, and for nothing of the person`() {
        val own = "dev.enishi.app.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION"
        val asked = manifest.all("uses-permission").map { it["name"].removePrefix("android.permission.") }.toSet()
        assertEquals(setOf("INTERNET", "ACCESS_NETWORK_STATE", "POST_NOTIFICATIONS", "RECEIVE_BOOT_COMPLETED", own), asked)
    }

    @Test fun `nothing of it is ever backed up or copied to another phone`() {
        assertEquals("false", application["allowBackup"])
        val rules = File("src/main/res/xml")
        val domains = setOf("root", "file", "database", "sharedpref", "external")
        val backup = read(File(rules, "backup_rules.xml"))
        assertEquals(domains, backup.all("exclude").filter { it.getAttribute("path") == "." }.map { it.getAttribute("domain") }.toSet())
        val extraction = read(File(rules, "data_extraction_rules.xml"))
        for (way in listOf("cloud-backup", "device-transfer")) {
            val excluded = extraction.all(way).single().all("exclude").filter { it.getAttribute("path") == "." }.map { it.getAttribute("domain") }
            assertTrue(excluded.containsAll(domains + setOf("device_root", "device_file", "device_database", "device_sharedpref")))
        }
        assertEquals("@xml/backup_rules" to "@xml/data_extraction_rules", application["fullBackupContent"] to application["dataExtractionRules"])
    }

    @Test fun `no library asks another service for anything as the app starts`() {
        val started = application.all("provider").single { it["name"] == "androidx.startup.InitializationProvider" }.all("meta-data").map { it["name"] }
        val calm = setOf("androidx.lifecycle.ProcessLifecycleInitializer", "androidx.profileinstaller.ProfileInstallerInitializer")
        assertEquals(calm, started.toSet())
    }

    @Test fun `going back shows where it leads, and plain HTTP is refused`() {
        assertEquals("true", application["enableOnBackInvokedCallback"])
        assertEquals("false", read(File("src/main/res/xml/network_security.xml")).all("base-config").single().getAttribute("cleartextTrafficPermitted"))
    }

    private fun read(file: File): Element =
        DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }.newDocumentBuilder().parse(file).documentElement

    private fun Element.all(name: String): List<Element> = getElementsByTagName(name).let { found -> List(found.length) { found.item(it) as Element } }

    private operator fun Element.get(name: String): String = getAttributeNS("http://schemas.android.com/apk/res/android", name)
}
