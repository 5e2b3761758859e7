extension Community {
  /// Follows a window of `size` posts of a feed.
  public func watchFeed(
    _ selection: Selection = .all,
    around: Around = .newest,
    size: Int = 50
  ) -> Watch<FeedWindow> {
    Watch { told in
      [try await self.followFeed(selection: selection, around: around, size: UInt32(clamping: size), listener: told)]
    }
  }

  /// Follows a post with the newest `size` of its comments; nil once it is gone.
  public func watchPost(_ post: PostId, size: Int = 100) -> Watch<PostPage?> {
    Watch { [try await self.followPost(post: post, size: UInt32(clamping: size), listener: $0)] }
  }

  /// Follows what was refused and awaits the member's choice.
  public func watchAttention() -> Watch<[Refused]> {
    Watch { [try await self.followAttention(listener: $0)] }
  }

  /// Follows the unread counts of all feeds.
  public func watchUnread() -> Watch<[Unread]> {
    Watch { [try await self.followUnread(listener: $0)] }
  }

  /// Follows the groups that this member may know of.
  public func watchGroups() -> Watch<[GroupView]> {
    Watch { [try await self.followGroups(listener: $0)] }
  }

  /// Follows the list of conversations.
  public func watchConversations() -> Watch<[ConversationView]> {
    Watch { [try await self.followConversations(listener: $0)] }
  }

  /// Follows a window of `size` messages of a conversation; nil once this member is out of it.
  public func watchMessages(
    _ conversation: ConversationId,
    around: AroundMessage = .newest,
    size: Int = 50
  ) -> Watch<MessageWindow?> {
    Watch { told in
      let size = UInt32(clamping: size)
      return [try await self.followMessages(conversation: conversation, around: around, size: size, listener: told)]
    }
  }

  /// Follows how many messages and requests wait for this member.
  public func watchUnreadMessages() -> Watch<UnreadMessages> {
    Watch { [try await self.followUnreadMessages(listener: $0)] }
  }

  /// Follows the reports at the desks that this member sees.
  public func watchReports() -> Watch<[ReportView]> {
    Watch { [try await self.followReports(listener: $0)] }
  }

  /// Follows who can read a feed.
  public func watchReaders(of stream: EnishiStream) -> Watch<Readers> {
    Watch { [try await self.followReaders(stream: stream, listener: $0)] }
  }

  /// Follows the newest `limit` notifications, also over the end of quiet hours.
  public func watchNotifications(limit: Int = 50) -> Watch<Notifications> {
    Watch { [try await self.followNotifications(limit: UInt32(clamping: limit), listener: $0)] }
  }

  /// Follows how this membership stands towards its server.
  public func watchStatus() -> Watch<SyncStatus> {
    Watch { [try await self.followStatus(listener: $0)] }
  }

  /// Follows the files on their way, with each piece of them.
  public func watchUploads() -> Watch<[Upload]> {
    let steps = Watch<UInt64> { told in
      [try await self.followUploads(listener: told), try await self.followChanges(listener: told)]
    }
    return Watch(of: { try await self.uploads() }, changes: steps)
  }

  /// Follows the answer to any question about what is stored, for instance
  /// `watch { try await $0.directory(search: "", limit: 200) }`.
  public func watch<Answer: Equatable & Sendable>(
    _ question: @escaping @Sendable (Community) async throws -> Answer
  ) -> Watch<Answer> {
    let changes = Watch<UInt64> { [try await self.followChanges(listener: $0)] }
    return Watch(of: { try await question(self) }, changes: changes)
  }
}
