package dev.enishi

import java.awt.Color
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import javax.imageio.ImageIO
import kotlin.random.Random

/** A picture as a PNG file: something to see, so that a small picture of it is smaller. */
fun image(width: Int, height: Int): ByteArray = picture(width, height) { x, y -> Color(x % 256, y % 256, (x * y) % 256).rgb }

/** A picture of which no byte can be spared: a large file. */
fun noise(width: Int, height: Int): ByteArray = Random(1).let { random -> picture(width, height) { _, _ -> random.nextInt() } }

private fun picture(width: Int, height: Int, colour: (Int, Int) -> Int): ByteArray {
    val image = BufferedImage(width, height, BufferedImage.TYPE_INT_RGB)
    for (x in 0 until width) for (y in 0 until height) image.setRGB(x, y, colour(x, y))
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
