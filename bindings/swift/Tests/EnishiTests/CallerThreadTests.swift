import Enishi
import Foundation
import Testing

/// Whoever draws the screen calls, and goes on drawing.
@Suite(.timeLimit(.minutes(3)))
struct CallerThreadTests {
  @Test("the actor that draws is never the one that waits for the store")
  @MainActor
  func drawing() async throws {
    let folder = temporaryFolder("phone")
    let secrets = SlowSecrets()
    let opening = Task { @MainActor in
      try await Client.open(options: Phone.options(folder), secrets: secrets)
    }
    // The store is being opened, and waits. The actor that asked for it draws meanwhile: it comes by here.
    try await inTime { for await _ in secrets.asked { return } }
    secrets.gate.signal()
    let client = try await inTime { try await opening.value }
    await client.shutDown()
    #expect(!secrets.waitedInVain)
    #expect(!secrets.sawTheMainThread)
    try FileManager.default.removeItem(at: folder)
  }
}

/// Secrets in memory that are given once somebody says so.
private final class SlowSecrets: SecretStore, @unchecked Sendable {
  let asked: AsyncStream<Void>
  let gate = DispatchSemaphore(value: 0)

  private let ask: AsyncStream<Void>.Continuation
  private let lock = NSLock()
  private var held: [String: Data] = [:]
  private var inVain = false
  private var onMain = false

  init() {
    (asked, ask) = AsyncStream<Void>.makeStream()
  }

  var waitedInVain: Bool { lock.withLock { inVain } }
  var sawTheMainThread: Bool { lock.withLock { onMain } }

  func get(name: String) throws -> Data? {
    ask.yield()
    // Where the actor that draws has to wait for this itself, it must be able to say so.
    let late = gate.wait(timeout: .now() + 10) == .timedOut
    gate.signal()
    return lock.withLock {
      inVain = inVain || late
      onMain = onMain || Thread.isMainThread
      return held[name]
    }
  }

  func set(name: String, secret: Data) throws {
    lock.withLock { held[name] = secret }
  }

  func remove(name: String) throws {
    lock.withLock { held[name] = nil }
  }
}
