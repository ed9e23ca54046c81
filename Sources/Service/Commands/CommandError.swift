/// Why a command did not do what it was asked.
public struct CommandError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// A command line that is put together wrongly; nothing was done.
    case wrongUse
    /// What was asked could not be done.
    case failed
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

  /// What the program ends with: 2 for wrong use, 1 for all else.
  public var exitStatus: Int32 { code == .wrongUse ? 2 : 1 }
}
