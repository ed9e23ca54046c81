internal import CHTTPEngine
internal import Glibc
public import HTTPMessages

extension HTTPServer {
  /// What a server is made of.
  public struct Configuration: Sendable {
    /// Where it listens; at least one address.
    public var addresses: [HTTPServerAddress]
    /// TLS on the TCP addresses; without it they speak plain HTTP.
    ///
    /// Unix sockets always do.
    public var tls: HTTPServerTLS?
    /// How many event loops, each on a thread of its own; by default one for each core.
    public var threads: Int
    /// What it puts up with from clients.
    public var limits: HTTPLimits
    /// Fields that stand in every answer, the server's own errors included.
    public var standingFields: [HTTPField]
    /// How long requests in progress may take to finish once ``HTTPServer/stop()`` was called: 8 s.
    public var stopGrace: Duration
    /// Makes the id of a request that the server itself refuses, in letters and digits; without it there is none.
    public var refusalID: (@Sendable () -> String)?

    /// A configuration from its parts.
    public init(
      addresses: [HTTPServerAddress], tls: HTTPServerTLS? = nil, threads: Int? = nil,
      limits: HTTPLimits = HTTPLimits(), standingFields: [HTTPField] = [], stopGrace: Duration = .seconds(8)
    ) {
      self.addresses = addresses
      self.tls = tls
      self.threads = threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
      self.limits = limits
      self.standingFields = standingFields
      self.stopGrace = stopGrace
    }
  }
}

extension HTTPServer.Configuration {
  /// The limits as the engine takes them.
  var engineLimits: http_limits {
    http_limits(
      request_line: max(limits.requestLine, 64), fields_size: max(limits.fieldsSize, 64),
      field_count: max(limits.fieldCount, 1), body_size: max(limits.bodySize, 0),
      head_time: Self.milliseconds(limits.headTime), body_time: Self.milliseconds(limits.bodyTime),
      idle_time: Self.milliseconds(limits.idleTime), write_time: Self.milliseconds(limits.writeTime),
      grace_time: Self.milliseconds(stopGrace), connections: max(limits.connections, 1))
  }

  /// The standing fields as whole lines.
  var standingLines: [UInt8] {
    standingFields.flatMap { $0.name + Array(": ".utf8) + $0.value + [13, 10] }
  }

  /// At least one, at most a year: what doesn't fit can't overflow the engine's arithmetic.
  private static func milliseconds(_ duration: Duration) -> Int64 {
    let year: Int64 = 365 * 86_400
    let parts = duration.components
    guard parts.seconds < year else { return year * 1000 }
    guard parts.seconds >= 0 else { return 1 }
    return max(1, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
  }
}
