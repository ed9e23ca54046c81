/// Where the time comes from.
///
/// Tests turn it by hand.
public protocol SessionClock: Sendable {
  /// The time now. Must be cheap (it is read once per request), and should not step back while the process runs.
  func now() -> Timestamp
}

/// Where randomness comes from.
///
/// Must be cryptographically secure outside tests: session ids are made of it.
public protocol RandomSource: Sendable {
  /// Fills `bytes`.
  func fill(_ bytes: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
  /// A new random session id.
  func sessionID() -> SessionID {
    var bits: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &bits) { unsafe fill($0) }
    return SessionID(high: bits.0, low: bits.1)
  }

  /// Twelve new random bytes.
  func nonce() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 12)
    unsafe bytes.withUnsafeMutableBytes { unsafe fill($0) }
    return bytes
  }
}
