package dev.enishi.ui.parts

import androidx.compose.runtime.Composable
import dev.enishi.protocol.Language
import dev.enishi.ui.LocalPlatform
import dev.enishi.ui.theme.words
import dev.enishi.ui.words.Words
import java.time.Instant
import java.time.ZoneId
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit
import java.util.Locale

/** A time as people say it: 今日 14:05, 昨日 9:12, 11/23（月）, 2025/11/23. */
fun timeSaid(at: Instant, now: Instant, zone: ZoneId, words: Words): String {
    val (then, today) = at.atZone(zone) to now.atZone(zone)
    val days = ChronoUnit.DAYS.between(then.toLocalDate(), today.toLocalDate())
    return when {
        days == 0L -> words.timeToday(clock(then))
        days == 1L -> words.timeYesterday(clock(then))
        else -> dateSaid(at, now, zone, words)
    }
}

/** A day as people say it, without the hour. */
fun dateSaid(at: Instant, now: Instant, zone: ZoneId, words: Words): String {
    val then = at.atZone(zone)
    val sameYear = then.year == now.atZone(zone).year
    val pattern = when {
        words.language == Language.JA && sameYear -> "M/d（E）"
        words.language == Language.JA -> "yyyy/M/d"
        sameYear -> "d MMM"
        else -> "d MMM yyyy"
    }
    val locale = if (words.language == Language.JA) Locale.JAPAN else Locale.UK
    return DateTimeFormatter.ofPattern(pattern, locale).format(then)
}

/** A day with its hour, for what ends or begins then. */
fun momentSaid(at: Instant, now: Instant, zone: ZoneId, words: Words): String =
    "${dateSaid(at, now, zone, words)} ${clock(at.atZone(zone))}"

private fun clock(at: ZonedDateTime): String = DateTimeFormatter.ofPattern("H:mm").format(at)

/** A time as people say it now. */
@Composable
fun saidTime(at: Instant): String {
    val platform = LocalPlatform.current
    return timeSaid(at, platform.now(), platform.zone, words)
}

/** A day as people say it now. */
@Composable
fun saidDate(at: Instant): String {
    val platform = LocalPlatform.current
    return dateSaid(at, platform.now(), platform.zone, words)
}

/** A day with its hour. */
@Composable
fun saidMoment(at: Instant): String {
    val platform = LocalPlatform.current
    return momentSaid(at, platform.now(), platform.zone, words)
}
