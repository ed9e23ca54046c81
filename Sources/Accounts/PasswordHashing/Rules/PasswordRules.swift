/// What a new password must be (NIST SP 800-63B-4 section 3.1.1.2).
///
/// Eight Unicode scalars at least and 1,024 bytes at most, of any kind and in any mixture; but not one of the common
/// passwords, not the user's or the service's own name, and not a run of one character or of neighbours.
public struct PasswordRules: Sendable {
  /// The fewest Unicode scalars.
  public static let fewestScalars = 8
  /// The most bytes of UTF-8.
  public static let mostBytes = 1_024

  /// What no password here may be whatever the user is called, such as the service's name.
  public let forbidden: [String]

  /// Rules, with words that no password may be.
  public init(forbidden: [String] = []) { self.forbidden = forbidden }

  /// Why a password is not acceptable, as a sentence for its user; `nil` if it is.
  ///
  /// - Parameters:
  ///   - password: exactly as received.
  ///   - context: the user's e-mail address, user name and names; of an address the part before the @ counts too.
  ///     Letters of ASCII are compared without their case.
  /// - Returns: what it must be instead.
  public func refusal(of password: String, context: [String]) -> String? {
    guard password.utf8.count <= Self.mostBytes else { return "A password has at most 1,024 bytes (in UTF-8)." }
    guard password.unicodeScalars.count >= Self.fewestScalars else {
      return "A password has at least 8 characters; a few words that don't belong together make a good one."
    }
    let plain = Self.lowercased(password)
    guard !Self.isRun(password) else {
      return "A password is not the same character again and again, nor a row of neighbours such as 12345678."
    }
    guard !Self.spellings(of: context + forbidden).contains(plain) else {
      return "A password is something else than your name, your address or the name of this service."
    }
    guard !CommonPasswordList.contains(plain) else {
      return "This password is one of the most used, which are tried first; choose one that nobody else has."
    }
    return nil
  }

  /// The bytes that each word, and of an address the part before its last @, would be as a password.
  private static func spellings(of words: [String]) -> [[UInt8]] {
    words.flatMap { word -> [[UInt8]] in
      let plain = lowercased(word)
      guard let at = plain.lastIndex(of: UInt8(ascii: "@")) else { return [plain] }
      return [plain, Array(plain[..<at])]
    }
  }

  /// Bytes, not text: `String` would call two spellings of é equal.
  private static func lowercased(_ text: String) -> [UInt8] {
    text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Whether each scalar follows the one before by the same step: none, one up or one down; after 9 comes 0.
  private static func isRun(_ password: String) -> Bool {
    let scalars = password.unicodeScalars.map { scalar -> Int in
      ("A"..."Z").contains(scalar) ? Int(scalar.value) | 0x20 : Int(scalar.value)
    }
    return [0, 1, -1].contains { step in
      zip(scalars, scalars.dropFirst()).allSatisfy { here, next in
        next == here + step || isTurn(here, next, step)
      }
    }
  }

  private static func isTurn(_ here: Int, _ next: Int, _ step: Int) -> Bool {
    let (zero, nine) = (Int(UInt8(ascii: "0")), Int(UInt8(ascii: "9")))
    return step == 1 && here == nine && next == zero || step == -1 && here == zero && next == nine
  }
}
