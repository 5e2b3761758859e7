@_exported import EnishiCore

/// Opens a client, and shuts it down after `work` whatever comes of that: for tools and background jobs. An app
/// keeps its client for as long as it runs.
public func withClient<Answer: Sendable>(
  _ options: ClientOptions,
  secrets: any SecretStore,
  isolation: isolated (any Actor)? = #isolation,
  work: (Client) async throws -> Answer
) async throws -> Answer {
  let client = try await Client.open(options: options, secrets: secrets)
  do {
    let answer = try await work(client)
    await client.shutDown()
    return answer
  } catch {
    await client.shutDown()
    throw error
  }
}
