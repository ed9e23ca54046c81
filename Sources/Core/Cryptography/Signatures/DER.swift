/// The few forms of DER (X.690) that keys are handed to OpenSSL in.
enum DER {
  /// A SEQUENCE of what is encoded already.
  static func sequence(_ content: [UInt8]) -> [UInt8] { element(0x30, content) }

  /// A positive INTEGER from big-endian bytes: no superfluous zeros, and one in front if the highest bit would make it
  /// negative.
  static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let digits = Array(bytes.drop { $0 == 0 })
    let sign: [UInt8] = (digits.first ?? 0x80) >= 0x80 ? [0] : []
    return element(0x02, sign + digits)
  }

  /// A BIT STRING of whole bytes.
  static func bitString(_ content: [UInt8]) -> [UInt8] { element(0x03, [0] + content) }

  private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    while rest > 0 {
      length.insert(UInt8(rest & 0xFF), at: 0)
      rest >>= 8
    }
    if content.count >= 0x80 { length.insert(0x80 | UInt8(length.count), at: 0) }
    return [tag] + (length.isEmpty ? [0] : length) + content
  }
}
