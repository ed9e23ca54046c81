public import HTTPMessages

/// Whose requests are trusted for where they come from, without a key.
///
/// Trusted are a peer on a Unix socket, this machine's loopback addresses, and the configured networks. What passed a
/// proxy is judged by the client that the proxy names, if the proxy is a configured one. Any other sign of a proxy
/// makes the client unknown, and an unknown client is not trusted: a proxy on this machine must not lend its address to
/// the whole world.
///
/// A trusted caller that is a browser's page is refused unless the page is Sesame's own: its user did not choose what
/// it sends.
public struct TrustPolicy: Sendable {
  /// Whether loopback addresses are trusted.
  public var trustsThisMachine = true
  /// The networks trusted beside this machine.
  public var networks: [IPNetwork] = []
  /// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
  ///
  /// What comes from one of them without naming a client is not trusted.
  public var proxies: [IPNetwork] = []
  /// The host names under which trusted callers may reach this server, in lower case, beside "localhost", names that
  /// end in ".localhost", and addresses.
  ///
  /// A page that makes its own name point here (DNS rebinding) is known by its name.
  public var hosts: [String] = []

  /// Trust in this machine alone.
  public init() {}

  /// What the policy says of a request.
  public enum Verdict: Sendable, Equatable {
    /// May do what services may.
    case trusted
    /// Needs a key.
    case untrusted
    /// Comes from a trusted place, but from a page that must not use that place's trust.
    case refused(Refusal)
  }

  /// Why a request from a trusted place is refused.
  public enum Refusal: Sendable, Equatable {
    /// The Host is missing, double, malformed, or a name that is not known here.
    case unknownHost
    /// A page of another origin sent it.
    case foreignPage
  }

  /// Whether an address is trusted.
  func trusts(_ address: IPAddress) -> Bool {
    trustsThisMachine && address.isLoopback || networks.contains { $0.contains(address) }
  }

  /// Whether an address is that of a configured proxy.
  func isProxy(_ address: IPAddress) -> Bool { proxies.contains { $0.contains(address) } }

  /// Whether a Host is one under which trusted callers may reach this server.
  func accepts(host: some Collection<UInt8>) -> Bool {
    guard let name = HostName(host) else { return false }
    if name.isAddress || name.equals("localhost") || name.ends(in: ".localhost") { return true }
    return hosts.contains { name.equals($0) }
  }
}

/// The name in a Host field, without the port.
struct HostName<Bytes: Collection<UInt8>> {
  let name: Bytes.SubSequence
  let isAddress: Bool

  /// Reads `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`; `nil` for anything else.
  init?(_ host: Bytes) {
    if host.first == 0x5B {
      guard let end = host.firstIndex(of: 0x5D), Self.isPort(host[host.index(after: end)...]) else { return nil }
      name = host[host.index(after: host.startIndex)..<end]
      guard Self.isAddress(name) else { return nil }
      isAddress = true
    } else {
      let end = host.firstIndex(of: 0x3A) ?? host.endIndex
      guard end > host.startIndex, Self.isPort(host[end...]) else { return nil }
      name = host[..<end]
      isAddress = Self.isAddress(name)
    }
  }

  // By way of a string: short ones cost no allocation, and bytes of any collection would go to another module's generic
  // initialiser one by one.
  private static func isAddress(_ name: Bytes.SubSequence) -> Bool {
    IPAddress(String(decoding: name, as: UTF8.self)) != nil
  }

  private static func isPort(_ rest: Bytes.SubSequence) -> Bool {
    rest.isEmpty || rest.first == 0x3A && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
  }

  func equals(_ other: String) -> Bool {
    name.count == other.utf8.count && zip(name, other.utf8).allSatisfy { lowercased($0) == $1 }
  }

  func ends(in suffix: String) -> Bool {
    name.count > suffix.utf8.count
      && zip(name.suffix(suffix.utf8.count), suffix.utf8).allSatisfy { lowercased($0) == $1 }
  }
}

/// The lower-case letter of an upper-case ASCII letter; other bytes as they are.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
  byte &- 0x41 < 26 ? byte | 0x20 : byte
}
