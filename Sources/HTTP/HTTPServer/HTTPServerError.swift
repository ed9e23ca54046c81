/// A server that can't be started, or a certificate that can't be used.
public struct HTTPServerError: Error, Sendable {
  /// What is wrong.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// Somebody listens there already.
    case addressInUse
    /// No such host, or no such address on this machine.
    case notResolvable
    /// The system doesn't allow it.
    case notPermitted
    /// The path of a Unix socket is another kind of file, or too long, or has a NUL in it.
    case badPath
    /// The certificate or its key can't be read or used.
    case badCertificate
    /// A setting that can't be, such as a port of 70000.
    case badConfiguration
    /// The system failed otherwise.
    case system
  }

  /// What is wrong.
  public let code: Code
  /// A sentence that says what is wrong and what to do.
  public let description: String
  /// What the system said, for the log.
  public let reason: String

  /// An error with what the system said.
  public init(_ code: Code, _ description: String, reason: String = "") {
    self.code = code
    self.description = description
    self.reason = reason
  }
}

extension HTTPServerError: CustomStringConvertible {}
