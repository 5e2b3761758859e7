package dev.enishi.app.machine

import android.graphics.Bitmap
import android.graphics.BitmapFactory

/** Pictures from outside, in a size that memory has room for. */
internal object Pictures {
    /** Null for what is no picture. */
    fun decode(bytes: ByteArray, side: Int = MOST_SIDE): Bitmap? {
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeByteArray(bytes, 0, bytes.size, bounds)
        if (bounds.outWidth <= 0 || bounds.outHeight <= 0) return null
        // A few bytes can claim any size.
        val options = BitmapFactory.Options().apply { inSampleSize = step(maxOf(bounds.outWidth, bounds.outHeight), side) }
        return BitmapFactory.decodeByteArray(bytes, 0, bytes.size, options)
    }

    /** The power of two by which `length` has to be divided to come to `most`. */
    private fun step(length: Int, most: Int): Int = generateSequence(1) { it * 2 }.first { length / it <= most }

    private const val MOST_SIDE = 2048
}
