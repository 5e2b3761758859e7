// Calls that may take long end with the task that waits for them, and then with a `CancellationError` as such calls
// do. What is generated does not know of tasks: the core is told through a `Cancel`.

extension Community {
  /// Sends what waits, fetches what is new, and returns once the phone is in step.
  ///
  /// - Throws: `Offline` where the server cannot be reached now (it is tried again behind this), `SignedOut` and
  ///   others where a person must do something.
  public func syncNow() async throws {
    try await cancelling { try await self.syncNow(cancel: $0) }
  }

  /// Waits until nothing waits to be sent and everything is here, however long the network takes.
  ///
  /// - Throws: `SignedOut` and others where a person must do something.
  public func inStep() async throws {
    try await cancelling { try await self.inStep(cancel: $0) }
  }

  /// Fetches older posts of a feed, those before `before`, which windows and posts then show. Where the phone holds
  /// them already nothing happens.
  ///
  /// - Throws: `Offline` where the server cannot be reached now, `SignedOut`, `StorageFull`; then everything is as it
  ///   was.
  public func older(stream: EnishiStream, before: Position) async throws {
    try await cancelling { try await self.older(stream: stream, before: before, cancel: $0) }
  }

  /// Asks the server for hits before `before`: what a search, here or on the server, gave as `ended`.
  /// `hitsWithOlder` puts them together.
  ///
  /// - Throws: `TextTooLong` for a query beyond its limit, `Offline` where the server cannot be reached now,
  ///   `SignedOut`.
  public func searchOlder(selection: Selection, query: String, before: Position) async throws -> SearchHits {
    try await cancelling {
      try await self.searchOlder(selection: selection, query: query, before: before, cancel: $0)
    }
  }
}

private func cancelling<Answer: Sendable>(_ call: (Cancel) async throws -> Answer) async throws -> Answer {
  let cancel = Cancel()
  return try await withTaskCancellationHandler {
    do {
      return try await call(cancel)
    } catch EnishiError.Cancelled {
      throw CancellationError()
    }
  } onCancel: {
    cancel.cancel()
  }
}
