import Foundation
import Testing

@testable import Enishi

/// Subscriptions, and what is made of them.
@Suite(.timeLimit(.minutes(3)))
struct FollowingTests {
  @Test("a thousand subscriptions opened and closed leave nothing behind")
  func thousand() async throws {
    try await onPhone { phone in
      try await openAndClose(1_000, on: phone)
      let threads = try threadsNow()
      try await openAndClose(1_000, on: phone)
      #expect(try threadsNow() <= threads + 64)
      _ = try await phone.community.watchFeed().now()
    }
  }

  /// Opens subscriptions one by one, waits for the first value of each and closes it: then each listener is let go of.
  private func openAndClose(_ count: Int, on phone: Phone) async throws {
    let (gone, go) = AsyncStream<Void>.makeStream()
    for _ in 0..<count {
      let (values, tell) = AsyncStream<FeedWindow>.makeStream()
      let screen = Screen(gone: { go.yield() }, { tell.yield($0) })
      let following = try await phone.community.followFeed(
        selection: .all, around: .newest, size: 50, listener: screen)
      try await inTime { for await _ in values { return } }
      following.end()
    }
    try await inTime {
      var left = count
      for await _ in gone {
        left -= 1
        if left == 0 {
          return
        }
      }
    }
  }

  private func threadsNow() throws -> Int {
    #if os(Linux)
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    #else
      0
    #endif
  }

  @Test("a thousand loops that are broken off leave nothing behind")
  func thousandLoops() async throws {
    try await onPhone { phone in
      let listeners = Listeners()
      let watched = Watch<FeedWindow> { told in
        listeners.add(told)
        let all = try await phone.community.followFeed(selection: .all, around: .newest, size: 50, listener: told)
        return [all]
      }
      for _ in 0..<1_000 {
        _ = try await watched.now()
      }
      // Each is let go of by the core; then nothing holds it any more.
      try await inTime { await listeners.allGone() }
    }
  }

  @Test("what begins after its loop was broken off is let go of as well")
  func late() async throws {
    try await onPhone { phone in
      let listeners = Listeners()
      let (begun, begin) = AsyncStream<Void>.makeStream()
      let (over, end) = AsyncStream<Void>.makeStream()
      let watched = Watch<FeedWindow> { told in
        listeners.add(told)
        begin.yield()
        for await _ in over {}
        let all = try await phone.community.followFeed(selection: .all, around: .newest, size: 50, listener: told)
        return [all]
      }
      let looping = Task {
        for try await _ in watched { break }
      }
      try await inTime { for await _ in begun { return } }
      looping.cancel()
      try await inTime { try await looping.value }
      end.finish()
      try await inTime { await listeners.allGone() }
    }
  }

  @Test("a listener that throws is told of the next value all the same")
  func throwing() async throws {
    struct BrokenScreen: Error {}
    try await onPhone { phone in
      let (values, tell) = AsyncStream<FeedWindow>.makeStream()
      let screen = Screen {
        tell.yield($0)
        throw BrokenScreen()
      }
      let following = try await phone.community.followFeed(
        selection: .all, around: .newest, size: 50, listener: screen)
      try await inTime { for await _ in values { return } }
      let id = try await phone.post("それでも続きます")
      try await inTime { for await window in values where window.post(id) != nil { return } }
      following.end()
      #expect(try await phone.posts().contains { $0.id == id })
    }
  }

  @Test("a slow listener gets the newest window and not all that it missed")
  func slow() async throws {
    try await onPhone { phone in
      let gate = DispatchSemaphore(value: 0)
      let (values, tell) = AsyncStream<FeedWindow>.makeStream()
      let screen = Screen {
        tell.yield($0)
        gate.wait()
        gate.signal()
      }
      let following = try await phone.community.followFeed(
        selection: .all, around: .newest, size: 50, listener: screen)
      var last: PostId?
      for number in 1...30 {
        last = try await phone.post("投稿 \(number)")
      }
      // Another that follows has seen the last: so has the core, for all that follow.
      let newest = try #require(last)
      _ = try await phone.awaitFeed { $0.post(newest)?.delivery == .sent }
      gate.signal()
      let told = try await inTime {
        var told = 0
        for await window in values {
          told += 1
          if window.post(newest) != nil {
            break
          }
        }
        return told
      }
      #expect(told <= 6)
      following.end()
    }
  }

  @Test("a slow loop gets the newest window and not all that it missed")
  func slowLoop() async throws {
    try await onPhone { phone in
      let newest = try await inTime {
        var (windows, newest, seen) = (0, PostId?.none, 0)
        for try await window in phone.community.watchFeed() {
          windows += 1
          if newest == nil {
            for number in 1...30 {
              newest = try await phone.post("投稿 \(number)")
            }
            let id = newest
            _ = try await phone.awaitFeed { window in id.map { window.post($0)?.delivery == .sent } ?? false }
          } else if let newest, window.post(newest)?.delivery == .sent {
            seen = windows
            break
          }
        }
        return seen
      }
      #expect((2...4).contains(newest))
    }
  }

  @Test("a loop ends with the task that it runs in, and by itself with the client")
  func endings() async throws {
    let phone = try await Phone.joined(on: try await TestServer.shared.value)
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let looping = Task {
      for try await _ in phone.community.watchFeed() { begin.yield() }
    }
    try await inTime { for await _ in begun { return } }
    looping.cancel()
    try await inTime { try await looping.value }
    let watched = phone.community.watchFeed()
    let (both, one) = AsyncStream<Void>.makeStream()
    let loops = (0..<2).map { _ in
      Task {
        var windows = 0
        for try await _ in watched {
          windows += 1
          one.yield()
        }
        return windows
      }
    }
    // Each loop over the same has values of its own.
    try await inTime {
      var seen = 0
      for await _ in both {
        seen += 1
        if seen == 2 { return }
      }
    }
    await phone.client.shutDown()
    for loop in loops {
      #expect(try await inTime { try await loop.value } >= 1)
    }
    try await phone.end()
  }

  @Test("any question can be watched, and gives each answer once")
  func questions() async throws {
    try await onPhone { phone in
      let members = phone.community.watch { try await $0.directory(search: "", limit: 200).count }
      let before = try await members.now()
      try await onPhone { _ in _ = try await members.awaited { $0 > before } }
      #expect(try await phone.community.watchUploads().now().isEmpty)
      let unread = phone.community.watch { try await $0.unread().count }
      let answers = Task {
        var answers: [Int] = []
        for try await answer in unread {
          answers.append(answer)
        }
        return answers
      }
      let first = try await phone.post("一つ目")
      _ = try await phone.awaitFeed { $0.post(first)?.delivery == .sent }
      let second = try await phone.post("二つ目")
      _ = try await phone.awaitFeed { $0.post(second)?.delivery == .sent }
      await phone.client.shutDown()
      let told = try await inTime { try await answers.value }
      #expect(zip(told, told.dropFirst()).allSatisfy { $0 != $1 })
    }
  }
}

/// Listeners that a test does not hold.
private final class Listeners: @unchecked Sendable {
  private struct Weak {
    weak var told: Told<FeedWindow>?
  }

  private let lock = NSLock()
  private var all: [Weak] = []

  func allGone() async {
    while lock.withLock({ all.contains { $0.told != nil } }) {
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  func add(_ told: Told<FeedWindow>) {
    lock.withLock { all.append(Weak(told: told)) }
  }
}
