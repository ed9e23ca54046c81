/// Base64 with the URL-safe alphabet and no padding (RFC 4648 section 5), read strictly.
public enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
    return table
  }()

  /// The length of the text for `count` bytes.
  public static func encodedLength(_ count: Int) -> Int { (count * 8 + 5) / 6 }

  /// The text of `bytes`, as ASCII.
  public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] { encode(array: Array(bytes)) }

  // Not generic: from another module a generic loop goes through witness tables byte by byte, and every token passes
  // here.
  private static func encode(array bytes: [UInt8]) -> [UInt8] {
    let alphabet = alphabet
    return unsafe [UInt8](unsafeUninitializedCapacity: encodedLength(bytes.count)) { text, count in
      var bits: UInt32 = 0
      var held = 0
      for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        held += 8
        while held >= 6 {
          held -= 6
          unsafe text[count] = alphabet[Int(bits >> UInt32(held) & 63)]
          count += 1
        }
      }
      guard held > 0 else { return }
      unsafe text[count] = alphabet[Int(bits << UInt32(6 - held) & 63)]
      count += 1
    }
  }

  /// The bytes of `text`, or `nil` for any other alphabet, padding, an impossible length or spare bits that are set.
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var held = 0
    for character in text {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    guard bits & ((1 << UInt32(held)) - 1) == 0 else { return nil }
    return bytes
  }
}
