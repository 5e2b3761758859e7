package dev.enishi.ui.samples

import dev.enishi.id.DeviceId
import dev.enishi.id.RecoveryId
import dev.enishi.protocol.Address
import dev.enishi.protocol.ApprovalView
import dev.enishi.protocol.Device
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.OwnRecovery
import dev.enishi.protocol.RecoveryState
import dev.enishi.protocol.WaysIn
import dev.enishi.ui.Problem
import dev.enishi.ui.devices.ApproveScreen
import dev.enishi.ui.devices.ApproveState
import dev.enishi.ui.devices.DevicesScreen
import dev.enishi.ui.devices.DevicesState
import dev.enishi.ui.waysin.AddAddressScreen
import dev.enishi.ui.waysin.AddAddressState
import dev.enishi.ui.waysin.RecoverByCodeScreen
import dev.enishi.ui.waysin.RecoverByCodeState
import dev.enishi.ui.waysin.RecoverByDeviceScreen
import dev.enishi.ui.waysin.RecoverByDeviceState
import dev.enishi.ui.waysin.RecoverByOthersScreen
import dev.enishi.ui.waysin.RecoverByOthersState
import dev.enishi.ui.waysin.RecoverScreen
import dev.enishi.ui.waysin.RecoveryCodeScreen
import dev.enishi.ui.waysin.RecoveryCodeState
import dev.enishi.ui.waysin.WaysInScreen
import dev.enishi.ui.waysin.WaysInState

private const val DAY = 60L * 24

private fun device(number: Int, name: String, since: kotlin.Long, seen: kotlin.Long, here: Boolean = false) =
    Device(id = DeviceId(uuid(600 + number)), name = name, sinceUs = us(since), seenUs = us(seen), `this` = here)

private val Here = device(1, "Pixel 9", DAY * 40, 0, here = true)
private val Tablet = device(2, "書斎のタブレット", DAY * 12, DAY * 2)
private val Old = device(3, "Xperia 10", DAY * 500, DAY * 90)

private val Unreached = Problem("offline")

private val Asks = ApprovalView(deviceName = "Pixel 9", askedUs = us(1), sameNetwork = true)

private const val LINK = "https://alumni.example.jp/d/0190f0a0-0000-7000-8000-000000000001"
private const val CODE = "7H2K9-M4QXT-0VB3C-8RJWN-5FZ1D"
private const val LONG_ADDRESS = "ryunosuke.teshigawara.long-address@mail.example.jp"

private fun address(text: String, days: kotlin.Long) = Address(address = text, addedUs = us(DAY * days))

fun accessSamples(): List<Sample> = listOf(
    sample("devices", "loading") { DevicesScreen(DevicesState(), {}, {}) },
    sample("devices", "full") { DevicesScreen(DevicesState(listOf(Here, Tablet, Old)), {}, {}) },
    sample("devices", "empty") { DevicesScreen(DevicesState(listOf(Here)), {}, {}) },
    sample("devices", "offline") { DevicesScreen(DevicesState(problem = Unreached), {}, {}) },
    sample("devices", "long") {
        DevicesScreen(DevicesState(listOf(Here.copy(name = "勅使河原龍之介のスマートフォン（機種変更後、二台目）"), Old.copy(name = "Samsung Galaxy Tab S10 Ultra 5G Wi-Fi + Cellular"))), {}, {})
    },
    sample("approve", "full") { ApproveScreen(ApproveState("ichiro@mail.example.jp", Asks), {}, {}) },
    sample("approve", "empty") { ApproveScreen(ApproveState(), {}, {}) },
    sample("approve", "elsewhere") { ApproveScreen(ApproveState(elsewhere = true), {}, {}) },
    sample("approve", "problem") { ApproveScreen(ApproveState(problem = Problem("no_device_link")), {}, {}) },
    sample("approve", "offline") { ApproveScreen(ApproveState("ichiro@mail.example.jp", Asks, problem = Unreached), {}, {}) },
    sample("approve", "done") { ApproveScreen(ApproveState("ichiro@mail.example.jp", Asks, done = true), {}, {}) },
    sample("approve", "long") {
        ApproveScreen(ApproveState(LONG_ADDRESS, Asks.copy(deviceName = "勅使河原龍之介のスマートフォン（機種変更後、二台目）", sameNetwork = false), problem = Problem("code_expired", ErrorCode.CODE_EXPIRED)), {}, {})
    },
    sample("ways-in", "loading") { WaysInScreen(WaysInState(), {}, {}) },
    sample("ways-in", "full") { WaysInScreen(WaysInState(listOf(address("ichiro@mail.example.jp", 40), address("suzuki@home.example.jp", 12)), WaysIn(2, 2, true)), {}, {}) },
    sample("ways-in", "empty") { WaysInScreen(WaysInState(listOf(address("ichiro@mail.example.jp", 40)), WaysIn(1, 1, false)), {}, {}) },
    sample("ways-in", "offline") { WaysInScreen(WaysInState(problem = Unreached), {}, {}) },
    sample("ways-in", "problem") {
        WaysInScreen(WaysInState(listOf(address("ichiro@mail.example.jp", 40)), WaysIn(1, 1, false), problem = Problem("last_address", ErrorCode.LAST_ADDRESS)), {}, {})
    },
    sample("ways-in", "long") { WaysInScreen(WaysInState(listOf(address(LONG_ADDRESS, 400), address("teshigawara.family.account@provider.example.ne.jp", 12)), WaysIn(2, 12, false)), {}, {}) },
    sample("add-address", "empty") { AddAddressScreen(AddAddressState(), {}, {}) },
    sample("add-address", "full") { AddAddressScreen(AddAddressState("suzuki@home.example.jp", sent = true, sender = "alumni.example.jp", code = "4821"), {}, {}) },
    sample("add-address", "problem") { AddAddressScreen(AddAddressState("suzuki@home", problem = Problem("address_invalid", ErrorCode.ADDRESS_INVALID)), {}, {}) },
    sample("add-address", "long") {
        AddAddressScreen(AddAddressState(LONG_ADDRESS, sent = true, sender = "alumni.example.jp", code = "482113", problem = Problem("address_taken", ErrorCode.ADDRESS_TAKEN)), {}, {})
    },
    sample("recovery-code", "empty") { RecoveryCodeScreen(RecoveryCodeState(), {}, {}) },
    sample("recovery-code", "full") { RecoveryCodeScreen(RecoveryCodeState(code = CODE), {}, {}) },
    sample("recovery-code", "long") { RecoveryCodeScreen(RecoveryCodeState(before = true, problem = Unreached), {}, {}) },
)

