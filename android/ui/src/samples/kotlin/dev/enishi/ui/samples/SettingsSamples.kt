package dev.enishi.ui.samples

import dev.enishi.id.AccountKey
import dev.enishi.id.CommunityId
import dev.enishi.protocol.CommunityKind
import dev.enishi.protocol.Language
import dev.enishi.protocol.Level
import dev.enishi.protocol.Membership
import dev.enishi.protocol.NotificationSettings
import dev.enishi.protocol.QuietHours
import dev.enishi.protocol.Standing
import dev.enishi.ui.Problem
import dev.enishi.ui.app.Brightness
import dev.enishi.ui.app.Looks
import dev.enishi.ui.communities.AccountPart
import dev.enishi.ui.communities.CommunitiesScreen
import dev.enishi.ui.communities.CommunitiesState
import dev.enishi.ui.settings.NotificationSettingsScreen
import dev.enishi.ui.settings.NotificationSettingsState
import dev.enishi.ui.settings.SettingsScreen
import dev.enishi.ui.settings.SettingsState

private fun membership(number: Int, name: String, standing: Standing = Standing.ACTIVE, kind: CommunityKind = CommunityKind.COMPANY) =
    Membership(community = CommunityId(uuid(900 + number)), member = Suzuki.id, name = name, kind = kind, standing = standing)

private fun account(number: Int, host: String, address: String, memberships: List<Membership>, signedIn: Boolean = true) =
    AccountPart(AccountKey(uuid(950 + number)), host, "https://$host", address, signedIn, memberships)

private val One = account(1, "alumni.example.jp", "ichiro@mail.example.jp", listOf(membership(0, "縁商事"), membership(1, "若葉フーズ", Standing.WAITING)))
private val Other = account(2, "koyukai.example.ac.jp", "ichiro@mail.example.jp", listOf(membership(2, "みなと大学 校友会", kind = CommunityKind.UNIVERSITY)), signedIn = false)

fun communitiesSamples(): List<Sample> = listOf(
    sample("communities", "loading") { CommunitiesScreen(CommunitiesState(Company), {}, {}, {}) },
    sample("communities", "full") { CommunitiesScreen(CommunitiesState(Company, listOf(One)), {}, {}, {}) },
    sample("communities", "empty") { CommunitiesScreen(CommunitiesState(null, listOf(One.copy(memberships = emptyList()))), {}, {}, {}) },
    sample("communities", "signed-out") { CommunitiesScreen(CommunitiesState(Company, listOf(One, Other)), {}, {}, {}) },
    sample("communities", "problem") { CommunitiesScreen(CommunitiesState(Company, listOf(One), Problem("storage_full")), {}, {}, {}) },
    sample("communities", "long") {
        CommunitiesScreen(
            CommunitiesState(
                Company,
                listOf(
                    account(3, "alumni-community.global-holdings.example.co.jp", "ryunosuke.teshigawara.long-address@mail.example.jp", listOf(
                        membership(0, "縁グローバルホールディングス株式会社 退職者の会"),
                        membership(3, "元海外駐在員とその家族の集い（アジア・オセアニア）", Standing.SUSPENDED),
                    )),
                ),
            ),
            {}, {}, {},
        )
    },
)

private val Settings = SettingsState(canLock = true, community = "縁商事")

private val Heard = NotificationSettingsState(
    "縁商事", NotificationSettings(mapOf("announcement" to Level.LIST, "join_request" to Level.OFF), mapOf(Kyushu.id to Level.LIST), QuietHours(1320u, 420u, 540)),
    listOf(Sales.id to Sales.name, Kyushu.id to Kyushu.name),
)

fun settingsSamples(): List<Sample> = listOf(
    sample("settings", "full") { SettingsScreen(Settings, {}, {}) },
    sample("settings", "chosen") { SettingsScreen(Settings.copy(looks = Looks(Language.JA, 1.3f, Brightness.DARK, true)), {}, {}) },
    sample("settings", "long") { SettingsScreen(Settings.copy(community = "縁グローバルホールディングス株式会社 退職者の会", canLock = false), {}, {}) },
    sample("notification-settings", "loading") { NotificationSettingsScreen(NotificationSettingsState("縁商事"), {}, {}) },
    sample("notification-settings", "full") { NotificationSettingsScreen(Heard, {}, {}) },
    sample("notification-settings", "empty") { NotificationSettingsScreen(NotificationSettingsState("縁商事", NotificationSettings(emptyMap(), emptyMap(), null)), {}, {}) },
    sample("notification-settings", "denied") { NotificationSettingsScreen(Heard.copy(mayNotify = false), {}, {}) },
    sample("notification-settings", "problem") { NotificationSettingsScreen(Heard.copy(problem = Problem("storage_full")), {}, {}) },
    sample("notification-settings", "long") {
        NotificationSettingsScreen(Heard.copy(community = "縁グローバルホールディングス株式会社 退職者の会", groups = listOf(Sales.id to "九州・沖縄に暮らす元社員とその家族の会", Kyushu.id to Kyushu.name), tellsContent = true), {}, {})
    },
)
