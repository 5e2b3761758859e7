package dev.enishi

import dev.enishi.model.Delivery
import dev.enishi.protocol.Attaching
import dev.enishi.protocol.AttachmentKind
import dev.enishi.protocol.ErrorCode
import dev.enishi.protocol.MediaSize
import dev.enishi.protocol.PostKind
import dev.enishi.protocol.PostWriting
import dev.enishi.protocol.Stream
import java.io.File
import javax.imageio.ImageIO
import kotlinx.coroutines.flow.first
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Files that posts show. */
class MediaTest {
    @Test
    fun `an image is picked without a network, sent, and seen by somebody else`() = story {
        Phone.joined().use { phone ->
            phone.client.setOnline(false)
            val picked = phone.community.pick(image(640, 480))
            assertEquals(AttachmentKind.IMAGE, picked.kind)
            val file = File(phone.folder, "picked.png").apply { writeBytes(image(30, 20)) }
            val unwanted = phone.community.pickFile(file.path)
            phone.community.unpick(unwanted.id)
            val shown = listOf(Attaching(picked.id, "社員食堂"))
            val writing = PostWriting(Stream.Community, PostKind.TEXT, "昼の写真", emptyList(), poll = null, attachments = shown)
            val id = phone.community.writePostAs(writing)
            assertEquals(Delivery.Pending, phone.posts().single { it.id == id }.delivery)
            assertEquals(listOf(picked.id), phone.community.watchUploads().first { it.isNotEmpty() }.map { it.id })
            phone.client.setOnline(true)
            phone.awaitFeed { window -> window.posts.any { it.id == id && it.isSent } }
            inTime { phone.community.watchUploads().first { it.isEmpty() } }
            Phone.joined().use { other ->
                val seen = other.awaitFeed { window -> window.posts.any { it.id == id } }.posts.single { it.id == id }
                val attachment = seen.attachments.single()
                assertEquals(picked.id to "社員食堂", attachment.id to attachment.alt)
                val full = inTime { other.community.file(id, attachment.id, MediaSize.FULL) }
                val image = ImageIO.read(full.inputStream())
                assertEquals(640 to 480, image.width to image.height)
                assertEquals(640u to 480u, attachment.file.width to attachment.file.height)
                assertTrue(inTime { other.community.file(id, attachment.id, MediaSize.THUMB) }.size < full.size)
            }
        }
    }

    @Test
    fun `what is no image is refused when it is picked`() = story {
        Phone.joined().use { phone ->
            val refused = assertThrows<EnishiException.Rejected> { phone.community.pick("ただの文字".toByteArray()) }
            assertEquals(ErrorCode.FILE_KIND_UNKNOWN, refused.code)
        }
    }
}