private fun recovery(state: RecoveryState, name: String = "縁商事") =
    OwnRecovery(id = RecoveryId(uuid(800)), name = name, state = state, untilUs = if (state == RecoveryState.WAITING) us(-60L * 50) else null)

private val Asking = RecoverByOthersState("alumni.example.jp", "ichiro.new@mail.example.jp", emptyList())

fun recoverSamples(): List<Sample> = listOf(
    sample("recover", "full") { RecoverScreen(null) {} },
    sample("recover-device", "empty") { RecoverByDeviceScreen(RecoverByDeviceState("alumni.example.jp"), {}, {}) },
    sample("recover-device", "full") { RecoverByDeviceScreen(RecoverByDeviceState("alumni.example.jp", LINK), {}, {}) },
    sample("recover-device", "problem") { RecoverByDeviceScreen(RecoverByDeviceState("alumni.example.jp", problem = Problem("code_expired", ErrorCode.CODE_EXPIRED)), {}, {}) },
    sample("recover-device", "nowhere") { RecoverByDeviceScreen(RecoverByDeviceState(nowhere = true), {}, {}) },
    sample("recover-code", "empty") { RecoverByCodeScreen(RecoverByCodeState("alumni.example.jp"), {}, {}) },
    sample("recover-code", "problem") {
        RecoverByCodeScreen(RecoverByCodeState("alumni.example.jp", problem = Problem("recovery_code_wrong", ErrorCode.RECOVERY_CODE_WRONG)), {}, {})
    },
    sample("recover-others", "loading") { RecoverByOthersScreen(RecoverByOthersState(), {}, {}) },
    sample("recover-others", "empty") { RecoverByOthersScreen(RecoverByOthersState(recoveries = emptyList()), {}, {}) },
    sample("recover-others", "full") { RecoverByOthersScreen(Asking, {}, {}) },
    sample("recover-others", "asked") { RecoverByOthersScreen(Asking.copy(recoveries = listOf(recovery(RecoveryState.ASKED))), {}, {}) },
    sample("recover-others", "waiting") { RecoverByOthersScreen(Asking.copy(recoveries = listOf(recovery(RecoveryState.WAITING))), {}, {}) },
    sample("recover-others", "offline") { RecoverByOthersScreen(RecoverByOthersState(problem = Unreached), {}, {}) },
    sample("recover-others", "long") {
        RecoverByOthersScreen(Asking.copy(address = LONG_ADDRESS, recoveries = listOf(recovery(RecoveryState.STOPPED, "縁グローバルホールディングス株式会社 退職者の会"))), {}, {})
    },
)
