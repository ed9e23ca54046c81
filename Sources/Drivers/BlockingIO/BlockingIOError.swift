/// Why a thread, a queue or a file could not do what it was asked.
public struct BlockingIOError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The queue holds as many jobs as it may; nothing was accepted.
    case queueFull
    /// The workers are stopped, or about to be; nothing was accepted.
    case stopped
    /// The system refused a thread.
    case noThread
    /// Another process, or another part of this one, holds the lock.
    case locked
    /// A file could not be opened or made.
    case file
  }

  /// The kind of failure.
  public let code: Code
  /// The system's number for it, 0 if there is none.
  public let number: Int32
  /// A sentence for the log.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String, number: Int32 = 0) {
    self.code = code
    self.description = description
    self.number = number
  }
}
