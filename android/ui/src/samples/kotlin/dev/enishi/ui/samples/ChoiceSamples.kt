package dev.enishi.ui.samples

import dev.enishi.BuiltIn
import dev.enishi.model.ConsentView
import dev.enishi.model.Delivery
import dev.enishi.model.ReceiptView
import dev.enishi.model.UnseenMember
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Language
import dev.enishi.protocol.MessagesFrom
import dev.enishi.protocol.Purpose
import dev.enishi.protocol.Receipt
import dev.enishi.ui.Problem
import dev.enishi.ui.about.AboutScreen
import dev.enishi.ui.about.AboutState
import dev.enishi.ui.about.LicenceScreen
import dev.enishi.ui.about.LicencesScreen
import dev.enishi.ui.consents.ConsentsScreen
import dev.enishi.ui.consents.ConsentsState
import dev.enishi.ui.leaving.DeleteAccountScreen
import dev.enishi.ui.leaving.DeleteAccountState
import dev.enishi.ui.leaving.LeaveScreen
import dev.enishi.ui.leaving.LeaveState
import dev.enishi.ui.unseen.UnseenScreen
import dev.enishi.ui.unseen.UnseenState

private const val LONG_NAME = "縁グローバルホールディングス株式会社 退職者の会"
private const val DAY = 60L * 24

private fun unseen(number: Int, name: String?, delivery: Delivery = Delivery.Sent) = UnseenMember(Everyone[number].id, name, delivery)

fun unseenSamples(): List<Sample> = listOf(
    sample("unseen", "loading") { UnseenScreen(UnseenState(), {}, {}) },
    sample("unseen", "full") { UnseenScreen(UnseenState(MessagesFrom.EVERYONE, listOf(unseen(1, "鈴木 一郎")), listOf(unseen(2, "田中 美咲"))), {}, {}) },
    sample("unseen", "empty") { UnseenScreen(UnseenState(MessagesFrom.GROUPS), {}, {}) },
    sample("unseen", "pending") { UnseenScreen(UnseenState(MessagesFrom.NOBODY, listOf(unseen(1, "鈴木 一郎", Delivery.Pending))), {}, {}) },
    sample("unseen", "refused") { UnseenScreen(UnseenState(MessagesFrom.NOBODY, listOf(unseen(1, "鈴木 一郎", Delivery.NeedsAttention(ErrorCode.TOO_MANY)))), {}, {}) },
    sample("unseen", "problem") { UnseenScreen(UnseenState(MessagesFrom.NOBODY, problem = Problem("storage_full")), {}, {}) },
    sample("unseen", "long") { UnseenScreen(UnseenState(MessagesFrom.EVERYONE, listOf(unseen(3, Long.name), unseen(4, Smith.name)), listOf(unseen(1, null))), {}, {}) },
)

private const val LIST = "会社の担当者が、連絡や集まりの準備のために、メンバーの名簿をこのコミュニティの外へ書き出すことがあります。同意すると、あなたのお名前、参加した日、「全員」または「人事」に見せているプロフィールが載ります。同意しなくても、ほかのことはすべて同じように使えます。いつでも取り消せます。取り消すと、次の書き出しからは載りません。すでに書き出された名簿は消えません。"
private const val LINKED = "会社が書き出す名簿に、在職時の社員番号を添えてよいということです。同意すると、会社はこのコミュニティのあなたと、退職者名簿の記録が同じ人だと分かります。同意しなくても、ほかのことはすべて同じように使えます。いつでも取り消せます。"

private fun receipt(given: kotlin.Long, withdrawn: kotlin.Long?) =
    ReceiptView(Receipt(purpose = Purpose.DIRECTORY_EXPORT, version = 1, language = Language.JA, givenUs = us(DAY * given), withdrawnUs = withdrawn?.let { us(DAY * it) }), LIST)

private val Listed = ConsentView(Purpose.DIRECTORY_EXPORT, "会社が書き出す名簿に載ること", LIST, 1, given = true, outdated = false, Delivery.Sent, listOf(receipt(20, null), receipt(200, 90)))
private val Numbered = ConsentView(Purpose.REGISTRY_LINK, "名簿で社員番号とつなげること", LINKED, 1, given = false, outdated = false, Delivery.Sent, emptyList())

fun consentsSamples(): List<Sample> = listOf(
    sample("consents", "loading") { ConsentsScreen(ConsentsState(), {}, {}) },
    sample("consents", "full") { ConsentsScreen(ConsentsState(listOf(Numbered, Listed)), {}, {}) },
    sample("consents", "pending") { ConsentsScreen(ConsentsState(listOf(Numbered.copy(given = true, delivery = Delivery.Pending))), {}, {}) },
    sample("consents", "refused") { ConsentsScreen(ConsentsState(listOf(Numbered.copy(delivery = Delivery.NeedsAttention(ErrorCode.CONSENT_OUTDATED)))), {}, {}) },
    sample("consents", "long") { ConsentsScreen(ConsentsState(listOf(Listed.copy(given = false, outdated = true), Numbered)), {}, {}) },
)

fun leavingSamples(): List<Sample> = listOf(
    sample("leave", "full") { LeaveScreen(LeaveState("縁商事"), {}, {}) },
    sample("leave", "problem") { LeaveScreen(LeaveState("縁商事", problem = Problem("last_owner", ErrorCode.LAST_OWNER)), {}, {}) },
    sample("leave", "long") { LeaveScreen(LeaveState(LONG_NAME, waiting = 2, problem = Problem("offline")), {}, {}) },
    sample("delete-account", "loading") { DeleteAccountScreen(DeleteAccountState(), {}, {}) },
    sample("delete-account", "full") { DeleteAccountScreen(DeleteAccountState("alumni.example.jp", "ichiro@mail.example.jp", listOf("縁商事", "若葉フーズ")), {}, {}) },
    sample("delete-account", "problem") {
        DeleteAccountScreen(DeleteAccountState("alumni.example.jp", "ichiro@mail.example.jp", listOf("縁商事"), problem = Problem("offline")), {}, {})
    },
    sample("delete-account", "long") {
        DeleteAccountScreen(DeleteAccountState("alumni-community.global-holdings.example.co.jp", "ryunosuke.teshigawara.long-address@mail.example.jp", listOf(LONG_NAME, "元海外駐在員とその家族の集い（アジア・オセアニア）")), {}, {})
    },
)

private val Serde = BuiltIn(
    "serde 1.0.228", "MIT OR Apache-2.0", "https://github.com/serde-rs/serde",
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software without restriction.",
)

fun aboutSamples(): List<Sample> = listOf(
    sample("about", "full") { AboutScreen(AboutState("縁商事", "alumni.example.jp", listOf(Sato))) {} },
    sample("about", "empty") { AboutScreen(AboutState("縁商事")) {} },
    sample("about", "long") { AboutScreen(AboutState(LONG_NAME, "alumni-community.global-holdings.example.co.jp", listOf(Sato, Long.copy(role = dev.enishi.protocol.Role.MODERATOR)))) {} },
    sample("licences", "loading") { LicencesScreen(emptyList()) {} },
    sample("licences", "full") { LicencesScreen(listOf(Serde, BuiltIn("uniffi_core 0.32.2", "MPL-2.0", "https://github.com/mozilla/uniffi-rs", ""))) {} },
    sample("licence", "full") { LicenceScreen(Serde) {} },
)
