/// An address as its user writes it, read strictly.
struct RedisAddress: Sendable {
  var servers: [ServerAddress] = []
  var isCluster = false
  var user: String?
  var password: RedisPassword?
  var database = 0

  init(_ text: String) throws(RedisError) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].utf8.starts(with: "://".utf8) else {
      throw Self.unreadable("It must begin with redis:// or redis+cluster://.")
    }
    switch text[..<colon].lowercased() {
    case "redis": break
    case "redis+cluster": isCluster = true
    case "rediss", "rediss+cluster", "redis+cluster+tls":
      throw Self.unreadable(
        """
        Sesame speaks to Redis without TLS, since the client library of this system (hiredis 0.14) has none. Let a \
        tunnel on this machine, such as stunnel, speak TLS to the server, and give the tunnel's address with redis://.
        """)
    default: throw Self.unreadable("It must begin with redis:// or redis+cluster://.")
    }
    var rest = text[colon...].dropFirst(3)
    if let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) {
      try readCredentials(rest[..<at])
      rest = rest[rest.utf8.index(after: at)...]
    }
    if let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) {
      try readDatabase(rest[rest.utf8.index(after: slash)...])
      rest = rest[..<slash]
    }
    let hosts = rest.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard isCluster || hosts.count == 1 else {
      throw Self.unreadable("Several servers can only be those of a Cluster: redis+cluster://host,host.")
    }
    guard hosts.count <= 64 else { throw Self.unreadable("64 servers are enough to find a Cluster.") }
    for host in hosts {
      guard let server = ServerAddress(String(Substring(host))) else {
        throw Self.unreadable("Each server is a host, or a host and its port: name:6379, 10.0.0.1:6379, [::1]:6379.")
      }
      servers.append(server)
    }
  }

  private mutating func readCredentials(_ text: Substring) throws(RedisError) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ Self.decoded($0) }), parts.count == 2, let last = Self.decoded(parts[1])
    else {
      throw Self.unreadable("What stands before the @ is user:password or :password, with %40 for an @ in it.")
    }
    user = first.isEmpty ? nil : first
    password = RedisPassword(last)
  }

  private mutating func readDatabase(_ text: Substring) throws(RedisError) {
    guard !text.isEmpty else { return }
    guard text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
      throw Self.unreadable("What stands after the / is the number of a database.")
    }
    guard !isCluster || number == 0 else { throw Self.unreadable("A Cluster has one database only.") }
    database = number
  }

  private static func unreadable(_ reason: String) -> RedisError {
    RedisError(.address, "The address can't be used. \(reason)")
  }

  /// Undoes the %-escapes of a URL; `nil` if one is broken, or the result is not UTF-8.
  private static func decoded(_ text: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
