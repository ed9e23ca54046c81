/// One request of an HTTP client.
public struct HTTPClientRequest: Sendable {
  /// What it asks for.
  public enum Method: Sendable, Equatable {
    /// Fetches.
    case get
    /// Sends a body.
    case post([UInt8])
    /// Sends changes.
    case patch([UInt8])
    /// Removes.
    case delete

    var body: [UInt8]? {
      switch self {
      case .get, .delete: nil
      case .post(let body), .patch(let body): body
      }
    }
  }

  /// What it asks for.
  public var method: Method
  /// Where: `https://…`, or `http://…` where the client allows it; without a name and password.
  public var address: String
  /// The Unix socket to connect to, instead of what the address names; `nil` for the address's own.
  public var socket: String?
  /// Header fields besides those that every request has; a body should come with a Content-Type.
  public var fields: [HTTPClientField]
  /// How much it may cost.
  public var limits: HTTPClientLimits

  /// A request, by default a GET without fields of its own.
  public init(
    _ address: String, method: Method = .get, socket: String? = nil, fields: [HTTPClientField] = [],
    limits: HTTPClientLimits = HTTPClientLimits()
  ) {
    self.address = address
    self.method = method
    self.socket = socket
    self.fields = fields
    self.limits = limits
  }
}

/// A header field of a request.
public struct HTTPClientField: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The value.
  public let value: String

  /// A field, or `nil` if the name is not a token (RFC 9110 section 5.1), or the value is not visible ASCII, spaces and
  /// tabs: nothing in it can begin another field.
  public init?(_ name: String, _ value: String) {
    let marks = Set("!#$%&'*+-.^_`|~".utf8)
    let isToken = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || marks.contains(byte)
    }
    guard isToken, !name.isEmpty, value.utf8.allSatisfy({ $0 == 9 || (0x20...0x7E).contains($0) }) else { return nil }
    self.name = name
    self.value = value
  }
}

/// How much one request may cost.
public struct HTTPClientLimits: Sendable, Equatable {
  /// How long it may take from its being handed over to its last byte; 5 seconds by default.
  public var totalTime = Duration.seconds(5)
  /// How long looking up the name, connecting and TLS may take of that; 2 seconds by default.
  public var connectTime = Duration.seconds(2)
  /// How long it may go on with fewer than ``slowestSpeed`` bytes a second, in whole seconds; `nil`, the default, is as
  /// long as the total time allows.
  public var slowTime: Duration?
  /// What is too slow for ``slowTime``, in bytes a second; 64 by default.
  public var slowestSpeed = 64
  /// How long nothing may come once it is connected; `nil`, the default, is as long as the total time allows.
  public var silence: Duration?
  /// The longest body of a response, in bytes, at which reading stops; 256 KiB by default.
  public var maximumBody = 256 * 1024
  /// The longest head of a response, in bytes; 32 KiB by default.
  public var maximumHead = 32 * 1024

  /// The defaults.
  public init() {}
}
