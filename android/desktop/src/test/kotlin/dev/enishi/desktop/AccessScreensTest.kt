package dev.enishi.desktop

import androidx.lifecycle.SavedStateHandle
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.protocol.NoticeEvent
import dev.enishi.protocol.RecoveryState
import dev.enishi.ui.app.To
import dev.enishi.ui.communities.CommunitiesEvent
import dev.enishi.ui.communities.CommunitiesModel
import dev.enishi.ui.devices.ApproveEvent
import dev.enishi.ui.devices.ApproveModel
import dev.enishi.ui.devices.DevicesEvent
import dev.enishi.ui.devices.DevicesModel
import dev.enishi.ui.me.MeEvent
import dev.enishi.ui.me.MeModel
import dev.enishi.ui.waysin.AddAddressEvent
import dev.enishi.ui.waysin.AddAddressModel
import dev.enishi.ui.waysin.RecoverByCodeEvent
import dev.enishi.ui.waysin.RecoverByCodeModel
import dev.enishi.ui.waysin.RecoverByDeviceEvent
import dev.enishi.ui.waysin.RecoverByDeviceModel
import dev.enishi.ui.waysin.RecoverByOthersEvent
import dev.enishi.ui.waysin.RecoverByOthersModel
import dev.enishi.ui.waysin.RecoveryCodeEvent
import dev.enishi.ui.waysin.RecoveryCodeModel
import dev.enishi.ui.waysin.WaysInEvent
import dev.enishi.ui.waysin.WaysInModel
import dev.enishi.ui.waysin.Wish
import kotlinx.coroutines.runBlocking
import org.junit.Test

/** Who gets in, how, and what is told of it, on the real core and a real server. */
class AccessScreensTest {
    private val server = TestServer.shared()

    private fun story(told: suspend Machine.(Phone) -> Unit) = runBlocking<Unit> {
        Phone.joined(server).use { phone -> Machine(phone.client).use { it.told(phone) } }
    }

    @Test
    fun `another device is let in by what it shows, is told of, and can be signed out`() = story {
        val place = place()
        val me = screen(MeModel(client, place))
        me.on(MeEvent.Look)
        me.await { it.own != null && it.oneWayIn && it.signedIn }
        Machine.empty().use { second ->
            val asking = second.screen(RecoverByDeviceModel(second.app, second.client, null))
            asking.on(RecoverByDeviceEvent.Ask(server.url))
            val link = asking.await { it.link != null }.link!!
            val approve = screen(ApproveModel(client, place, app.platform))
            approve.on(ApproveEvent.Look("not what a device shows"))
            approve.await { it.problem?.code == "no_device_link" && !it.busy }
            approve.on(ApproveEvent.Look(link))
            approve.await { it.device != null && !it.busy }
            approve.on(ApproveEvent.Approve)
            approve.await { it.done }
            asking.await { it.next == To.Only(To.Home) }
            me.on(MeEvent.Look)
            val notice = me.await { state -> !state.oneWayIn && state.notices.any { it.event is NoticeEvent.NewDevice } }.notices.first()
            me.on(MeEvent.Shown(notice.id))
            me.await { state -> state.notices.none { it.id == notice.id } }
            val devices = screen(DevicesModel(client, place))
            devices.on(DevicesEvent.Look)
            devices.await { it.devices?.size == 2 && it.devices!!.first().`this` && !it.busy }
            devices.on(DevicesEvent.RevokeOthers)
            devices.await { it.devices?.size == 1 && !it.busy }
            val communities = second.screen(CommunitiesModel(second.app, second.client))
            communities.on(CommunitiesEvent.Look)
            communities.await { it.accounts?.single()?.signedIn == false }
            val other = second.screen(MeModel(second.client, second.place()))
            other.on(MeEvent.Look)
            other.await { !it.signedIn }
        }
    }

    @Test
    fun `an address is added once its mail is read, and the code on paper lets one in`() = story {
        val place = place()
        val address = "${place.membership.member}@example.jp"
        val add = screen(AddAddressModel(client, place, SavedStateHandle()))
        add.on(AddAddressEvent.Address(address))
        add.on(AddAddressEvent.Send)
        add.await { it.sent && !it.busy }
        add.on(AddAddressEvent.Code(server.code(address)))
        add.await { it.done }
        val ways = screen(WaysInModel(client, place))
        ways.on(WaysInEvent.Look)
        ways.await { it.addresses?.size == 2 && it.ways != null && !it.busy }
        ways.on(WaysInEvent.Remove(address))
        ways.await { it.addresses?.size == 1 && !it.busy }
        val paper = screen(RecoveryCodeModel(client, place))
        paper.on(RecoveryCodeEvent.Make)
        val code = paper.await { it.code != null }.code!!
        ways.on(WaysInEvent.Look)
        ways.await { it.ways?.recoveryCode == true && !it.busy }
        Machine.empty().use { second ->
            val entering = second.screen(RecoverByCodeModel(second.app, second.client, null))
            entering.on(RecoverByCodeEvent.Enter(server.url, "ABC"))
            entering.await { it.problem?.code == "recovery_code_wrong" && !it.busy }
            entering.on(RecoverByCodeEvent.Enter(server.url, code.lowercase().replace('-', ' ')))
            entering.await { it.next == To.Only(To.Home) }
        }
    }

    @Test
    fun `whoever has a membership stops somebody who says that it is theirs`() = runBlocking<Unit> {
        TestServer().use { server ->
            Phone.joined(server).use { phone ->
                Machine(phone.client).use { machine ->
                    Machine.empty().use { second ->
                        val place = machine.place()
                        val asking = second.screen(RecoverByOthersModel(second.app, second.client, server.url))
                        asking.on(RecoverByOthersEvent.Look)
                        asking.await { it.recoveries?.isEmpty() == true && it.address == null && !it.busy }
                        Phone.signIn(second.client, server, "new@example.jp")
                        asking.on(RecoverByOthersEvent.Look)
                        asking.await { it.address == "new@example.jp" && !it.busy }
                        val (family, given) = server.leavers.first().name.split(" ")
                        asking.on(RecoverByOthersEvent.Ask(Wish("no invitation at all", family, given, "", "")))
                        asking.await { it.problem?.code == "not_a_link" && !it.busy }
                        asking.on(RecoverByOthersEvent.Ask(Wish(server.invitation(server.leaver()), family, given, server.leavers.first().born, "開発部にいました")))
                        asking.await { it.recoveries?.singleOrNull()?.state == RecoveryState.ASKED && !it.busy }
                        val me = machine.screen(MeModel(machine.client, place))
                        me.on(MeEvent.Look)
                        val notice = me.await { state -> state.notices.any { it.event is NoticeEvent.RecoveryAsked } }.notices.first { it.event is NoticeEvent.RecoveryAsked }
                        val asked = notice.event as NoticeEvent.RecoveryAsked
                        me.on(MeEvent.Stop(notice.id, asked.community, asked.recovery))
                        me.await { state -> state.problem == null && state.notices.none { it.id == notice.id } }
                        asking.on(RecoverByOthersEvent.Look)
                        asking.await { it.recoveries?.singleOrNull()?.state == RecoveryState.STOPPED }
                    }
                }
            }
        }
    }
}
