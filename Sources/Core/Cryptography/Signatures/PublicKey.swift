import CCrypto

/// A public key that verifies signatures.
///
/// Whatever its numbers are, making one and verifying with it never traps: both come from outside.
public final class PublicKey: Sendable {
  /// What kind of key it is.
  public let kind: SignatureKeyKind
  private let handle: KeyHandle

  /// The fewest and the most bits of an RSA modulus: below, it can be factored; above, verifying costs milliseconds.
  public static let modulusBits = 2048...8192

  private init(kind: SignatureKeyKind, handle: consuming KeyHandle) {
    self.kind = kind
    self.handle = handle
  }

  /// An RSA key from big-endian bytes, in which leading zeros don't count.
  ///
  /// `nil` unless the modulus is odd and of 2048 to 8192 bits, and the exponent odd, at least 3 and below 2³².
  public convenience init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
    let modulus = modulus.drop { $0 == 0 }
    let exponent = exponent.drop { $0 == 0 }
    guard let highest = modulus.first, let lowest = modulus.last, lowest & 1 == 1,
      Self.modulusBits.contains(modulus.count * 8 - highest.leadingZeroBitCount),
      (1...4).contains(exponent.count), let last = exponent.last, last & 1 == 1,
      exponent.count > 1 || last >= 3
    else { return nil }
    // SubjectPublicKeyInfo with rsaEncryption (RFC 3279 section 2.3.1).
    let algorithm: [UInt8] = [
      0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    let numbers = DER.sequence(DER.integer(modulus) + DER.integer(exponent))
    guard let handle = KeyHandle.publicKey(der: DER.sequence(algorithm + DER.bitString(numbers))) else { return nil }
    self.init(kind: .rsa, handle: handle)
  }

  /// A key of P-256 or P-384 from the coordinates of its point.
  ///
  /// `nil` for another kind, for coordinates that are not of the curve's exact length, and for a point that is not on
  /// the curve.
  public convenience init?(_ kind: SignatureKeyKind, x: [UInt8], y: [UInt8]) {
    guard let curve = kind.curve, x.count == curve.length, y.count == curve.length else { return nil }
    let info = DER.sequence(curve.algorithmDER + DER.bitString([0x04] + x + y))
    guard let handle = KeyHandle.publicKey(der: info) else { return nil }
    self.init(kind: kind, handle: handle)
  }

  /// A key of Ed25519; `nil` unless there are 32 bytes.
  public convenience init?(ed25519 bytes: [UInt8]) {
    guard bytes.count == 32, let handle = KeyHandle.ed25519(bytes) else { return nil }
    self.init(kind: .ed25519, handle: handle)
  }

  /// Whether `signature` was made of `message` with the private half, by that scheme.
  ///
  /// `false` also for a scheme of another kind of key, and for an ECDSA signature that is not r and s of the exact
  /// length, each from 1 to the order less 1.
  ///
  /// Costs some 15 µs with RSA of 2048 bits, 60 µs with P-256, 100 µs with Ed25519 and 800 µs with P-384 (measured by
  /// `openssl speed`): little enough for an event loop's thread.
  public func verifies(_ signature: [UInt8], of message: [UInt8], by scheme: SignatureScheme) -> Bool {
    guard scheme.keyKind == kind else { return false }
    var signature = signature
    if let curve = kind.curve {
      guard let der = ECDSASignature.der(raw: signature, on: curve) else { return false }
      signature = der
    }
    guard let operation = DigestOperation(), operation.beginVerifying(handle, scheme) else {
      OpenSSLErrors.forget()
      return false
    }
    // Zero and negative both mean no (https://docs.openssl.org/3.0/man3/EVP_DigestVerifyInit/).
    let isGenuine =
      unsafe EVP_DigestVerify(operation.pointer, signature, signature.count, message, message.count) == 1
    if !isGenuine { OpenSSLErrors.forget() }
    return isGenuine
  }
}
