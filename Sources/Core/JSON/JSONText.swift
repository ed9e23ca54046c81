/// A JSON value as validated, minified UTF-8 text (RFC 8259): what passes through untouched, and is never parsed to be
/// shown.
public struct JSONText: Sendable, Hashable {
  /// The text: one JSON value without white space around its tokens.
  public let bytes: [UInt8]

  /// Takes bytes that a parser of this module, or a store that was given them by it, vouches for.
  public init(uncheckedMinified bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The value `null`.
  public static let null = JSONText(uncheckedMinified: Array("null".utf8))
}

extension JSONText: CustomStringConvertible {
  /// The text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
