extension EnishiError {
  /// The stable code of what went wrong: the server's where it has one, as its documents name it, else one of
  /// `storage_full`, `offline`, `in_use`, `cancelled`, `closed`, `not_a_link`, `not_a_server`, `not_secure`,
  /// `internal`.
  public var stableCode: String {
    if let told {
      return errorName(code: told)
    }
    return switch self {
    case .StorageFull: "storage_full"
    case .Offline: "offline"
    case .InUse: "in_use"
    case .Cancelled: "cancelled"
    case .Closed: "closed"
    case .NotALink: "not_a_link"
    case .NotAServer: "not_a_server"
    case .NotSecure: "not_secure"
    case .Internal, .SignedOut, .NotAllowed, .Rejected, .UpgradeRequired: "internal"
    }
  }

  /// What the server, or the core in its stead, says to a person; nil where the words are the app's own.
  public func words(in language: Language) -> String? {
    told.map { errorMessage(code: $0, language: language) }
  }

  private var told: ErrorCode? {
    switch self {
    case .Rejected(let code): code
    case .SignedOut: .signedOut
    case .NotAllowed: .notAllowed
    case .UpgradeRequired: .upgradeRequired
    default: nil
    }
  }
}
