/// Why passwords can't be hashed as asked.
public struct PasswordHashingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The parameters are under the floor.
    case weakParameters
    /// The parameters are over a ceiling.
    case costlyParameters
    /// The system refused a thread.
    case noThread
  }

  /// The kind of failure.
  public let code: Code
  /// A sentence that says what would be right.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
