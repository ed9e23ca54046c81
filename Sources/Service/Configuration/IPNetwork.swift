/// A block of addresses in CIDR notation, such as "10.0.0.0/8"; an address alone is a block of one.
public struct IPNetwork: Sendable, Hashable {
  /// The block as it was written.
  public let text: String

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
      guard parts[1].count <= 3, parts[1].count == 1 || parts[1].first != UInt8(ascii: "0"),
        let value = Digits.integer(parts[1]), value <= width
      else { return nil }
      length = Int(value)
    }
    self.text = text
    // What is compared later are these bits of 128.
    let prefix = isMapped ? length + 96 : length
    for bit in prefix..<128 where first.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
  }
}

extension IPNetwork: CustomStringConvertible {
  /// The block as it was written.
  public var description: String { text }
}
