/// How a client treats its servers.
public struct RedisConfiguration: Sendable {
  /// From the call to its answer, waiting included; 800 ms by default.
  public var timeout: Duration = .milliseconds(800)
  /// From the attempt to connect to the server's first word; 500 ms by default.
  public var connectTimeout: Duration = .milliseconds(500)
  /// How many connections to each server commands may use, 1 or more; 2 by default.
  ///
  /// The second is made when 256 answers are awaited from the first. Commands that wait for replicas have one of their
  /// own, and so have subscriptions.
  public var connections = 2
  /// How many commands may be under way; 10,000 by default.
  public var capacity = 10_000
  /// The largest answer in bytes; 64 MiB by default.
  public var largestReply = 64 << 20
  /// The user's name at the server, instead of one in the address.
  public var user: String?
  /// The password, instead of one in the address.
  public var password: String? {
    get { secret?.text }
    set { secret = newValue.map(RedisPassword.init) }
  }
  /// What the server lists the connections as.
  public var clientName = "sesame"

  private var secret: RedisPassword?

  /// The defaults.
  public init() {}
}

/// A password that does not show itself.
struct RedisPassword: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let text: String

  init(_ text: String) { self.text = text }

  var description: String { "redacted" }
  var debugDescription: String { "redacted" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
