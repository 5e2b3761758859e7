import Foundation

extension Community {
  /// Votes in a post's poll in place of what this member chose before, by the places of the options, the first being 0;
  /// no choices take the vote back.
  public func vote(post: PostId, choices: [UInt8]) async throws -> MutationId {
    try await vote(post: post, choices: Data(choices))
  }
}
