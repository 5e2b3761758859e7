package dev.enishi.desktop

import androidx.lifecycle.SavedStateHandle
import dev.enishi.Phone
import dev.enishi.TestServer
import dev.enishi.model.Delivery
import dev.enishi.model.Viewer
import dev.enishi.protocol.Audience
import dev.enishi.protocol.Language
import dev.enishi.protocol.Level
import dev.enishi.protocol.MessagesFrom
import dev.enishi.protocol.NotificationKind
import dev.enishi.protocol.ProfileField
import dev.enishi.protocol.Purpose
import dev.enishi.ui.consents.ConsentsEvent
import dev.enishi.ui.consents.ConsentsModel
import dev.enishi.ui.devices.DevicesEvent
import dev.enishi.ui.devices.DevicesModel
import dev.enishi.ui.groups.NewGroupEvent
import dev.enishi.ui.groups.NewGroupModel
import dev.enishi.ui.leaving.DeleteAccountEvent
import dev.enishi.ui.leaving.DeleteAccountModel
import dev.enishi.ui.leaving.LeaveEvent
import dev.enishi.ui.leaving.LeaveModel
import dev.enishi.ui.profile.EditFieldEvent
import dev.enishi.ui.profile.EditFieldModel
import dev.enishi.ui.profile.ProfileEvent
import dev.enishi.ui.profile.ProfileModel
import dev.enishi.ui.profile.SeenEvent
import dev.enishi.ui.profile.SeenModel
import dev.enishi.ui.profile.Typed
import dev.enishi.ui.settings.Hours
import dev.enishi.ui.settings.NotificationSettingsEvent
import dev.enishi.ui.settings.NotificationSettingsModel
import dev.enishi.ui.unseen.UnseenEvent
import dev.enishi.ui.unseen.UnseenModel
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.Test

/** What the screens about oneself do, on the real core and a real server. */
class OwnScreensTest {
    private fun story(told: suspend Machine.(Phone) -> Unit) = runBlocking<Unit> {
        Phone.joined().use { phone -> Machine(phone.client).use { it.told(phone) } }
    }

    @Test
    fun `a field keeps what was typed until it is saved, and only those it is for see it`() = story {
        val place = place()
        val department = ProfileField.DEPARTMENT
        val left = screen(EditFieldModel(place, department))
        left.await { it.first != null }
        left.on(EditFieldEvent.Type(Typed("営業", Audience.GROUPS)))
        val profile = screen(ProfileModel(place))
        // The next screen may look before the letters are kept.
        withTimeout(30.seconds) {
            while (department !in profile.state.value.drafts) {
                profile.on(ProfileEvent.Look)
                yield()
            }
        }
        val again = screen(EditFieldModel(place, department))
        again.await { it.first == Typed("営業", Audience.GROUPS) }
        again.on(EditFieldEvent.Save(Typed("営業部", Audience.HR)))
        again.await { it.saved }
        profile.on(ProfileEvent.Look)
        profile.await { it.profile?.fields?.get(department)?.value == "営業部" && it.drafts.isEmpty() }
        val seen = screen(SeenModel(place))
        seen.await { it.texts != null && department !in it.texts!! && department in it.filled }
        seen.on(SeenEvent.Look(Viewer.Hr))
        seen.await { it.texts?.get(department) == "営業部" }
    }

    @Test
    fun `what is typed is there again after the system has ended the process`() = story {
        val (place, saved) = place() to SavedStateHandle()
        val ended = screen(NewGroupModel(place, saved))
        ended.on(NewGroupEvent.Change { it.copy(name = "釣りの会", description = "月に一度") })
        withTimeout(30.seconds) { saved.getStateFlow("typed", arrayListOf<String>()).first { "釣りの会" in it } }
        // What the system keeps of a screen is all that the next process has.
        val again = screen(NewGroupModel(place, SavedStateHandle(saved.keys().associateWith { saved.get<Any>(it) })))
        again.await { it.name == "釣りの会" && it.description == "月に一度" }
    }

    @Test
    fun `what one wishes to hear of is kept, with hours by one's own clock`() = story {
        val place = place()
        val screen = screen(NotificationSettingsModel(app, place))
        screen.await { it.settings != null }
        screen.on(NotificationSettingsEvent.Kind(NotificationKind.GROUP_INVITATION, Level.OFF))
        screen.on(NotificationSettingsEvent.Quiet(Hours(22 * 60, 7 * 60)))
        screen.on(NotificationSettingsEvent.TellContent(true))
        val ahead = app.platform.zone.rules.getOffset(app.platform.now()).totalSeconds / 60
        screen.await { state ->
            val settings = state.settings
            settings?.kinds?.get("group_invitation") == Level.OFF && settings.quiet?.utcOffset?.toInt() == ahead && state.tellsContent
        }
    }

    @Test
    fun `who may write, whom one sees and what one consents to can each be taken back`() = story {
        val place = place()
        val unseen = screen(UnseenModel(place))
        unseen.await { it.from != null }
        unseen.on(UnseenEvent.AcceptFrom(MessagesFrom.NOBODY))
        unseen.await { it.from == MessagesFrom.NOBODY }
        Phone.joined().use { other ->
            place.community.inStep()
            place.community.block(other.community.member(), true)
            unseen.await { it.blocked.size == 1 }
            unseen.on(UnseenEvent.Unblock(other.community.member()))
            unseen.await { it.blocked.isEmpty() }
        }
        val consents = screen(ConsentsModel(place))
        consents.on(ConsentsEvent.Read(Language.JA))
        consents.await { it.consents?.size == Purpose.entries.size }
        consents.on(ConsentsEvent.Give(Purpose.DIRECTORY_EXPORT))
        consents.await { state -> state.consents?.first { it.purpose == Purpose.DIRECTORY_EXPORT }?.let { it.given && it.delivery == Delivery.Sent && it.receipts.size == 1 } == true }
        consents.on(ConsentsEvent.Withdraw(Purpose.DIRECTORY_EXPORT))
        consents.await { state -> state.consents?.first { it.purpose == Purpose.DIRECTORY_EXPORT }?.let { !it.given && it.receipts.single().receipt.withdrawnUs != null } == true }
    }

    @Test
    fun `leaving without a network says so, and with one the community is gone from the app`() = runBlocking<Unit> {
        TestServer().use { server ->
            Phone.joined(server).use { phone ->
                Machine(phone.client).use { machine ->
                    val place = machine.place()
                    val devices = machine.screen(DevicesModel(phone.client, place))
                    val leave = machine.screen(LeaveModel(machine.app, phone.client, place))
                    server.kill()
                    devices.on(DevicesEvent.Look)
                    devices.await { it.problem?.code == "offline" && !it.busy }
                    leave.on(LeaveEvent.Leave)
                    leave.await { it.problem?.code == "offline" && !it.busy }
                    server.start()
                    leave.on(LeaveEvent.Leave)
                    machine.nowhere()
                }
            }
        }
    }

    @Test
    fun `a deleted account is gone from the app`() = story { phone ->
        val screen = screen(DeleteAccountModel(app, phone.client, place()))
        screen.await { it.communities == listOf("縁商事") }
        screen.on(DeleteAccountEvent.Delete)
        nowhere()
        check(phone.client.accounts().isEmpty())
    }

    private suspend fun Machine.nowhere() = withTimeout(30.seconds) { app.state.first { it.places.isEmpty() } }
}
