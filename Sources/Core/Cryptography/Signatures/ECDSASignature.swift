/// The two forms of an ECDSA signature: r and s side by side, as JWS has it (RFC 7518 section 3.4), and the DER that
/// OpenSSL takes and gives (RFC 3279 section 2.2.3).
enum ECDSASignature {
  /// The DER of r and s, or `nil` if they are not of the exact length or not from 1 to the order less 1.
  static func der(raw: [UInt8], on curve: ECDSACurve) -> [UInt8]? {
    guard raw.count == 2 * curve.length else { return nil }
    let r = raw[..<curve.length]
    let s = raw[curve.length...]
    guard curve.isScalar(r), curve.isScalar(s) else { return nil }
    return DER.sequence(DER.integer(r) + DER.integer(s))
  }

  /// r and s of the curve's length, or `nil` if that is not what the DER holds.
  static func raw(der: [UInt8], on curve: ECDSACurve) -> [UInt8]? {
    var rest = der[...]
    guard rest.popFirst() == 0x30, let length = rest.popFirst(), Int(length) == rest.count else { return nil }
    var raw: [UInt8] = []
    for _ in 0..<2 {
      guard rest.popFirst() == 0x02, let length = rest.popFirst(), Int(length) <= rest.count else { return nil }
      let number = rest.prefix(Int(length)).drop { $0 == 0 }
      rest = rest.dropFirst(Int(length))
      guard number.count <= curve.length else { return nil }
      raw += [UInt8](repeating: 0, count: curve.length - number.count) + number
    }
    return rest.isEmpty ? raw : nil
  }
}
