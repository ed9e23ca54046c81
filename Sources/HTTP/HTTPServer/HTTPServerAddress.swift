/// Where a server listens.
public enum HTTPServerAddress: Sendable, Hashable {
  /// A TCP port of a host name or address.
  ///
  /// Port 0 picks a free one.
  ///
  /// `::` takes IPv4 too. Of a name with several addresses, the first that can be listened on is taken.
  case tcp(host: String, port: Int)
  /// A Unix socket: a file of that mode, for example 0o600.
  ///
  /// A file that a dead process left behind is replaced; any other file, and one on which somebody listens, is not.
  case unix(path: String, mode: UInt16)
}
