/// Hands on what it is told: the one listener of all that is watched.
final class Told<Value: Sendable>: Sendable {
  private let continuation: AsyncThrowingStream<Value, any Error>.Continuation

  init(_ continuation: AsyncThrowingStream<Value, any Error>.Continuation) {
    self.continuation = continuation
  }

  func changed(value: Value) throws {
    continuation.yield(value)
  }

  func ended() throws {
    continuation.finish()
  }
}

extension Told: AttentionListener where Value == [Refused] {}
extension Told: ConversationsListener where Value == [ConversationView] {}
extension Told: CountListener where Value == UInt64 {}
extension Told: FeedListener where Value == FeedWindow {}
extension Told: GroupsListener where Value == [GroupView] {}
extension Told: MessagesListener where Value == MessageWindow? {}
extension Told: NotificationsListener where Value == Notifications {}
extension Told: PostListener where Value == PostPage? {}
extension Told: ReadersListener where Value == Readers {}
extension Told: ReportsListener where Value == [ReportView] {}
extension Told: StatusListener where Value == SyncStatus {}
extension Told: UnreadListener where Value == [Unread] {}
extension Told: UnreadMessagesListener where Value == UnreadMessages {}
