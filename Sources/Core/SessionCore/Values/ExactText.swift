/// Text that is equal only to the same bytes.
///
/// `String` compares by canonical equivalence, so that "é" in one scalar equals "é" in two; two users whose names
/// differ so would be one. Identifiers and everything a filter compares are therefore of this type.
public struct ExactText: Sendable, ExpressibleByStringLiteral {
  /// The text.
  public let string: String

  /// Takes a text as it is.
  public init(_ string: String) { self.string = string }

  /// Takes a literal as it is.
  public init(stringLiteral value: String) { string = value }

  /// The number of bytes in UTF-8.
  public var byteCount: Int { string.utf8.count }
}

extension ExactText: Hashable, Comparable, CustomStringConvertible {
  /// Whether both have the same bytes.
  public static func == (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  /// Whether `left` comes first in byte order.
  public static func < (left: ExactText, right: ExactText) -> Bool {
    left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }

  /// Feeds the bytes and their number.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(string.utf8.count)
    for byte in string.utf8 { hasher.combine(byte) }
  }

  /// The text.
  public var description: String { string }
}
