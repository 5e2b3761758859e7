package dev.enishi.ui.samples

import dev.enishi.id.CommunityId
import dev.enishi.id.NoticeId
import dev.enishi.id.RecoveryId
import dev.enishi.model.Delivery
import dev.enishi.model.OwnProfileView
import dev.enishi.model.Viewer
import dev.enishi.protocol.Audience
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.Notice
import dev.enishi.protocol.NoticeEvent
import dev.enishi.protocol.OwnField
import dev.enishi.protocol.ProfileField
import dev.enishi.ui.Problem
import dev.enishi.ui.me.MeScreen
import dev.enishi.ui.me.MeState
import dev.enishi.ui.profile.EditFieldScreen
import dev.enishi.ui.profile.EditFieldState
import dev.enishi.ui.profile.ProfileScreen
import dev.enishi.ui.profile.ProfileState
import dev.enishi.ui.profile.SeenScreen
import dev.enishi.ui.profile.SeenState
import dev.enishi.ui.profile.Typed

private fun notice(number: Int, event: NoticeEvent, minutes: Long = 90) = Notice(id = NoticeId(uuid(700 + number)), event = event, atUs = us(minutes))

private val Asked = NoticeEvent.RecoveryAsked(recovery = RecoveryId(uuid(790)), community = CommunityId(uuid(900)), name = "縁商事", untilUs = us(-60 * 70))

private val Me = MeState("縁商事", own = Suzuki, server = "https://alumni.example.jp")

fun meSamples(): List<Sample> = listOf(
    sample("me", "loading") { MeScreen(Me.copy(own = null), {}, {}) },
    sample("me", "full") { MeScreen(Me.copy(oneWayIn = true), {}, {}) },
    sample("me", "notice") { MeScreen(Me.copy(notices = listOf(notice(1, NoticeEvent.NewDevice("Pixel 9"))), attention = 2), {}, {}) },
    sample("me", "taken") { MeScreen(Me.copy(notices = listOf(notice(2, Asked))), {}, {}) },
    sample("me", "signed-out") { MeScreen(Me.copy(holdsSession = false), {}, {}) },
    sample("me", "problem") { MeScreen(Me.copy(problem = Problem("storage_full")), {}, {}) },
    sample("me", "long") {
        MeScreen(Me.copy(community = "縁グローバルホールディングス株式会社 退職者の会", own = Long, oneWayIn = true, notices = listOf(notice(3, NoticeEvent.AddressAdded("ryunosuke.teshigawara.long-address@mail.example.jp")))), {}, {})
    },
)

private fun own(value: String, audience: Audience = Audience.EVERYONE) = OwnField(value = value, audience = audience)

private val OwnFields = mapOf(
    ProfileField.DEPARTMENT to own("営業第二部"),
    ProfileField.JOINED_YEAR to own("1998"),
    ProfileField.LEFT_YEAR to own("2019"),
    ProfileField.EMPLOYER to own("鈴木事務所"),
    ProfileField.LOCATION to own("福岡市", Audience.GROUPS),
    ProfileField.EXPERTISE to own("食品の卸、九州の販路"),
    ProfileField.CONTACT to own("090-0000-0000", Audience.NOBODY),
)

private val Profile = ProfileState(Suzuki.id, Suzuki.name, OwnProfileView(OwnFields, emptyMap()))

private val LongAbout = "定年の少し前に退職し、地元で小さな商いを手伝っています。在職中は海外の工場の立ち上げと、その後の人の育て方に長く関わりました。同じ苦労をされている方がいれば、いつでも声をかけてください。"

fun profileSamples(): List<Sample> = listOf(
    sample("profile", "loading") { ProfileScreen(ProfileState(Suzuki.id)) {} },
    sample("profile", "full") { ProfileScreen(Profile) {} },
    sample("profile", "empty") { ProfileScreen(Profile.copy(profile = OwnProfileView(emptyMap(), emptyMap()))) {} },
    sample("profile", "pending") {
        ProfileScreen(Profile.copy(profile = OwnProfileView(OwnFields, mapOf(ProfileField.DEPARTMENT to Delivery.Pending)), drafts = setOf(ProfileField.TITLE))) {}
    },
    sample("profile", "refused") {
        ProfileScreen(Profile.copy(profile = OwnProfileView(OwnFields, mapOf(ProfileField.DEPARTMENT to Delivery.NeedsAttention(ErrorCode.TEXT_TOO_LONG))))) {}
    },
    sample("profile", "long") {
        ProfileScreen(
            ProfileState(
                Long.id, Long.name,
                OwnProfileView(OwnFields + mapOf(ProfileField.DEPARTMENT to own(Long.fields.getValue(ProfileField.DEPARTMENT)), ProfileField.TITLE to own(LongAbout)), emptyMap()),
            ),
        ) {}
    },
    sample("profile-field", "loading") { EditFieldScreen(EditFieldState(ProfileField.EXPERTISE), {}, {}) },
    sample("profile-field", "full") { EditFieldScreen(EditFieldState(ProfileField.EXPERTISE, Typed("食品の卸、九州の販路", Audience.EVERYONE)), {}, {}) },
    sample("profile-field", "empty") { EditFieldScreen(EditFieldState(ProfileField.CONTACT, Typed("", Audience.GROUPS)), {}, {}) },
    sample("profile-field", "problem") {
        EditFieldScreen(EditFieldState(ProfileField.LEFT_YEAR, Typed("2019", Audience.NOBODY), problem = Problem("storage_full")), {}, {})
    },
    sample("profile-field", "long") { EditFieldScreen(EditFieldState(ProfileField.ABOUT, Typed(LongAbout.repeat(12), Audience.HR)), {}, {}) },
    sample("seen", "loading") { SeenScreen(SeenState(Suzuki.id), {}, {}) },
    sample("seen", "full") {
        SeenScreen(SeenState(Suzuki.id, Suzuki.name, listOf(Sales.id to Sales.name, Kyushu.id to Kyushu.name), texts = Suzuki.fields, filled = Suzuki.fields.keys + ProfileField.CONTACT), {}, {})
    },
    sample("seen", "hr") {
        SeenScreen(SeenState(Suzuki.id, Suzuki.name, listOf(Sales.id to Sales.name), Viewer.Hr, Suzuki.fields, Suzuki.fields.keys), {}, {})
    },
    sample("seen", "empty") { SeenScreen(SeenState(Suzuki.id, Suzuki.name, texts = emptyMap()), {}, {}) },
    sample("seen", "long") {
        SeenScreen(
            SeenState(Long.id, Long.name, listOf(Sales.id to Sales.name, Kyushu.id to "九州・沖縄に暮らす元社員とその家族の会", Closed.id to Closed.name), Viewer.Group(Kyushu.id), Long.fields + mapOf(ProfileField.ABOUT to LongAbout), Long.fields.keys + ProfileField.CONTACT + ProfileField.EMPLOYER),
            {}, {},
        )
    },
)
