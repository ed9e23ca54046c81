/// The certificate of a server that speaks TLS (1.2 and 1.3) on its TCP addresses.
public struct HTTPServerTLS: Sendable, Hashable {
  /// A PEM file: the server's certificate, then those of the authorities that vouch for it.
  public var certificateChainPath: String
  /// A PEM file: the private key, without a password.
  public var privateKeyPath: String

  /// The certificate and key in two PEM files.
  public init(certificateChainPath: String, privateKeyPath: String) {
    self.certificateChainPath = certificateChainPath
    self.privateKeyPath = privateKeyPath
  }
}
