package dev.enishi.app

import android.graphics.Bitmap
import java.awt.image.BufferedImage
import java.awt.image.IndexColorModel
import java.io.File
import javax.imageio.IIOImage
import javax.imageio.ImageIO
import javax.imageio.ImageWriteParam
import kotlin.math.abs

/** A picture of a screen in its 256 commonest colours: a quarter of the size, and nothing that an eye would miss. */
internal class KeptPicture(private val width: Int, private val height: Int, private val pixels: IntArray) {
    /** Pixels that are clearly others; null where the pictures are of other sizes. */
    fun differences(from: KeptPicture): Int? {
        if (width != from.width || height != from.height) return null
        return pixels.indices.count { far(pixels[it], from.pixels[it]) > CLEARLY }
    }

    fun writeTo(file: File) {
        val palette = pixels.toSortedSet().toIntArray()
        val colours = IndexColorModel(8, palette.size, palette, 0, false, -1, 0)
        val image = BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours)
        image.raster.setPixels(0, 0, width, height, IntArray(pixels.size) { palette.binarySearch(pixels[it]) })
        file.parentFile.mkdirs()
        val writer = ImageIO.getImageWritersByFormatName("png").next()
        val options = writer.defaultWriteParam.apply {
            compressionMode = ImageWriteParam.MODE_EXPLICIT
            compressionQuality = 0f
        }
        file.delete()
        ImageIO.createImageOutputStream(file).use { stream ->
            writer.output = stream
            writer.write(null, IIOImage(image, null, null), options)
        }
        writer.dispose()
    }

    companion object {
        /** Of 255. An edge of a letter may come out a shade lighter on another processor. */
        private const val CLEARLY = 32

        fun of(bitmap: Bitmap): KeptPicture {
            val pixels = IntArray(bitmap.width * bitmap.height).also { bitmap.getPixels(it, 0, bitmap.width, 0, 0, bitmap.width, bitmap.height) }
            val counts = HashMap<Int, Int>()
            for (pixel in pixels) counts.merge(pixel, 1, Int::plus)
            val kept = counts.entries.sortedWith(compareBy({ -it.value }, { it.key })).take(256).map { it.key }
            val nearest = counts.keys.associateWith { colour -> if (counts.size <= 256) colour else kept.minBy { near(it, colour) } }
            return KeptPicture(bitmap.width, bitmap.height, IntArray(pixels.size) { nearest.getValue(pixels[it]) })
        }

        fun read(file: File): KeptPicture? {
            val image = file.takeIf { it.exists() }?.let(ImageIO::read) ?: return null
            return KeptPicture(image.width, image.height, image.getRGB(0, 0, image.width, image.height, null, 0, image.width))
        }

        private fun parts(one: Int, other: Int) = IntArray(3) { abs((one ushr (8 * it) and 0xff) - (other ushr (8 * it) and 0xff)) }

        private fun far(one: Int, other: Int) = if (one == other) 0 else parts(one, other).max()

        private fun near(one: Int, other: Int) = if (one == other) 0 else parts(one, other).sumOf { it * it }
    }
}
