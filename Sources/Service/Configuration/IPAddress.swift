/// An IPv4 or IPv6 address, read strictly.
struct IPAddress: Sendable, Hashable {
  /// The sixteen bytes of the IPv6 address; an IPv4 address stands as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
  let bytes: [UInt8]
  /// Whether it is an IPv4 address, in either form.
  let isIPv4: Bool

  private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

  /// Reads an address; no leading zeros, no zone, no brackets.
  init?(_ text: some StringProtocol) {
    let text = Array(text.utf8)
    if let four = Self.parseIPv4(text[...]) {
      bytes = Self.mappedPrefix + four
      isIPv4 = true
    } else if let sixteen = Self.parseIPv6(text) {
      bytes = sixteen
      isIPv4 = sixteen.starts(with: Self.mappedPrefix)
    } else {
      return nil
    }
  }

  private static func parseIPv4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard part.count <= 3, let value = Digits.integer(part), part.count == 1 || part.first != UInt8(ascii: "0"),
        let byte = UInt8(exactly: value)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func parseIPv6(_ text: [UInt8]) -> [UInt8]? {
    let colon = UInt8(ascii: ":")
    guard text.count >= 2 else { return nil }
    if let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) {
      guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...], mayEndInIPv4: true),
        head.count + tail.count <= 14
      else { return nil }
      return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }
    guard let all = groups(text[...], mayEndInIPv4: true), all.count == 16 else { return nil }
    return all
  }

  private static func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = false) -> [UInt8]? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count <= 8 else { return nil }
    var bytes: [UInt8] = []
    for (index, part) in parts.enumerated() {
      if mayEndInIPv4, index == parts.count - 1, let four = parseIPv4(part) {
        bytes += four
        continue
      }
      guard (1...4).contains(part.count) else { return nil }
      var value: UInt16 = 0
      for digit in part {
        guard let nibble = Digits.hexadecimal(digit) else { return nil }
        value = value << 4 | UInt16(nibble)
      }
      bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
    return bytes
  }
}
