internal import Cryptography

/// A hash of PBKDF2 as Django's text says it: `pbkdf2_sha256$1000000$salt$`, and 32 bytes in Base64.
///
/// New passwords never get one. Reading is strict: an iteration count of digits alone, without a leading zero and at
/// most 2,000,000, which take a core about as long as the most costly Argon2; a salt of 1 to 128 visible characters;
/// padding as it must be, and spare bits that are not set.
struct PBKDF2Hash: Sendable, Equatable {
  /// The most iterations of a hash that is checked.
  static let mostIterations = 2_000_000

  let text: String
  let iterations: Int
  let salt: [UInt8]
  let key: [UInt8]

  /// Reads a hash; `nil` unless it is one.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 256 else { return nil }
    let fields = bytes.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    guard fields.count == 4, fields[0].elementsEqual("pbkdf2_sha256".utf8),
      let iterations = Self.number(fields[1]), (1...Self.mostIterations).contains(iterations),
      (1...128).contains(fields[2].count), fields[2].allSatisfy({ (0x21...0x7E).contains($0) }),
      fields[3].last == UInt8(ascii: "="), let key = PHCBase64.decode(fields[3].dropLast()), key.count == 32
    else { return nil }
    self.text = text
    self.iterations = iterations
    salt = Array(fields[2])
    self.key = key
  }

  /// Whether the password is the hash's own; `nil` if the system has no memory to tell.
  func matches(_ password: SecretBytes) -> Bool? {
    PBKDF2.key(of: password, salt: salt, iterations: iterations).map { ConstantTime.areEqual($0, key) }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
