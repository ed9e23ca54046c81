/// Why a command has no answer.
public struct RedisError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is, as far as a caller acts on it.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The address can't be read, or asks for what this client does not have.
    case address
    /// There is no connection to the server, and none could be made.
    case unreachable
    /// The connection broke before the answer.
    case connectionLost
    /// No answer came in time.
    case timeout
    /// As many commands wait as may.
    case busy
    /// ``RedisClient/stop()`` was called, or the system refused a thread.
    case stopped
    /// The server wants a user or a password, or another one, or allows this one too little.
    case authentication
    /// What the server sent is no answer, or larger than allowed.
    case garbled
    /// The server's memory is full (OOM).
    case outOfMemory
    /// The server takes no writes: it is a replica, or misses its replicas (READONLY, NOREPLICAS).
    case readOnly
    /// The server takes no writes since it can't save them to its disk (MISCONF).
    case notSaving
    /// The Cluster does not serve the key at present, or its servers contradict each other.
    case clusterDown
    /// The server loads its data, or is busy with a script.
    case loading
    /// The server refused the command for another reason, see ``serverCode``.
    case refused
  }

  /// The kind of failure.
  public let code: Code
  /// Whether the command may have been executed: it was sent, and its answer was lost.
  public let mayHaveExecuted: Bool
  /// The first word of the server's refusal, such as "WRONGTYPE", or what a script has answered with; `nil` if the
  /// failure is not the server's word.
  public let serverCode: String?
  /// What happened, for the log: it may name hosts and what the server said, never a password.
  public let description: String

  /// An error from its parts.
  public init(_ code: Code, _ description: String, mayHaveExecuted: Bool = false, serverCode: String? = nil) {
    self.code = code
    self.description = description
    self.mayHaveExecuted = mayHaveExecuted
    self.serverCode = serverCode
  }

  /// What a server has refused a command with.
  init(refusal serverCode: String, _ text: String) {
    let code = Self.codes[serverCode]
    // These are said before anything is done; a script that ends with a word of its own may have written before.
    self.init(
      code ?? .refused, text, mayHaveExecuted: code == nil && !Self.harmless.contains(serverCode),
      serverCode: serverCode)
  }

  /// The same failure of a command that may have been executed, or may not.
  func mayHaveExecuted(_ mayHaveExecuted: Bool) -> RedisError {
    RedisError(code, description, mayHaveExecuted: mayHaveExecuted, serverCode: serverCode)
  }

  private static let codes: [String: Code] = [
    "OOM": .outOfMemory, "READONLY": .readOnly, "NOREPLICAS": .readOnly, "MISCONF": .notSaving,
    "CLUSTERDOWN": .clusterDown, "MOVED": .clusterDown, "ASK": .clusterDown, "TRYAGAIN": .clusterDown,
    "LOADING": .loading, "MASTERDOWN": .loading, "BUSY": .loading, "NOAUTH": .authentication,
    "WRONGPASS": .authentication, "NOPERM": .authentication,
  ]

  private static let harmless: Set<String> = ["NOSCRIPT", "CROSSSLOT", "NOPROTO", "EXECABORT"]
}
