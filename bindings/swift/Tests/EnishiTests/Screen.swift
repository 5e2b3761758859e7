import Enishi

/// A listener that does what a test says, and says when it is let go of.
final class Screen: FeedListener {
  private let show: @Sendable (FeedWindow) throws -> Void
  private let gone: @Sendable () -> Void

  init(gone: @escaping @Sendable () -> Void = {}, _ show: @escaping @Sendable (FeedWindow) throws -> Void) {
    self.show = show
    self.gone = gone
  }

  deinit {
    gone()
  }

  func changed(value: FeedWindow) throws {
    try show(value)
  }

  func ended() throws {}
}
