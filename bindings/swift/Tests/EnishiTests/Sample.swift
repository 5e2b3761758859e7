import Enishi
import Foundation

/// From an invitation to the feed, until the task that calls is cancelled.
func follow(
  in folder: URL, invitation: String, address: String, form: JoiningForm,
  askCode: @Sendable () async throws -> String,
  show: @Sendable (FeedWindow) async -> Void
) async throws {
  let options = ClientOptions(dataDir: folder.path, language: .ja)
  let secrets = try fileSecretStore(path: folder.appendingPathComponent("secrets").path)
  try await withClient(options, secrets: secrets) { client in
    let link = try parseInvitation(text: invitation)
    guard let server = link.server else { throw EnishiError.NotALink }  // a bare code: ask for the server
    let preview = try await client.preview(link: link, server: nil)
    print("\(preview.invitedBy.family) invites you to \(preview.community)")

    let sent = try await client.signIn(server: server, address: address)
    let account = try await client.finishSignIn(attempt: sent.attempt, code: try await askCode())
    let joined = try await client.join(account: account, code: link.code, joining: form)

    let community = try await client.community(account: account, community: joined.community)
    for try await window in community.watchFeed(size: 50) {
      await show(window)
    }
  }
}
