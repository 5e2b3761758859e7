package dev.enishi

import java.awt.Color
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import javax.imageio.ImageIO

/** A picture as a PNG file. */
fun image(width: Int, height: Int): ByteArray {
    val image = BufferedImage(width, height, BufferedImage.TYPE_INT_RGB)
    // Something to see, so that a small picture of it is smaller.
    for (x in 0 until width) for (y in 0 until height) image.setRGB(x, y, Color(x % 256, y % 256, (x * y) % 256).rgb)
    return ByteArrayOutputStream().also { ImageIO.write(image, "png", it) }.toByteArray()
}

/** A document of one empty page. */
fun pdf(): ByteArray {
    val objects = listOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
    val file = StringBuilder("%PDF-1.4\n")
    val places = objects.mapIndexed { at, content -> file.length.also { file.append("${at + 1} 0 obj\n$content\nendobj\n") } }
    val table = file.length
    file.append("xref\n0 ${objects.size + 1}\n0000000000 65535 f \n")
    for (place in places) file.append("%010d 00000 n \n".format(place))
    file.append("trailer\n<</Size ${objects.size + 1}/Root 1 0 R>>\nstartxref\n$table\n%%EOF\n")
    return file.toString().toByteArray()
}
