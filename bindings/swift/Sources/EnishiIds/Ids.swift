import Foundation

/// One person on one server, over all communities.
public struct AccountId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A file that a post or comment shows; made on the phone (UUIDv7) when the file is picked.
public struct AttachmentId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// One attempt to sign in, made by a device.
public struct AttemptId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A comment; equal to the id of the mutation that wrote it.
public struct CommentId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A tenant: a company's, a university's or a circle's community.
public struct CommunityId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A conversation. That of two members has an id that is made of theirs.
public struct ConversationId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// One phone or tool that an account has signed in on.
public struct DeviceId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A leaver's record in the registry.
public struct EntryId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A group; equal to the id of the mutation that created it.
public struct GroupId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// An invitation; equal to the id of the mutation that created it.
public struct InvitationId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A person in one community.
public struct MemberId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A message; equal to the id of the mutation that wrote it.
public struct MessageId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// Something that a member did; made on the phone (UUIDv7). What the mutation creates
/// (a post, a comment, a group, an invitation) bears the same UUID for good.
public struct MutationId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// Something about an account that its devices are told.
public struct NoticeId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A post; equal to the id of the mutation that wrote it.
public struct PostId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// Somebody's wish to have a membership back; made on the phone that asks.
public struct RecoveryId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A report; equal to the id of the mutation that made it.
public struct ReportId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A wish to join a community or a group that somebody on duty decides.
public struct RequestId: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}
