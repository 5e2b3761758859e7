import Enishi
import Foundation

/// A phone that is signed in, with its data in a folder that is gone with it.
struct Phone: Sendable {
  let folder: URL
  let client: Client
  let account: AccountKey
  let community: Community

  /// Somebody who joins as a leaver does: by an invitation, a code by mail, and the fact that is asked for.
  static func joined(on server: TestServer) async throws -> Phone {
    let (leaver, folder) = (server.leaver(), temporaryFolder("phone"))
    let client = try await Client.open(options: options(folder), secrets: secrets(in: folder))
    let link = try parseInvitation(text: try await server.invitation(for: leaver))
    let account = try await signIn(client, server, "\(leaver.number)@example.jp")
    let joined = try await inTime { try await client.join(account: account, code: link.code, joining: form(leaver)) }
    let community = try await client.community(account: account, community: joined.community)
    try await inTime { try await community.inStep() }
    return Phone(folder: folder, client: client, account: account, community: community)
  }

  static func signIn(_ client: Client, _ server: TestServer, _ address: String) async throws -> AccountKey {
    let there = try parseServer(text: server.url)
    let sent = try await inTime { try await client.signIn(server: there, address: address) }
    let code = try await inTime { try await server.code(for: address) }
    return try await inTime { try await client.finishSignIn(attempt: sent.attempt, code: code) }
  }

  static func form(_ leaver: Leaver) -> JoiningForm {
    let name = PersonName(family: leaver.family, given: leaver.given)
    return JoiningForm(name: name, fact: leaver.born, note: "", fields: [:], toInviter: true, toCompany: false)
  }

  static func options(_ folder: URL) -> ClientOptions {
    ClientOptions(dataDir: folder.path, language: .ja)
  }

  static func secrets(in folder: URL) throws -> any SecretStore {
    try fileSecretStore(path: folder.appendingPathComponent("secrets").path)
  }

  /// Opens its folder again, once nobody else has it open.
  func openedAgain() async throws -> Phone {
    let client = try await Client.open(options: Self.options(folder), secrets: Self.secrets(in: folder))
    let community = try await client.community(account: account, community: community.id())
    return Phone(folder: folder, client: client, account: account, community: community)
  }

  /// Writes into the community's feed.
  func post(_ text: String, _ kind: PostKind = .text) async throws -> PostId {
    try await community.writePost(stream: .community, kind: kind, text: text, mentions: [])
  }

  /// The posts of all feeds as they are now.
  func posts() async throws -> [FeedPost] {
    try await community.feed(selection: .all, around: .newest, size: 50).posts
  }

  /// Waits for a window of all feeds.
  func awaitFeed(_ wanted: @escaping @Sendable (FeedWindow) -> Bool) async throws -> FeedWindow {
    try await community.watchFeed().awaited(wanted)
  }

  func end() async throws {
    await client.shutDown()
    try FileManager.default.removeItem(at: folder)
  }
}

extension Watch {
  /// Waits for the first value that is wanted.
  func awaited(_ wanted: @escaping @Sendable (Element) -> Bool) async throws -> Element {
    try await inTime {
      for try await value in self where wanted(value) {
        return value
      }
      throw Broken("it ended before")
    }
  }

  /// The value as it is now.
  func now() async throws -> Element {
    try await awaited { _ in true }
  }
}

extension FeedWindow {
  /// The post of that id in it.
  func post(_ id: PostId) -> FeedPost? {
    posts.first { $0.id == id }
  }
}

/// A story on a phone of its own, with a server that stays up.
func onPhone(_ story: (Phone) async throws -> Void) async throws {
  try await onPhone(of: try await TestServer.shared.value, story)
}

/// A story on a phone of its own.
func onPhone(of server: TestServer, _ story: (Phone) async throws -> Void) async throws {
  let phone = try await Phone.joined(on: server)
  do {
    try await story(phone)
  } catch {
    await phone.client.shutDown()
    throw error
  }
  try await phone.end()
}

/// A story on a phone of its own, with a server of its own that may be killed.
func onPhoneAndServer(_ story: (Phone, TestServer) async throws -> Void) async throws {
  let server = try await TestServer()
  try await onPhone(of: server) { try await story($0, server) }
  try await server.end()
}
