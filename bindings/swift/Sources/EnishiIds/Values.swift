import Foundation

/// Names an account on this phone. Says nothing about whose it is or on which server.
public struct AccountKey: EnishiId {
  public let value: UUID

  public init(_ value: UUID) {
    self.value = value
  }
}

/// A server's address in its one form, as `parseServer` gives it.
public struct Server: CustomStringConvertible, Hashable, Sendable {
  /// The address.
  public let address: String

  package init(address: String) {
    self.address = address
  }

  public var description: String { address }
}

/// Counts the changes of one community.
public struct Version: Comparable, Hashable, Sendable {
  public let value: Int64

  public init(_ value: Int64) {
    self.value = value
  }

  public static func < (one: Self, other: Self) -> Bool { one.value < other.value }
}

/// Where something stands in its feed or conversation; never changes.
public struct Position: Comparable, Hashable, Sendable {
  public let value: Int64

  public init(_ value: Int64) {
    self.value = value
  }

  public static func < (one: Self, other: Self) -> Bool { one.value < other.value }
}
