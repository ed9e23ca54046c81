/// Who is at the other end of a connection.
public enum HTTPPeer: Sendable, Hashable {
  /// A TCP peer: its IP address as text without a zone, its port.
  case network(address: String, port: UInt16)
  /// A peer on a Unix socket, which the file's mode let in.
  case unixSocket

  /// The address as text, or "unix".
  public var address: String {
    switch self {
    case .network(let address, _): address
    case .unixSocket: "unix"
    }
  }
}
