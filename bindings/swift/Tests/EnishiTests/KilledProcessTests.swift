import Enishi
import Foundation
import Testing

/// An app whose process is killed while it writes.
@Suite(.timeLimit(.minutes(3)))
struct KilledProcessTests {
  @Test("every post that was said to be safe is there after the process was killed, and is sent once")
  func killedWhileWriting() async throws {
    let phone = try await Phone.joined(on: try await TestServer.shared.value)
    await phone.client.shutDown()
    let writing = Process()
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    writing.executableURL = folder.appendingPathComponent("WritesUntilKilled")
    writing.arguments = [phone.folder.path, "\(phone.account)", "\(phone.community.id())"]
    let said = try await elsewhere {
      let printed = Pipe()
      writing.standardOutput = printed
      try writing.run()
      return firstLines(20, of: printed.fileHandleForReading)
    }
    try await killed(writing)
    #expect(said.count == 20)

    let again = try await phone.openedAgain()
    let held = try await again.posts().map { "\($0.id)" }
    #expect(Set(said).isSubset(of: held))
    try await inTime { try await again.community.inStep() }
    let sent = try await again.awaitFeed { $0.posts.allSatisfy { $0.delivery == .sent } && !$0.posts.isEmpty }
    let own = sent.posts.filter(\.own).map(\.text)
    #expect(own.count >= 20)
    #expect(Set(own).count == own.count)
    try await again.end()
  }
}
