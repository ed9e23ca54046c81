/// A store that is broken, full or not to be reached.
///
/// What is missing or refused is not an error but a value.
public struct StoreError: Error, Sendable {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// Not to be reached, or not answering in time; the same call may work later.
    case unavailable
    /// No room on its disk or in its memory; what was written before is intact.
    case full
    /// A write whose answer was lost: it may have happened.
    case unknownOutcome
    /// The store holds something that it should not, or that this version can't read.
    case corrupt
    /// Its schema is not the one that this version needs, and migrating was forbidden.
    case outdated
    /// ``SessionStore/shutdown()`` was called.
    case closed
  }

  /// The kind of failure.
  public let code: Code
  /// A sentence for a client's eyes, without names of files, hosts or statements.
  public let description: String
  /// What the driver said, for the log.
  public let underlying: (any Error)?

  /// An error with what caused it.
  public init(_ code: Code, _ description: String, underlying: (any Error)? = nil) {
    self.code = code
    self.description = description
    self.underlying = underlying
  }
}

extension StoreError: CustomStringConvertible {}
