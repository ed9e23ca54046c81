internal import Cryptography

/// An Argon2id hash as its PHC string says it: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`.
///
/// Reading is strict: one text for each value, so that `Argon2Hash(text)?.text` is `text` or `nil`. Refused are other
/// kinds of Argon2, other versions than 19, parameters out of order or unknown (`keyid` and `data` too), leading zeros,
/// signs, padding and spare bits of Base64 that are set.
struct Argon2Hash: Sendable, Equatable {
  static let saltLength = 16
  static let tagLength = 32

  let parameters: Argon2Parameters
  let salt: [UInt8]
  let tag: [UInt8]

  init(parameters: Argon2Parameters, salt: [UInt8], tag: [UInt8]) {
    self.parameters = parameters
    self.salt = salt
    self.tag = tag
  }

  /// Reads a PHC string; `nil` unless it is one, with a salt of 8 to 48 bytes, a tag of 16 to 64, and parameters under
  /// the ceilings.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 256 else { return nil }
    let fields = bytes.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    guard fields.count == 6, fields[0].isEmpty, fields[1].elementsEqual("argon2id".utf8),
      fields[2].elementsEqual("v=19".utf8),
      let parameters = Self.parameters(fields[3]),
      let salt = PHCBase64.decode(fields[4]), (8...48).contains(salt.count),
      let tag = PHCBase64.decode(fields[5]), (16...64).contains(tag.count)
    else { return nil }
    self.init(parameters: parameters, salt: salt, tag: tag)
  }

  /// The PHC string.
  var text: String {
    let costs = "m=\(parameters.memory),t=\(parameters.passes),p=\(parameters.lanes)"
    return "$argon2id$v=19$\(costs)$\(PHCBase64.encode(salt))$\(PHCBase64.encode(tag))"
  }

  /// Whether a new hash under `today` would be harder to guess.
  func isWeaker(than today: Argon2Parameters) -> Bool {
    parameters.isWeaker(than: today) || salt.count < Self.saltLength || tag.count < Self.tagLength
  }

  private static func parameters(_ field: ArraySlice<UInt8>) -> Argon2Parameters? {
    let parts = field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count == 3, let memory = number(parts[0], named: "m"), let passes = number(parts[1], named: "t"),
      let lanes = number(parts[2], named: "p")
    else { return nil }
    return Argon2Parameters(stored: memory, passes, lanes)
  }

  /// The number of "m=19456": digits alone, no leading zero, nine at most, which no ceiling reaches.
  private static func number(_ part: ArraySlice<UInt8>, named name: Unicode.Scalar) -> Int? {
    let digits = part.dropFirst(2)
    guard part.prefix(2).elementsEqual([UInt8(ascii: name), UInt8(ascii: "=")]),
      (1...9).contains(digits.count), digits.first != UInt8(ascii: "0")
    else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
