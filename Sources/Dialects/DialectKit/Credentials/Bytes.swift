/// Reading header values as bytes.
enum Bytes {
  /// The bytes without spaces and tabs around them; nothing else is white space in a header (RFC 9110 section 5.6.3).
  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }
}
