/// The public name of a session: 128 random bits, shown as 26 characters of lowercase Crockford base32.
///
/// Never a credential.
public struct SessionID: Sendable {
  /// The first 64 bits.
  public let high: UInt64
  /// The last 64 bits.
  public let low: UInt64

  /// The length of the text.
  public static let textLength = 26

  /// An id from its bits.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads the canonical text; `nil` for any other length, letter case or character, or a first character above "7".
  public init?(_ text: some Sequence<UInt8>) { self.init(characters: text) }

  /// Reads the canonical text; `nil` for anything else.
  ///
  /// Not generic: a call from another module would go through witness tables byte by byte, which took a quarter of the
  /// time of finding a session in a store.
  public init?(_ text: [UInt8]) { self.init(characters: text) }

  private init?(characters text: some Sequence<UInt8>) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var count = 0
    for byte in text {
      guard count < Self.textLength, let value = Self.value(of: byte), count > 0 || value < 8 else { return nil }
      high = high << 5 | low >> 59
      low = low << 5 | UInt64(value)
      count += 1
    }
    guard count == Self.textLength else { return nil }
    self.init(high: high, low: low)
  }

  /// Reads the canonical text; `nil` for anything else.
  public init?(_ text: String) { self.init(characters: text.utf8) }

  /// The text as ASCII bytes.
  public var text: [UInt8] {
    var text = [UInt8](repeating: 0x30, count: Self.textLength)
    write(to: &text, at: 0)
    return text
  }

  /// Overwrites the 26 bytes at `offset` with ``text``.
  ///
  /// Traps if `bytes` is too short.
  public func write(to bytes: inout [UInt8], at offset: Int) {
    // A constant in the program's text: an array of the type would be looked for anew for each character.
    let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
    var high = high
    var low = low
    for index in stride(from: offset + Self.textLength - 1, through: offset, by: -1) {
      bytes[index] = unsafe alphabet.utf8Start[Int(low & 31)]
      low = low >> 5 | high << 59
      high >>= 5
    }
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x68: byte - 0x61 + 10
    case 0x6A, 0x6B: byte - 0x6A + 18
    case 0x6D, 0x6E: byte - 0x6D + 20
    case 0x70...0x74: byte - 0x70 + 22
    case 0x76...0x7A: byte - 0x76 + 27
    default: nil
    }
  }
}

extension SessionID: Hashable {
  /// Feeds half of the bits: they are random, and no caller chooses them.
  public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

extension SessionID: Comparable, CustomStringConvertible {
  /// Byte order of the texts, which is the order of the bits.
  public static func < (left: SessionID, right: SessionID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The text.
  public var description: String { String(decoding: text, as: UTF8.self) }
}
