import HTTPMessages

/// The grammar of web origins (RFC 6454 section 6.1): a scheme, a host, and a port that is not the scheme's own.
enum WebOrigin {
  /// The origin in lower case, as browsers send it; `nil` for whatever is none, such as one with a path.
  static func read(_ text: String) -> String? {
    let text = text.lowercased()
    guard let mark = text.utf8.firstIndex(of: 0x3A), text[mark...].hasPrefix("://") else { return nil }
    let scheme = text[..<mark]
    guard scheme == "http" || scheme == "https" else { return nil }
    let authority = String(text[mark...].dropFirst(3))
    let ownPort = scheme == "http" ? ":80" : ":443"
    guard !authority.utf8.isEmpty, isHost(hostOf(authority)), !authority.hasSuffix(ownPort) else {
      return nil
    }
    if let port = portOf(authority) {
      guard let number = Digits.integer(port.utf8), (1...65_535).contains(number) else { return nil }
    }
    return text
  }

  private static func isHost(_ host: String) -> Bool {
    guard host.hasPrefix("["), host.hasSuffix("]") else { return HostName.isValid(host) }
    return host.utf8.contains(0x3A) && IPAddress(String(host.dropFirst().dropLast())) != nil
  }

  private static func hostOf(_ authority: String) -> String {
    guard let colon = colonOf(authority) else { return authority }
    return String(authority[..<colon])
  }

  private static func portOf(_ authority: String) -> String? {
    colonOf(authority).map { String(authority[authority.utf8.index(after: $0)...]) }
  }

  /// The colon before the port; those inside the brackets of an IPv6 address are none.
  private static func colonOf(_ authority: String) -> String.Index? {
    guard let colon = authority.utf8.lastIndex(of: 0x3A) else { return nil }
    if let bracket = authority.utf8.lastIndex(of: 0x5D), bracket > colon { return nil }
    return colon
  }
}
