/// Where a server listens.
struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  let host: String
  let port: UInt16

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads "host", "host:port" or "[address]:port"; `nil` for anything else.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    var host = bytes[...]
    var port: ArraySlice<UInt8>?
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = bytes[1..<close]
      let rest = bytes[(close + 1)...]
      guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { return nil }
      if !rest.isEmpty { port = rest.dropFirst() }
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      host = bytes[..<colon]
      port = bytes[(colon + 1)...]
    }
    guard let name = Self.name(host) else { return nil }
    self.host = name
    guard let port else {
      self.port = 6379
      return
    }
    guard let number = Self.port(port) else { return nil }
    self.port = number
  }

  /// Reads what a server of a Cluster calls another one, as in "MOVED 3999 host:port".
  ///
  /// An IPv6 address stands there without brackets. No host at all means the host that says so
  /// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#moved-redirection).
  init?(announced text: some StringProtocol, by speaker: ServerAddress) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), let port = Self.port(bytes[(colon + 1)...]) else {
      return nil
    }
    guard colon > 0 else {
      self.init(host: speaker.host, port: port)
      return
    }
    guard let host = Self.name(bytes[..<colon]) else { return nil }
    self.init(host: host, port: port)
  }

  var description: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// A host's name or address; `nil` of what can't be one.
  static func name(_ bytes: some Collection<UInt8>) -> String? {
    guard (1...255).contains(bytes.count) else { return nil }
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: continue
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "%"): continue
      default: return nil
      }
    }
    return String(decoding: Array(bytes), as: UTF8.self)
  }

  private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0 else { return nil }
    return port
  }
}
