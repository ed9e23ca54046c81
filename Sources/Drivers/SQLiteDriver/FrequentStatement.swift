internal import Synchronization

/// The text of a statement that runs very often, which connections find by a number rather than by its text.
///
/// To look up a text of hundreds of bytes costs as much as some statements do. Make one for each text, once, in a
/// static property: each takes a place in every connection that uses it, for as long as the connection lives.
public struct FrequentStatement: Sendable {
  private static let made = Atomic(0)
  let sql: String
  let number: Int

  /// A statement that is used again and again.
  public init(_ sql: String) {
    self.sql = sql
    number = Self.made.wrappingAdd(1, ordering: .relaxed).oldValue
  }
}
