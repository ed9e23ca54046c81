internal import CMongoC

/// What a server refused, or why there was no answer of one.
public struct MongoError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, as far as a caller acts on it.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// No server to be had: nothing was sent.
    case unreachable
    /// The connection failed when the command may have been sent: it may have been done.
    case interrupted
    /// The server said no.
    case refused
    /// The bytes that came are no answer.
    case malformed
    /// The address, or a setting, is wrong.
    case misuse
    /// As many jobs are waiting as may; nothing was accepted.
    case busy
    /// The threads are stopped; nothing was accepted.
    case stopped
    /// The system gives no thread or no memory.
    case exhausted
  }

  /// The kind of failure.
  public let code: Code
  /// The server's number of it (https://www.mongodb.com/docs/manual/reference/error-codes/), or 0.
  public let number: Int
  /// What the server says of how to go on, such as "TransientTransactionError".
  public let labels: Set<String>
  /// What the library or the server said, for the log: it may name hosts and values.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String, number: Int = 0, labels: Set<String> = []) {
    self.code = code
    self.number = number
    self.labels = labels
    self.description = description
  }

  /// Whether the transaction is undone, and may be tried again as a whole.
  public var isTransient: Bool { labels.contains("TransientTransactionError") && !isUnknownCommit }

  /// Whether a commit may or may not have happened.
  public var isUnknownCommit: Bool { labels.contains("UnknownTransactionCommitResult") }

  /// Whether it was the connection that failed, not the command.
  public var isOfConnection: Bool { code == .unreachable || code == .interrupted }

  /// An error of the library, with the server's answer if there is one.
  init(_ error: bson_error_t, reply: BSONDocument?) {
    let labels = Set((reply?["errorLabels"]?.array ?? []).compactMap(\.text))
    let number = reply?["code"]?.int.flatMap { Int(exactly: $0) }
    var error = error
    let message = unsafe withUnsafeBytes(of: &error.message) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    self.init(
      Self.code(error.domain, error.code), message, number: number ?? Int(error.code), labels: labels)
  }

  /// The kind of an error by its domain and code (https://mongoc.org/libmongoc/1.23.1/errors.html).
  private static func code(_ domain: UInt32, _ code: UInt32) -> Code {
    switch domain {
    case MONGOC_ERROR_SERVER_SELECTION.rawValue: return .unreachable
    case MONGOC_ERROR_STREAM.rawValue:
      let isSent = code == MONGOC_ERROR_STREAM_SOCKET.rawValue || code == MONGOC_ERROR_STREAM_INVALID_STATE.rawValue
      return isSent ? .interrupted : .unreachable
    case MONGOC_ERROR_PROTOCOL.rawValue where code == MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION.rawValue: return .refused
    case MONGOC_ERROR_PROTOCOL.rawValue: return .interrupted
    case MONGOC_ERROR_CLIENT.rawValue where code == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue: return .unreachable
    case MONGOC_ERROR_CLIENT.rawValue where code == MONGOC_ERROR_CLIENT_NOT_READY.rawValue: return .unreachable
    case MONGOC_ERROR_BSON.rawValue: return .malformed
    case MONGOC_ERROR_COMMAND.rawValue where code == MONGOC_ERROR_COMMAND_INVALID_ARG.rawValue: return .misuse
    default: return .refused
    }
  }
}
