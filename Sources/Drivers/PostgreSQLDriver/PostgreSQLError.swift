/// What went wrong with a connection, or what the server refused.
public struct PostgreSQLError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, as far as a caller acts on it.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// No connection is to be had.
    case unreachable
    /// No answer came in time; the connection is given up.
    case timedOut
    /// The connection broke.
    case lost
    /// The server refused a statement; the connection goes on.
    case refused
    /// As many calls are waiting as may.
    case busy
    /// The client is shut down.
    case stopped
    /// The address can't be read.
    case address
    /// The server's answer is not one that was asked for.
    case answer
  }

  /// The kind of failure.
  public let code: Code
  /// The server's five characters for what it refused (https://www.postgresql.org/docs/15/errcodes-appendix.html);
  /// empty if it said none.
  public let state: String
  /// Whether a write that was under way may have been stored.
  public var mayBeStored: Bool
  /// What was said, for the log: it may name hosts, tables and columns, never values.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String, state: String = "", mayBeStored: Bool = false) {
    self.code = code
    self.description = description
    self.state = state
    self.mayBeStored = mayBeStored
  }

  /// Whether the connection can be used no more.
  var endsConnection: Bool {
    switch code {
    case .refused, .busy, .stopped, .address: false
    default: true
    }
  }

  static var timeIsUp: PostgreSQLError { PostgreSQLError(.timedOut, "The server did not answer in time.") }
  static var stopped: PostgreSQLError { PostgreSQLError(.stopped, "The client is shut down.") }
}
