import HTTPMessages

/// Where to listen: "host:port", with an IPv6 address in brackets.
public struct ListenAddress: Sendable, Hashable {
  /// An IP address without brackets, or a host name.
  public let host: String
  /// The port; 0 has the system pick a free one.
  public let port: UInt16

  /// Reads "127.0.0.1:8080", "[::1]:8080" or "localhost:0".
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), bytes.count - colon <= 6,
      let number = Digits.integer(bytes[(colon + 1)...]), let port = UInt16(exactly: number)
    else { return nil }
    var host = bytes[..<colon]
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
      let address = String(decoding: host, as: UTF8.self)
      guard host.contains(UInt8(ascii: ":")), IPAddress(address) != nil else { return nil }
      self.host = address
    } else {
      let name = String(decoding: host, as: UTF8.self)
      guard HostName.isValid(name) else { return nil }
      self.host = name
    }
    self.port = port
  }

  /// Whether only this machine can reach it: a loopback address, or the name "localhost".
  public var isLoopback: Bool {
    guard let address = IPAddress(host) else { return host == "localhost" }
    return address.isLoopback
  }
}

extension ListenAddress: CustomStringConvertible {
  /// The address as it is written in a URL.
  public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The grammar of host names (RFC 1123 section 2.1), which IPv4 addresses meet too.
enum HostName {
  static func isValid(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        && label.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }
}
