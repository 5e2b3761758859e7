import Enishi
import Foundation
import Testing

/// How calls and handles end.
@Suite(.timeLimit(.minutes(3)))
struct EndingTests {
  @Test("a task that is cancelled ends its call at once and says so as tasks do")
  func cancelledTask() async throws {
    try await onPhoneAndServer { phone, server in
      try await server.kill()
      let waiting = Task { try await phone.community.inStep() }
      _ = try await phone.community.watchStatus().awaited { $0.reach == .offline }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await inTime { try await waiting.value } }
      _ = try await phone.post("その後も書けます")
    }
  }

  @Test("a task that was cancelled before asks nobody")
  func cancelledBefore() async throws {
    try await onPhone { phone in
      let (asked, go) = AsyncStream<Void>.makeStream()
      let waiting = Task {
        for await _ in asked {}
        try await phone.community.inStep()
      }
      waiting.cancel()
      go.finish()
      await #expect(throws: CancellationError.self) { try await inTime { try await waiting.value } }
    }
  }

  @Test("a call that was given a cancel ends when that is cancelled")
  func givenCancel() async throws {
    try await onPhoneAndServer { phone, server in
      try await server.kill()
      let cancel = Cancel()
      let waiting = Task { try await phone.community.inStep(cancel: cancel) }
      _ = try await phone.community.watchStatus().awaited { $0.reach == .offline }
      cancel.cancel()
      await #expect(throws: EnishiError.Cancelled) { try await inTime { try await waiting.value } }
      #expect(EnishiError.Cancelled.stableCode == "cancelled")
    }
  }

  @Test("a client that was shut down says so, and its folder can be opened again")
  func shutDown() async throws {
    let phone = try await Phone.joined(on: try await TestServer.shared.value)
    let id = try await phone.post("閉じる前に")
    await #expect(throws: EnishiError.InUse) { try await phone.openedAgain() }
    await phone.client.shutDown()
    await phone.client.shutDown()
    await #expect(throws: EnishiError.Closed) { try await phone.post("閉じた後に") }
    await #expect(throws: EnishiError.Closed) { try await phone.client.accounts() }
    #expect(throws: EnishiError.Closed) { try phone.client.setOnline(online: false) }
    await #expect(throws: EnishiError.Closed) { try await phone.community.watchFeed().now() }
    await #expect(throws: EnishiError.Closed) { try await phone.community.inStep() }
    #expect(EnishiError.Closed.stableCode == "closed")
    let again = try await phone.openedAgain()
    #expect(try await again.posts().contains { $0.id == id })
    try await again.end()
  }

  @Test("a client ends with the work that it was opened for, also where that fails")
  func failingWork() async throws {
    let folder = temporaryFolder("phone")
    struct Failing: Error {}
    var opened: Client?
    await #expect(throws: Failing.self) {
      try await withClient(Phone.options(folder), secrets: Phone.secrets(in: folder)) { client in
        opened = client
        throw Failing()
      }
    }
    let ended = try #require(opened)
    await #expect(throws: EnishiError.Closed) { try await ended.accounts() }
    try await withClient(Phone.options(folder), secrets: Phone.secrets(in: folder)) { client in
      let accounts = try await client.accounts()
      #expect(accounts.isEmpty)
    }
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a subscription can be ended twice, and what else is followed goes on")
  func endedTwice() async throws {
    try await onPhone { phone in
      let told = try await phone.community.followFeed(
        selection: .all, around: .newest, size: 50, listener: Screen { _ in })
      told.end()
      told.end()
      let id = try await phone.post("ほかの画面は続きます")
      #expect(try await phone.awaitFeed { $0.post(id) != nil }.post(id) != nil)
    }
  }

  @Test("what is no link and no server is told apart")
  func notLinks() throws {
    #expect(throws: EnishiError.NotALink) { try parseInvitation(text: "こんにちは") }
    #expect(throws: EnishiError.NotSecure) { try parseServer(text: "http://alumni.example.jp") }
    #expect(throws: EnishiError.NotAServer) { try parseServer(text: "a b") }
    #expect(EnishiError.NotAServer.stableCode == "not_a_server")
    let server = try parseServer(text: "alumni.example.jp:8443")
    #expect(serverHost(server: server) == "alumni.example.jp:8443")
  }
}
