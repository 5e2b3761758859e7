import Enishi
import Foundation
import Testing

/// The guide says what is so.
@Suite(.timeLimit(.minutes(3)))
struct GuideTests {
  @Test("the sample of the guide is the one that is run here")
  func sameSample() throws {
    let guide = try String(contentsOfFile: setting("ENISHI_GUIDE"), encoding: .utf8)
    let parts = guide.components(separatedBy: "<!-- the sample -->\n```swift\n")
    let shown = parts[parts.count - 1].components(separatedBy: "```\n")[0]
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sample.swift")
    let run = try String(contentsOf: source, encoding: .utf8)
    #expect(shown == run)
    let lines = shown.split(separator: "\n").filter { !$0.hasPrefix("import ") }
    #expect(lines.count <= 30)
  }

  @Test("the sample of the guide joins, signs in and follows the feed")
  func runsSample() async throws {
    let server = try await TestServer.shared.value
    let (leaver, folder) = (server.leaver(), temporaryFolder("sample"))
    let link = try await server.invitation(for: leaver)
    try await onPhone { other in
      let (windows, show) = AsyncStream<FeedWindow>.makeStream()
      let sample = Task {
        try await follow(
          in: folder, invitation: link, address: "sample@example.jp", form: Phone.form(leaver),
          askCode: { try await server.code(for: "sample@example.jp") },
          show: { show.yield($0) }
        )
      }
      try await inTime { for await _ in windows { return } }
      let id = try await other.post("手引きのとおりに")
      try await inTime { for await window in windows where window.post(id) != nil { return } }
      sample.cancel()
      try await inTime { try await sample.value }
    }
    // The sample has ended, and with it what it opened.
    try await withClient(Phone.options(folder), secrets: Phone.secrets(in: folder)) { client in
      let accounts = try await client.accounts()
      #expect(accounts.count == 1)
    }
    try FileManager.default.removeItem(at: folder)
  }
}
