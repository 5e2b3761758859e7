import Enishi
import Foundation
import Testing

/// What people do, on real phones with a real server.
@Suite(.timeLimit(.minutes(3)))
struct StoriesTests {
  @Test("a leaver sees who invites, signs in, and joins with the fact that is asked for")
  func joining() async throws {
    let server = try await TestServer.shared.value
    let (leaver, folder) = (server.leaver(), temporaryFolder("phone"))
    try await withClient(Phone.options(folder), secrets: Phone.secrets(in: folder)) { client in
      let link = try parseInvitation(text: try await server.invitation(for: leaver))
      let shown = try await inTime { try await client.preview(link: link, server: nil) }
      #expect(shown.community == "縁商事")
      #expect(shown.fact == .birthDate)
      let account = try await Phone.signIn(client, server, "joins@example.jp")
      let form = Phone.form(leaver)
      let joined = try await inTime { try await client.join(account: account, code: link.code, joining: form) }
      #expect(!joined.waiting)
      let community = try await client.community(account: account, community: joined.community)
      try await inTime { try await community.inStep() }
      let own = try await community.findMember(id: community.member())
      #expect(own?.name == "\(leaver.family) \(leaver.given)")
      #expect(try await client.accounts().map(\.address) == ["joins@example.jp"])
    }
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a post written without a server shows at once, and loses its mark when the server is back")
  func offline() async throws {
    try await onPhoneAndServer { phone, server in
      try await server.kill()
      let id = try await phone.post("圏外から書いています")
      let written = try #require(try await phone.posts().first { $0.id == id })
      #expect(written.delivery == .pending)
      #expect(written.text == "圏外から書いています")
      await #expect(throws: EnishiError.Offline) { try await phone.community.syncNow() }
      #expect(try await phone.community.watchStatus().awaited { $0.reach == .offline }.waiting == 1)
      try await server.start()
      try phone.client.push()
      let sent = try await phone.awaitFeed { $0.post(id)?.delivery == .sent }
      #expect(sent.post(id)?.position != nil)
    }
  }

  @Test("what one member posts is on another's screen without anybody asking")
  func live() async throws {
    try await onPhone { writer in
      try await onPhone { reader in
        _ = try await reader.community.watchStatus().awaited(\.live)
        let id = try await writer.post("退職して一年になりました")
        let seen = try #require(try await reader.awaitFeed { $0.post(id) != nil }.post(id))
        #expect(seen.text == "退職して一年になりました")
        #expect(!seen.own)
        #expect(abs(seen.created.timeIntervalSinceNow) < 600)
      }
    }
  }

  @Test("what the server refuses is undone, kept with its reason, and can be discarded")
  func refused() async throws {
    try await onPhone { phone in
      let before = try await phone.posts().map(\.id)
      let id = try await phone.post("全員へのお知らせ", .announcement)
      let refused = try #require(try await phone.community.watchAttention().awaited { !$0.isEmpty }.first)
      #expect(refused.id.value == id.value)
      #expect(refused.yours == "全員へのお知らせ")
      #expect(refused.reason == .notAllowed)
      #expect(errorName(code: refused.reason) == "not_allowed")
      #expect(!errorMessage(code: refused.reason, language: .ja).isEmpty)
      let shown = try await phone.posts().first { $0.id == id }
      #expect(shown == nil || shown?.delivery == .needsAttention(.notAllowed))
      try await phone.community.discard(id: refused.id)
      _ = try await phone.community.watchAttention().awaited(\.isEmpty)
      #expect(try await phone.posts().map(\.id) == before)
    }
  }

  @Test("a vote counts, can be changed and taken back, and tells no numbers of so few")
  func voting() async throws {
    try await onPhone { phone in
      let poll = Poll(options: ["春", "秋", "冬"], several: true, closesUs: nil)
      let question = "次の会はいつがよいですか"
      let id = try await phone.community.writePoll(stream: .community, question: question, poll: poll, mentions: [])
      _ = try await phone.community.vote(post: id, choices: [0, 2])
      let seen = try await phone.awaitFeed { $0.post(id)?.delivery == .sent && $0.post(id)?.poll?.voters == 1 }
      #expect(seen.post(id)?.poll?.options.map(\.own) == [true, false, true])
      #expect(seen.post(id)?.poll?.options.map(\.votes) == [nil, nil, nil])
      _ = try await phone.community.vote(post: id, choices: [])
      _ = try await phone.awaitFeed { $0.post(id)?.poll?.voters == 0 }
    }
  }

  @Test("a word of two characters is found in what was posted")
  func search() async throws {
    try await onPhone { phone in
      let id = try await phone.post("来月の退職者の会について")
      let found = try await phone.community.search(selection: .all, query: "退職").posts
      #expect(found.contains { $0.id == id })
    }
  }
}
