/// The quoting of strings.
///
/// Escaped are the quotation mark, the backslash and the control characters, as RFC 8259 demands; besides, DEL, the C1
/// controls (a terminal obeys them) and U+2028 and U+2029 (line ends to JavaScript and to some readers of logs).
enum JSONEscaping {
  private static let digits: StaticString = "0123456789abcdef"

  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { unsafe append($0, to: &bytes) }
  }

  static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    if unsafe isPlain(text) {
      unsafe bytes.append(contentsOf: text)
    } else if unsafe isValid(text) {
      unsafe escape(text, to: &bytes)
    } else {
      var repaired = unsafe String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { unsafe escape($0, to: &bytes) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether nothing is to be done.
  ///
  /// Eight bytes at a time: most texts are shorter than what a loop over vectors begins to pay for.
  static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = UnsafeRawBufferPointer(text)
    guard bytes.count >= 8 else {
      // Plain are 0x20 to 0x7E, but two of them.
      for index in bytes.indices {
        let byte = unsafe bytes[index]
        if byte &- 0x20 > 0x5E || byte == 0x22 || byte == 0x5C { return false }
      }
      return true
    }
    var found: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
      found |= marked(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    found |= marked(unsafe bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
    return found == 0
  }

  /// Of eight bytes, sets the highest bit of at least one that is not plain; 0 if all are.
  @inline(__always)
  private static func marked(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ 0x2222_2222_2222_2222
    let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
    // A byte below n borrows when n is taken away, and one of 0x7F or above has its highest bit once 1 is added; a
    // borrow or carry into the next byte comes only from one that is marked itself.
    let low = word &- ones &* 0x20
    let high = (word &+ ones) | word
    return (low | (quote &- ones) | (backslash &- ones) | high) & 0x8080_8080_8080_8080
  }

  private static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    (unsafe try? UTF8Span(validating: text.span)) != nil
  }

  private static func escape(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var index = 0
    while index < text.count {
      let byte = unsafe text[index]
      index += 1
      switch byte {
      case 0x22, 0x5C:
        bytes.append(0x5C)
        bytes.append(byte)
      case 0x08: bytes.append(contentsOf: "\\b".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0C: bytes.append(contentsOf: "\\f".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0..<0x20, 0x7F: append(escape: UInt16(byte), to: &bytes)
      case 0xC2 where unsafe text[index] < 0xA0:
        unsafe append(escape: UInt16(text[index]), to: &bytes)
        index += 1
      case 0xE2 where unsafe text[index] == 0x80 && text[index + 1] & 0xFE == 0xA8:
        unsafe append(escape: 0x2000 | UInt16(text[index + 1] & 0x3F), to: &bytes)
        index += 2
      default: bytes.append(byte)
      }
    }
  }

  private static func append(escape unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] as [UInt16] {
      bytes.append(unsafe digits.utf8Start[Int(unit >> shift & 15)])
    }
  }
}
