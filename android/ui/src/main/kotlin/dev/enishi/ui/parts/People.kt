package dev.enishi.ui.parts

import dev.enishi.model.MemberView
import dev.enishi.model.Readers
import dev.enishi.protocol.Affiliation
import dev.enishi.protocol.Audience
import dev.enishi.protocol.ProfileField
import dev.enishi.protocol.Stream
import dev.enishi.ui.words.Words

/** Where somebody was and for how long, as far as they show it: 営業部・2008–2019年. */
fun MemberView.past(words: Words): String {
    val department = fields[ProfileField.DEPARTMENT]
    val (from, to) = fields[ProfileField.JOINED_YEAR] to fields[ProfileField.LEFT_YEAR]
    val years = when {
        from != null && to != null -> words.yearsBetween(from, to)
        from != null -> words.yearsFrom(from)
        to != null -> words.yearsTo(to)
        else -> null
    }
    val belongs = if (affiliation == Affiliation.EMPLOYEE) words.memberEmployee else null
    return listOfNotNull(belongs, department, years).joinToString(words.listDot)
}

/** Who can read what is written into a feed. */
fun readersSaid(readers: Readers, stream: Stream, words: Words): String {
    val who = when {
        stream is Stream.Community -> words.readersCommunity(readers.members)
        readers.closedToStaff -> words.readersGroupClosed(readers.members)
        readers.staff -> words.readersGroupStaff(readers.members)
        else -> words.readersGroup(readers.members)
    }
    return if (readers.whole) who else words.readersMore(who)
}

/** What a field of a profile is called. */
fun ProfileField.called(words: Words): String = when (this) {
    ProfileField.ABOUT -> words.fieldAbout
    ProfileField.CONTACT -> words.fieldContact
    ProfileField.DEPARTMENT -> words.fieldDepartment
    ProfileField.EMPLOYER -> words.fieldEmployer
    ProfileField.EXPERTISE -> words.fieldExpertise
    ProfileField.FORMER_NAME -> words.fieldFormerName
    ProfileField.JOINED_YEAR -> words.fieldJoinedYear
    ProfileField.LEFT_YEAR -> words.fieldLeftYear
    ProfileField.LOCATION -> words.fieldLocation
    ProfileField.TITLE -> words.fieldTitle
}

/** Whom a field of a profile is for. */
fun Audience.called(words: Words): String = when (this) {
    Audience.EVERYONE -> words.audienceEveryone
    Audience.GROUPS -> words.audienceGroups
    Audience.HR -> words.audienceHr
    Audience.NOBODY -> words.audienceNobody
}
