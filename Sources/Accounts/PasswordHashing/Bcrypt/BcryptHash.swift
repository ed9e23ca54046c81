/// A bcrypt hash as its text says it, brought from elsewhere: `$2b$12$`, 22 characters of salt, 31 of hash.
///
/// New passwords never get one: bcrypt ends a password at its first NUL and its 72nd byte. Reading is strict: versions
/// 2a, 2b and 2y, costs 4 to 16, and spare bits that are not set.
struct BcryptHash: Sendable, Equatable {
  /// The longest password that bcrypt sees whole, in bytes.
  static let longestPassword = 72

  let text: String

  /// Reads a hash; `nil` unless it is one.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 60, bytes[0] == UInt8(ascii: "$"), bytes[1] == UInt8(ascii: "2"),
      "aby".utf8.contains(bytes[2]), bytes[3] == UInt8(ascii: "$"), bytes[6] == UInt8(ascii: "$"),
      Self.isCost(bytes[4], bytes[5]), bytes[7...].allSatisfy({ Self.value($0) != nil }),
      // 22 characters are 132 bits for a salt of 128, and 31 are 186 for a hash of 184.
      let salt = Self.value(bytes[28]), salt & 0b1111 == 0, let hash = Self.value(bytes[59]), hash & 0b11 == 0
    else { return nil }
    self.text = String(text)
  }

  private static func isCost(_ tens: UInt8, _ ones: UInt8) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard digits.contains(tens), digits.contains(ones) else { return false }
    return (4...16).contains(Int(tens - UInt8(ascii: "0")) * 10 + Int(ones - UInt8(ascii: "0")))
  }

  /// The six bits of a character in bcrypt's alphabet: `./A-Za-z0-9`.
  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "."): 0
    case UInt8(ascii: "/"): 1
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A") + 2
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 28
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 54
    default: nil
    }
  }
}
