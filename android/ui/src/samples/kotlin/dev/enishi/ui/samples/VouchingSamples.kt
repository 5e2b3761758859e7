package dev.enishi.ui.samples

import dev.enishi.id.RecoveryId
import dev.enishi.id.RequestId
import dev.enishi.model.MemberView
import dev.enishi.model.RecoveryView
import dev.enishi.model.VouchingView
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.JoinVouching
import dev.enishi.protocol.PersonName
import dev.enishi.protocol.Recovery
import dev.enishi.protocol.RecoveryState
import dev.enishi.ui.Problem
import dev.enishi.ui.vouching.Asked
import dev.enishi.ui.vouching.Part
import dev.enishi.ui.vouching.Said
import dev.enishi.ui.vouching.VouchingScreen
import dev.enishi.ui.vouching.VouchingState

private const val TOLD = "0190f0a0-1234-7000-8000-000000000001"
private const val WORD = "1998年から営業第二部にいました。電話を替えて、前のメールが届かなくなりました。"

private fun newcomer(number: Int, name: PersonName, note: String, pending: Boolean = false) =
    VouchingView(id = RequestId(uuid(820 + number)), vouching = JoinVouching(name = name, note = note, needed = 2, vouches = 1, atUs = us(300)), pending = pending)

private fun asked(number: Int, name: PersonName, member: MemberView?, state: RecoveryState = RecoveryState.ASKED, proved: Boolean = true) = Asked(
    RecoveryView(
        id = RecoveryId(uuid(840 + number)),
        recovery = Recovery(
            name = name, note = WORD, member = member?.id, proved = proved, state = state, vouches = 1,
            untilUs = if (state == RecoveryState.WAITING) us(-60 * 50) else null, atUs = us(600),
        ),
        pending = false,
    ),
    member,
)

private val Read = VouchingState(desk = emptyList(), newcomers = emptyList())
private val Filled = Read.copy(number = TOLD, chosen = Suzuki)
private val Newcomer = newcomer(1, PersonName("高橋", "次郎"), "2005年から工場にいました。")
private val LongName = PersonName("勅使河原", "龍之介")

fun vouchingSamples(): List<Sample> = listOf(
    sample("vouching", "loading") { VouchingScreen(VouchingState(), {}, {}) },
    sample("vouching", "empty") { VouchingScreen(Read, {}, {}) },
    sample("vouching", "full") { VouchingScreen(Filled.copy(newcomers = listOf(Newcomer)), {}, {}) },
    sample("vouching", "search") { VouchingScreen(Read.copy(number = "0190f0a0-1234-7000-8000-00000000000O", query = "田中", candidates = listOf(Tanaka)), {}, {}) },
    sample("vouching", "duty") {
        VouchingScreen(
            Read.copy(
                desk = listOf(
                    asked(1, PersonName("鈴木", "一郎"), Suzuki), asked(2, PersonName("田中", "美幸"), null, proved = false),
                    asked(3, PersonName("田中", "美咲"), Tanaka, RecoveryState.WAITING),
                ),
            ),
            {}, {},
        )
    },
    sample("vouching", "problem") { VouchingScreen(Filled.copy(problem = Problem("recovery_over", ErrorCode.RECOVERY_OVER)), {}, {}) },
    sample("vouching", "done") { VouchingScreen(Read.copy(said = Said(Said.What.SUPPORTED, Suzuki.name, sent = true)), {}, {}) },
    sample("vouching", "offline") { VouchingScreen(Read.copy(said = Said(Said.What.SUPPORTED, Suzuki.name, sent = false)), {}, {}) },
    sample("vouching", "long") {
        VouchingScreen(
            Read.copy(
                number = TOLD, chosen = Long, newcomers = listOf(newcomer(2, LongName, WORD.repeat(3), pending = true), Newcomer), confirmed = setOf(Newcomer.id),
                desk = listOf(asked(4, LongName, Long)), part = Part.JOIN, said = Said(Said.What.LET_IN, "高橋 次郎", sent = true),
            ),
            {}, {},
        )
    },
)
