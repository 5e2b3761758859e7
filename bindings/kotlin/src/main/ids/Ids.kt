package dev.enishi.id

import java.util.UUID

/** One person on one server, over all communities. */
@JvmInline
public value class AccountId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A file that a post or comment shows; made on the phone (UUIDv7) when the file is picked. */
@JvmInline
public value class AttachmentId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** One attempt to sign in, made by a device. */
@JvmInline
public value class AttemptId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A comment; equal to the id of the mutation that wrote it. */
@JvmInline
public value class CommentId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A tenant: a company's, a university's or a circle's community. */
@JvmInline
public value class CommunityId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A conversation. That of two members has an id that is made of theirs. */
@JvmInline
public value class ConversationId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** One phone or tool that an account has signed in on. */
@JvmInline
public value class DeviceId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A leaver's record in the registry. */
@JvmInline
public value class EntryId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A group; equal to the id of the mutation that created it. */
@JvmInline
public value class GroupId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** An invitation; equal to the id of the mutation that created it. */
@JvmInline
public value class InvitationId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A person in one community. */
@JvmInline
public value class MemberId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A message; equal to the id of the mutation that wrote it. */
@JvmInline
public value class MessageId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/**
 * Something that a member did; made on the phone (UUIDv7). What the mutation creates
 * (a post, a comment, a group, an invitation) bears the same UUID for good.
 */
@JvmInline
public value class MutationId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** Something about an account that its devices are told. */
@JvmInline
public value class NoticeId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A post; equal to the id of the mutation that wrote it. */
@JvmInline
public value class PostId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** Somebody's wish to have a membership back; made on the phone that asks. */
@JvmInline
public value class RecoveryId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A report; equal to the id of the mutation that made it. */
@JvmInline
public value class ReportId(public val value: UUID) {
    override fun toString(): String = value.toString()
}

/** A wish to join a community or a group that somebody on duty decides. */
@JvmInline
public value class RequestId(public val value: UUID) {
    override fun toString(): String = value.toString()
}
