/// Text as it stands in a header field's value.
///
/// Visible ASCII characters but "%" stand as they are; every other byte of the text's UTF-8 is percent-encoded (RFC
/// 3986 section 2.1, in upper case). So no two texts look the same, and decoding gives back what was there.
enum HeaderText {
  /// Whether a byte stands as it is.
  static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && byte != 0x25
  }

  /// The value that stands for `text`.
  static func encoded(_ text: String) -> [UInt8] {
    let digits: StaticString = "0123456789ABCDEF"
    var value: [UInt8] = []
    value.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isPlain(byte) {
        value.append(byte)
      } else {
        value.append(0x25)
        value.append(unsafe digits.utf8Start[Int(byte >> 4)])
        value.append(unsafe digits.utf8Start[Int(byte & 15)])
      }
    }
    return value
  }
}
