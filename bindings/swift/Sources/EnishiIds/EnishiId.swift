import Foundation

/// An id of one kind of thing: no other kind is taken for it.
public protocol EnishiId: Codable, CustomStringConvertible, Hashable, Sendable {
  /// The id itself.
  var value: UUID { get }

  /// The id of that value.
  init(_ value: UUID)
}

extension EnishiId {
  /// Reads an id as it stands on the wire.
  ///
  /// - Throws: ``NotAnId`` where the text is none.
  public init(text: String) throws {
    self.init(try UUID(text: text))
  }

  /// As it stands on the wire.
  public var description: String {
    value.uuidString.lowercased()
  }

  public init(from decoder: any Decoder) throws {
    self.init(try UUID(text: decoder.singleValueContainer().decode(String.self)))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A text that should be an id and is none.
public struct NotAnId: Error {}

extension UUID {
  package init(text: String) throws {
    guard let id = UUID(uuidString: text) else { throw NotAnId() }
    self = id
  }
}
