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
