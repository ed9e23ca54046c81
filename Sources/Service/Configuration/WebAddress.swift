import HTTPMessages

/// The addresses that Sesame itself calls.
enum WebAddress {
  /// Whether an address is https, or plain http to this machine.
  static func isSafe(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    let rest: Substring
    let isSecure: Bool
    if text.hasPrefix("https://") {
      (rest, isSecure) = (text.dropFirst("https://".count), true)
    } else if text.hasPrefix("http://") {
      (rest, isSecure) = (text.dropFirst("http://".count), false)
    } else {
      return false
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.isEmpty, !authority.contains("@") else { return false }
    if isSecure { return true }
    let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
    if host == "localhost" { return true }
    return IPAddress(String(host)).map { $0.isLoopback } ?? false
  }
}
