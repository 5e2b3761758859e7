package dev.enishi.ui.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

/** The app's signs: one line of ink each, on a ground of 24 by 24. */
object Icons {
    val Home = icon("M4 11.5 12 4.5l8 7", "M6 10v9.5h12V10", "M10 19.5v-5h4v5")
    val People = icon(circle(9f, 8.5f, 3.2f), "M3 19.5c.4-3.6 2.8-5.5 6-5.5s5.6 1.9 6 5.5", "M15.5 5.6a3.2 3.2 0 0 1 0 5.8", "M17.6 14.5c2 .7 3.2 2.4 3.4 5")
    val Message = icon("M4.5 5h15v11H10l-4 3.5V16H4.5z")
    val Bell = icon("M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z", "M10 18.5a2 2 0 0 0 4 0")
    val Person = icon(circle(12f, 8f, 3.7f), "M4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6")
    val Back = icon("M20 12H4.5", "M11 5.5 4.5 12l6.5 6.5")
    val Search = icon(circle(10.5f, 10.5f, 6f), "M15 15l5.5 5.5")
    val Write = icon("M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5z", "M13.5 7l3.5 3.5")
    val Picture = icon("M4 5h16v14H4z", circle(9f, 10f, 1.6f), "M4 17l5-4.5 3.5 3 3-2.5 4.5 4")
    val Document = icon("M6 3.5h8l4 4v13H6z", "M14 3.5v4h4", "M9 12h6", "M9 15.5h6")
    val Close = icon("M6 6l12 12", "M18 6 6 18")
    val More = icon(circle(12f, 5.5f, 0.6f), circle(12f, 12f, 0.6f), circle(12f, 18.5f, 0.6f))
    val Clock = icon(circle(12f, 12f, 8f), "M12 7.5V12l3 2")
    val Alert = icon("M12 4 21 19.5H3z", "M12 10v4.5", "M12 17v.2")
    val Right = icon("M9.5 5.5 16 12l-6.5 6.5")
    val Down = icon("M5.5 9.5 12 16l6.5-6.5")
    val Up = icon("M5.5 14.5 12 8l6.5 6.5")
    val Check = icon("M4.5 12.5 9.5 17.5 19.5 7")
    val Qr = icon("M4 4h6v6H4z", "M14 4h6v6h-6z", "M4 14h6v6H4z", "M14 14h2.5v2.5H14z", "M20 14v3", "M17 20h3")
    val Copy = icon("M8 8h11v12H8z", "M16 8V4H5v12h3")
    val Block = icon(circle(12f, 12f, 8f), "M6.5 6.5l11 11")
    val Mute = icon("M6 16.5V11a6 6 0 0 1 9-5.2", "M18 10.5v6l1.5 1.5h-11", "M4 4l16 16")
    val Bookmark = icon("M6.5 4h11v16L12 16l-5.5 4z")
    val Bookmarked = icon("M6.5 4h11v16L12 16l-5.5 4z", filled = true)
    val Pin = icon("M9 4h6l-1 6 3 3H7l3-3z", "M12 13v7")
    val Comment = icon("M4.5 5.5h15v10.5H13l-3.5 3.5V16h-5z")
    val Smile = icon(circle(12f, 12f, 8f), "M8.5 14c1.8 2.6 5.2 2.6 7 0", "M9 9.5v.2", "M15 9.5v.2")
    val Lock = icon("M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3")
    val Send = icon("M4 12 20 5l-4.5 15-4-6.5z", "M11.5 13.5 20 5")
    val Settings = icon(circle(12f, 12f, 3f), "M12 3.5v3", "M12 17.5v3", "M3.5 12h3", "M17.5 12h3", "M6 6l2 2", "M16 16l2 2", "M6 18l2-2", "M16 8l2-2")
    val Key = icon(circle(8f, 15f, 3.7f), "M10.8 12.2 19 4", "M16 7l2.5 2.5")
    val Device = icon("M7.5 3.5h9v17h-9z", "M11 17.5h2")
    val Offline = icon("M7 17.5a4 4 0 0 1 .5-8 5 5 0 0 1 9.3 1.2A3.5 3.5 0 0 1 17 17.5z", "M5 4.5l14 16")
    val Mail = icon("M4 6h16v12.5H4z", "M4 7l8 6.5L20 7")
    val Plus = icon("M12 5v14", "M5 12h14")
    val Eye = icon("M3 12c2.2-4 5.3-6 9-6s6.800 2 9 6c-2.200 4-5.300 6-9 6s-6.800-2-9-6z", circle(12f, 12f, 2.6f))
    val Out = icon("M13 4H5v16h8", "M10 12h10", "M16.500 8 20.500 12l-4 4")
    val Bin = icon("M5 7h14", "M9 7V4.500h6V7", "M7 7l1 13h8l1-13")
    val Info = icon(circle(12f, 12f, 8f), "M12 11v5", "M12 8v.2")
    val Company = icon("M5 20V4.500h9V20", "M14 9.500h5V20", "M3.500 20h17", "M8 8.500h3", "M8 12h3", "M8 15.500h3")
}

private fun circle(x: Float, y: Float, radius: Float): String =
    "M${x - radius} ${y}a$radius $radius 0 1 0 ${radius * 2} 0a$radius $radius 0 1 0 ${-radius * 2} 0"

private fun icon(vararg lines: String, filled: Boolean = false): ImageVector {
    val builder = ImageVector.Builder(defaultWidth = 24.dp, defaultHeight = 24.dp, viewportWidth = 24f, viewportHeight = 24f)
    for (line in lines) {
        builder.addPath(
            pathData = addPathNodes(line),
            fill = if (filled) SolidColor(Color.Black) else null,
            stroke = SolidColor(Color.Black),
            strokeLineWidth = 1.7f,
            strokeLineCap = StrokeCap.Round,
            strokeLineJoin = StrokeJoin.Round,
        )
    }
    return builder.build()
}
