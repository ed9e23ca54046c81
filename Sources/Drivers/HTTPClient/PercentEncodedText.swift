/// Text as it may stand in one part of a path, a query or a form.
public enum PercentEncodedText {
  /// The text with everything percent-encoded but letters, digits and "-._~" (RFC 3986 section 2.3).
  ///
  /// Forms read it as any other encoding of theirs (URL Standard section 5).
  public static func encode(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.append(byte)
      default: encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
