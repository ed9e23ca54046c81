/// A block of addresses in CIDR notation, such as "10.0.0.0/8"; an address alone is a block of one.
public struct IPNetwork: Sendable, Hashable {
  /// The block as it was written.
  public let text: String
  private let first: IPAddress
  /// How many of the 128 bits must be equal.
  private let prefix: Int

  /// Reads a block; bits behind the prefix must be 0, so that "10.1.2.3/8" is refused for the mistake that it is.
  public init?(_ text: String) {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let start = parts.first,
      let first = IPAddress(String(decoding: start, as: UTF8.self))
    else { return nil }
    // An IPv4 address in its own notation counts its prefix from behind the 96 bits that map it.
    let isMapped = !start.contains(UInt8(ascii: ":"))
    let width = isMapped ? 32 : 128
    var length = width
    if parts.count == 2 {
      guard parts[1].count <= 3, let value = Digits.integer(parts[1]), value <= width else { return nil }
      length = Int(value)
    }
    self.text = text
    self.first = first
    prefix = isMapped ? length + 96 : length
    for bit in prefix..<128 where first.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
  }

  /// Whether the block holds an address, which may be an IPv4 address in either form.
  public func contains(_ address: IPAddress) -> Bool {
    let whole = prefix / 8
    guard address.bytes[..<whole] == first.bytes[..<whole] else { return false }
    guard prefix % 8 != 0 else { return true }
    return (address.bytes[whole] ^ first.bytes[whole]) >> UInt8(8 - prefix % 8) == 0
  }

  /// Whether the block holds the address that `text` is; `false` if it is none.
  public func contains(_ text: String) -> Bool {
    IPAddress(text).map(contains) ?? false
  }
}

extension IPNetwork: CustomStringConvertible {
  /// The block as it was written.
  public var description: String { text }
}
