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

  /// Whether nothing is to be done; without branches inside, so that it runs on many bytes at once.
  private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var found: UInt8 = 0
    for index in text.indices {
      let byte = unsafe text[index]
      // Plain are 0x20 to 0x7E, but two of them.
      found |= byte &- 0x20 > 0x5E ? 1 : 0
      found |= byte == 0x22 ? 1 : 0
      found |= byte == 0x5C ? 1 : 0
    }
    return found == 0
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
