import Foundation

/// What a screen follows. The first value comes at once, from this phone, and a whole value again whenever it is
/// another.
///
/// It is cold: each loop over it follows by itself. Who is slow gets the newest value, not a queue. A loop ends with
/// the task that it runs in, and by itself when the client is shut down; it throws where nothing can be followed.
public struct Watch<Element: Sendable>: AsyncSequence, Sendable {
  private let follow: @Sendable () -> Iterator

  init(_ begin: @escaping @Sendable (Told<Element>) async throws -> [Subscription]) {
    follow = {
      var values = following(begin).makeAsyncIterator()
      return Iterator { try await values.next() }
    }
  }

  /// The answers to a question, asked again whenever `changes` says so, without those that are the same.
  init(
    of question: @escaping @Sendable () async throws -> Element,
    changes: Watch<UInt64>
  ) where Element: Equatable {
    follow = {
      var changes = changes.makeAsyncIterator()
      var last: Element?
      return Iterator {
        while try await changes.next() != nil {
          let answer = try await question()
          if answer != last {
            last = answer
            return answer
          }
        }
        return nil
      }
    }
  }

  public func makeAsyncIterator() -> Iterator {
    follow()
  }

  /// One loop over what is followed.
  public struct Iterator: AsyncIteratorProtocol {
    private let newer: () async throws -> Element?

    fileprivate init(_ newer: @escaping () async throws -> Element?) {
      self.newer = newer
    }

    public mutating func next() async throws -> Element? {
      try await newer()
    }
  }
}

/// The values of subscriptions that begin now, and end once nobody loops over them any more.
private func following<Value: Sendable>(
  _ begin: @escaping @Sendable (Told<Value>) async throws -> [Subscription]
) -> AsyncThrowingStream<Value, any Error> {
  AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
    let held = Held()
    continuation.onTermination = { _ in held.letGo() }
    Task {
      do {
        held.hold(try await begin(Told(continuation)))
      } catch {
        continuation.finish(throwing: error)
      }
    }
  }
}

/// Holds the subscriptions of a loop, which end once nobody holds them.
private final class Held: @unchecked Sendable {
  private let lock = NSLock()
  private var subscriptions: [Subscription] = []

  func hold(_ begun: [Subscription]) {
    lock.withLock { subscriptions = begun }
  }

  func letGo() {
    hold([])
  }
}
