/// Bytes that are no BSON document.
public struct BSONError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with them, without a byte of them.
  public let description: String

  init(_ description: String) { self.description = description }
}
