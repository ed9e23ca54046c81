/// Why moving did not come to its end.
///
/// What was done until then stays done, line by line; running it again goes on.
public struct MovingError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// A file that can't be read, made or written.
    case file
    /// A line, row or key that is not what it should be.
    case format
    /// Something in the store stands against it.
    case conflict
    /// The store failed.
    case store
    /// It was told to stop.
    case interrupted
  }

  /// The kind of failure.
  public let code: Code
  /// A sentence that says what to do.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
