package dev.enishi.ui.samples

import dev.enishi.model.Acquaintance
import dev.enishi.model.FirstStep
import dev.enishi.model.WelcomeView
import dev.enishi.protocol.Affiliation
import dev.enishi.protocol.CommunityKind
import dev.enishi.protocol.CommunityRule
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Fact
import dev.enishi.protocol.InvitationPreview
import dev.enishi.protocol.InvitationState
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.Role
import dev.enishi.ui.Problem
import dev.enishi.ui.entering.FirstScreen
import dev.enishi.ui.entering.FirstState
import dev.enishi.ui.entering.JoinScreen
import dev.enishi.ui.entering.JoinState
import dev.enishi.ui.entering.PreviewScreen
import dev.enishi.ui.entering.PreviewState
import dev.enishi.ui.entering.SignInScreen
import dev.enishi.ui.entering.SignInState
import dev.enishi.ui.entering.WelcomeScreen
import dev.enishi.ui.entering.WelcomeState

val Rules = listOf(
    CommunityRule(1, "人を傷つけることを書かない。", "Nothing that hurts people."),
    CommunityRule(2, "ここで読んだことを外に出さない。", "What is read here stays here."),
)

private val Invitation = InvitationPreview(
    "縁商事", CommunityKind.COMPANY, PersonName("田中", "美咲"), Affiliation.ALUMNUS, Role.MEMBER, InvitationState.OPEN, Fact.BIRTH_DATE, Rules,
)

fun enteringSamples(): List<Sample> = listOf(
    sample("first", "full") { FirstScreen(FirstState(), {}, {}) },
    sample("first", "long") { FirstScreen(FirstState("ABCD-EFGH-JKMN", server = "alumni.enishi-global-holdings.example.jp", problem = Problem("not_a_server")), {}, {}) },
    sample("first", "problem") { FirstScreen(FirstState("ABCD-EFGH", problem = Problem("not_a_link")), {}, {}) },
    sample("first", "another") { FirstScreen(FirstState(another = true), {}, {}) },
    sample("first", "waiting") { FirstScreen(FirstState(waiting = listOf("縁商事")), {}, {}) },
    sample("first", "waiting-long") { FirstScreen(FirstState(waiting = listOf("縁グローバルホールディングス株式会社 退職者の会", "元海外駐在員とその家族の集い（アジア・オセアニア）")), {}, {}) },
    sample("preview", "loading") { PreviewScreen(PreviewState("alumni.example.jp"), {}, {}) },
    sample("preview", "full") { PreviewScreen(PreviewState("alumni.example.jp", invitation = Invitation), {}, {}) },
    sample("preview", "strange") { PreviewScreen(PreviewState("alumni.example.jp", strange = "links.example.net", invitation = Invitation), {}, {}) },
    sample("preview", "used") { PreviewScreen(PreviewState("alumni.example.jp", invitation = Invitation.copy(state = InvitationState.USED)), {}, {}) },
    sample("preview", "offline") { PreviewScreen(PreviewState("alumni.example.jp", problem = Problem("offline")), {}, {}) },
    sample("preview", "long") {
        PreviewScreen(PreviewState("alumni.enishi-global-holdings.example.jp", invitation = Invitation.copy(community = "縁グローバルホールディングス株式会社 退職者の会", invitedBy = PersonName("勅使河原", "龍之介"))), {}, {})
    },
    sample("sign-in", "full") { SignInScreen(SignInState(address = "hanako@example.jp"), {}, {}) },
    sample("sign-in", "server") { SignInScreen(SignInState(server = "", address = ""), {}, {}) },
    sample("sign-in", "code") { SignInScreen(SignInState(address = "hanako@example.jp", sent = true, sender = "alumni.example.jp", code = "4821"), {}, {}) },
    sample("sign-in", "problem") { SignInScreen(SignInState(address = "hanako@example.jp", sent = true, sender = "alumni.example.jp", problem = Problem("code_wrong", ErrorCode.CODE_WRONG)), {}, {}) },
    sample("sign-in", "nowhere") { SignInScreen(SignInState(nowhere = true), {}, {}) },
    sample("sign-in", "long") { SignInScreen(SignInState(address = "ryunosuke.teshigawara.1962@enishi-global-holdings.example.jp", sent = true, sender = "alumni.enishi-global-holdings.example.jp"), {}, {}) },
    sample("join", "full") { JoinScreen(JoinState(Invitation, "鈴木", "一郎", "昭和37年4月1日", department = "営業第二部", from = "1985", to = "2019"), {}, {}) },
    sample("join", "empty") { JoinScreen(JoinState(Invitation), {}, {}) },
    sample("join", "approval") { JoinScreen(JoinState(Invitation.copy(fact = null, kind = CommunityKind.CIRCLE), "鈴木", "一郎"), {}, {}) },
    sample("join", "waiting") { JoinScreen(JoinState(Invitation, waiting = true), {}, {}) },
    sample("join", "problem") { JoinScreen(JoinState(Invitation, "鈴木", "一郎", "1962-04-02", problem = Problem("fact_wrong", ErrorCode.FACT_WRONG)), {}, {}) },
    sample("join", "long") { JoinScreen(JoinState(Invitation, "勅使河原", "龍之介", note = "", department = Long.fields.values.first()), {}, {}) },
    sample("welcome", "loading") { WelcomeScreen(WelcomeState("縁商事"), {}, {}) },
    sample("welcome", "full") {
        WelcomeScreen(WelcomeState("縁商事", WelcomeView("ようこそ。懐かしい顔ぶれがそろっています。困ったことがあれば、いつでも佐藤までどうぞ。", listOf(Sato), listOf(Acquaintance(Suzuki, true, 7u), Acquaintance(Tanaka, false, 3u), Acquaintance(Smith, true, 0u)), FirstStep.Introduce)), {}, {})
    },
    sample("welcome", "empty") { WelcomeScreen(WelcomeState("縁商事", WelcomeView(null, listOf(Sato), emptyList(), null)), {}, {}) },
    sample("welcome", "long") {
        WelcomeScreen(WelcomeState("縁グローバルホールディングス株式会社 退職者の会", WelcomeView(null, listOf(Sato), listOf(Acquaintance(Long, true, 12u)), FirstStep.AnswerQuestion(Posts[2].id, Long.name, Posts[2].text.repeat(3)))), {}, {})
    },
)
