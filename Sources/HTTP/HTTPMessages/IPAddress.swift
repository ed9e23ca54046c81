/// An IP address as 128 bits; an IPv4 address, also one written as IPv6 (`::ffff:1.2.3.4`), as its mapped IPv6 address.
public struct IPAddress: Sendable, Hashable {
  /// The first 64 bits.
  public let high: UInt64
  /// The last 64 bits.
  public let low: UInt64

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads an address strictly: `nil` for leading zeros or other number forms in IPv4, a zone, a port or brackets.
  public init?(_ text: some Collection<UInt8>) {
    if text.contains(0x3A) {
      guard let address = Self.version6(text) else { return nil }
      self = address
    } else {
      guard let address = Self.version4(text) else { return nil }
      self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(address))
    }
  }

  /// Reads an address; see the initialiser from bytes.
  public init?(_ text: String) { self.init(text.utf8) }

  /// Whether it is of this machine: 127.0.0.0/8 or `::1`.
  public var isLoopback: Bool { high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F) }

  private static func version4(_ text: some Collection<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var part: UInt32?
    var parts = 0
    for byte in text {
      if byte == 0x2E {
        guard let value = part, parts < 3 else { return nil }
        address = address << 8 | value
        part = nil
        parts += 1
      } else {
        guard (0x30...0x39).contains(byte), part != 0 else { return nil }
        let value = (part ?? 0) * 10 + UInt32(byte - 0x30)
        guard value < 256 else { return nil }
        part = value
      }
    }
    guard let last = part, parts == 3 else { return nil }
    return address << 8 | last
  }

  /// RFC 4291 section 2.2: eight groups, one run of zeros as "::", the last two groups also as IPv4.
  private static func version6(_ text: some Collection<UInt8>) -> IPAddress? {
    var before: (high: UInt64, low: UInt64) = (0, 0)
    var after: (high: UInt64, low: UInt64) = (0, 0)
    var counts = (before: 0, after: 0)
    var isShortened = false
    var rest = text[...]
    func push(_ group: UInt64) {
      if isShortened {
        after = (after.high << 16 | after.low >> 48, after.low << 16 | group)
        counts.after += 1
      } else {
        before = (before.high << 16 | before.low >> 48, before.low << 16 | group)
        counts.before += 1
      }
    }
    if rest.starts(with: [0x3A, 0x3A]) {
      isShortened = true
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      guard counts.before + counts.after < 8 else { return nil }
      let end = rest.firstIndex(of: 0x3A) ?? rest.endIndex
      let group = rest[..<end]
      if end == rest.endIndex, let address = version4(group) {
        push(UInt64(address >> 16))
        push(UInt64(address & 0xFFFF))
        break
      }
      guard let value = hexadecimal(group) else { return nil }
      push(value)
      guard end < rest.endIndex else { break }
      rest = rest[rest.index(after: end)...]
      guard let next = rest.first else { return nil }
      if next == 0x3A {
        guard !isShortened else { return nil }
        isShortened = true
        rest = rest.dropFirst()
      }
    }
    let count = counts.before + counts.after
    guard isShortened ? count < 8 : count == 8 else { return nil }
    // What stands before the "::" moves to the front.
    let shift = UInt64((8 - counts.before) * 16)
    let front: (high: UInt64, low: UInt64) =
      shift >= 128
      ? (0, 0)
      : shift >= 64
        ? (before.low << (shift - 64), 0)
        : (shift == 0 ? before.high : before.high << shift | before.low >> (64 - shift), before.low << shift)
    return IPAddress(high: front.high | after.high, low: front.low | after.low)
  }

  private static func hexadecimal(_ group: some Collection<UInt8>) -> UInt64? {
    guard (1...4).contains(group.count) else { return nil }
    var value: UInt64 = 0
    for byte in group {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt64(byte - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt64(byte - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }
}
