/// The part of a client's address by which tries are counted.
///
/// An IPv4 address is one client. Whoever has an IPv6 address has the 2^64 of its network (RFC 6177, RFC 4291 section
/// 2.5.4), so those count as one.
enum ClientNetwork {
  /// The canonical text of the address or network; text that is no address stands for itself.
  static func text(of address: String) -> String {
    guard let groups = groups(of: address) else { return address }
    if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
      // An IPv4 client on a socket for both (RFC 4291 section 2.5.5.2).
      return [groups[6] >> 8, groups[6] & 0xFF, groups[7] >> 8, groups[7] & 0xFF].map { String($0) }
        .joined(separator: ".")
    }
    return groups[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }

  /// The eight groups of an IPv6 address (RFC 4291 section 2.2); `nil` if it is none.
  private static func groups(of address: String) -> [UInt16]? {
    // What follows "%" names an interface of this machine (RFC 4007 section 11).
    var bytes = Array(address.utf8.prefix { $0 != 0x25 })[...]
    if bytes.first == 0x5B, bytes.last == 0x5D { bytes = bytes.dropFirst().dropLast() }
    guard (2...45).contains(bytes.count) else { return nil }
    guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == 0x3A && bytes[$0 + 1] == 0x3A }) else {
      guard let groups = list(bytes), groups.count == 8 else { return nil }
      return groups
    }
    // A second "::" leaves an empty part, which no list has.
    guard let front = list(bytes[..<gap]), let back = list(bytes[(gap + 2)...]), front.count + back.count < 8,
      !bytes[..<gap].contains(0x2E)
    else { return nil }
    return front + [UInt16](repeating: 0, count: 8 - front.count - back.count) + back
  }

  /// Groups between colons, of which the last two may be written as an IPv4 address.
  private static func list(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    guard !bytes.isEmpty else { return [] }
    var parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
    var end: [UInt16] = []
    if let last = parts.last, last.contains(0x2E) {
      guard let quad = quad(last) else { return nil }
      end = quad
      parts.removeLast()
    }
    var groups: [UInt16] = []
    for part in parts {
      guard let group = hexadecimal(part) else { return nil }
      groups.append(group)
    }
    return groups + end
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(digits.count) else { return nil }
    var value: UInt16 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
      case 0x41...0x46: value = value << 4 | UInt16(digit - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt16(digit - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }

  private static func quad(_ text: ArraySlice<UInt8>) -> [UInt16]? {
    let numbers = text.split(separator: 0x2E, omittingEmptySubsequences: false).map { part -> UInt16? in
      guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      let number = part.reduce(0) { $0 * 10 + UInt16($1 - 0x30) }
      return number <= 255 ? number : nil
    }
    guard numbers.count == 4, let a = numbers[0], let b = numbers[1], let c = numbers[2], let d = numbers[3] else {
      return nil
    }
    return [a << 8 | b, c << 8 | d]
  }
}
