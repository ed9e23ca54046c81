internal import Cryptography

/// Base64 as PHC strings have it: the standard alphabet, no padding, read strictly (RFC 4648 section 4).
enum PHCBase64 {
  static func encode(_ bytes: [UInt8]) -> String {
    String(
      decoding: Base64URL.encode(bytes).map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
      }, as: UTF8.self)
  }

  /// The bytes of `text`, or `nil` for any other alphabet, padding, an impossible length or spare bits that are set.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var other: [UInt8] = []
    other.reserveCapacity(text.count)
    for byte in text {
      switch byte {
      case UInt8(ascii: "+"): other.append(UInt8(ascii: "-"))
      case UInt8(ascii: "/"): other.append(UInt8(ascii: "_"))
      case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
      default: other.append(byte)
      }
    }
    return Base64URL.decode(other)
  }
}
