/// Why there is no response.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The address is none, has a name or password in it, or is of a scheme that is not allowed.
    case address
    /// As many requests wait as may.
    case busy
    /// The client was stopped before or during the request.
    case stopped
    /// The name is not known, nobody listens, or the connection broke.
    case connection
    /// The server has no certificate that is trusted and for its name, or TLS failed otherwise.
    case tls
    /// It took too long.
    case timeout
    /// The head or the body goes beyond the limits.
    case tooLarge
    /// What came is not an HTTP response, or not a whole one.
    case malformed
    /// Anything else, such as no memory.
    case failed
  }

  /// The kind of failure.
  public let code: Code
  /// A sentence for the log.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
