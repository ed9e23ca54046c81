/// A network of addresses: "10.0.0.0/8", "fd00::/8", or a single address.
public struct IPNetwork: Sendable, Hashable {
  /// The network as it was written.
  public let text: String
  private let high: UInt64
  private let low: UInt64
  private let highMask: UInt64
  private let lowMask: UInt64

  /// Reads CIDR notation (RFC 4632); `nil` for a malformed address or prefix, and for bits set behind the prefix, which
  /// would mean that something else was meant.
  public init?(_ text: String) {
    let parts = Array(text.utf8).split(separator: 0x2F, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let address = IPAddress(parts[0]) else { return nil }
    let isMapped = !parts[0].contains(0x3A)
    var bits = isMapped ? 32 : 128
    if parts.count == 2 {
      let digits = parts[1]
      guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      let given = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      guard given <= bits, digits.count == 1 || digits.first != 0x30 else { return nil }
      bits = given
    }
    if isMapped { bits += 96 }
    highMask = bits == 0 ? 0 : bits >= 64 ? .max : .max << UInt64(64 - bits)
    lowMask = bits <= 64 ? 0 : .max << UInt64(128 - bits)
    self.text = text
    high = address.high
    low = address.low
    guard high & ~highMask == 0, low & ~lowMask == 0 else { return nil }
  }

  /// Whether `address` is in it.
  public func contains(_ address: IPAddress) -> Bool {
    address.high & highMask == high && address.low & lowMask == low
  }
}

extension IPNetwork: CustomStringConvertible {
  /// The network as it was written.
  public var description: String { text }
}
