import CCrypto

/// A private key that signs; prints as "redacted".
public final class SigningKey: Sendable {
  /// What kind of key it is.
  public let kind: SignatureKeyKind
  private let handle: KeyHandle

  private init(kind: SignatureKeyKind, handle: consuming KeyHandle) {
    self.kind = kind
    self.handle = handle
  }

  /// A new pair from the system's randomness.
  ///
  /// `bits` is the size of an RSA modulus, at least 512, and counts for no other kind; a size that ``PublicKey``
  /// refuses is made all the same. Ends the process if OpenSSL makes none, as it does when there is no entropy.
  public static func generate(_ kind: SignatureKeyKind, bits: Int = 2048) -> SigningKey {
    guard let handle = KeyHandle.generate(kind, bits: Int32(clamping: bits)) else {
      preconditionFailure("OpenSSL makes no key")
    }
    return SigningKey(kind: kind, handle: handle)
  }

  /// The key of P-256 with that private number, 32 big-endian bytes; `nil` unless it is from 1 to the order less 1.
  public convenience init?(p256Scalar scalar: borrowing SecretBytes) {
    let bytes = unsafe scalar.withUnsafeBytes { unsafe Array($0) }
    guard ECDSACurve.p256.isScalar(bytes) else { return nil }
    // ECPrivateKey (RFC 5915): version 1, the number, and the curve's name; OpenSSL computes the point.
    let der: [UInt8] =
      [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20] + bytes
      + [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    guard let handle = KeyHandle.ellipticPrivateKey(der: der) else { return nil }
    self.init(kind: .p256, handle: handle)
  }

  /// The signature of `message`, or `nil` for a scheme of another kind of key or an RSA modulus too small for it.
  ///
  /// With ECDSA it is r and s of the exact length.
  public func signature(of message: [UInt8], by scheme: SignatureScheme) -> [UInt8]? {
    guard scheme.keyKind == kind, let operation = DigestOperation(), operation.beginSigning(handle, scheme) else {
      OpenSSLErrors.forget()
      return nil
    }
    var length = 0
    guard unsafe EVP_DigestSign(operation.pointer, nil, &length, message, message.count) == 1 else {
      OpenSSLErrors.forget()
      return nil
    }
    let room = length
    let signature = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      var written = room
      let isDone = unsafe EVP_DigestSign(operation.pointer, buffer.baseAddress, &written, message, message.count) == 1
      count = isDone ? written : 0
    }
    guard !signature.isEmpty else {
      OpenSSLErrors.forget()
      return nil
    }
    guard let curve = kind.curve else { return signature }
    return ECDSASignature.raw(der: signature, on: curve)
  }

  /// The numbers of the public half.
  public var publicNumbers: PublicKeyNumbers {
    switch kind {
    case .rsa: return .rsa(modulus: handle.number("n"), exponent: handle.number("e"))
    case .ed25519: return .ed25519(Array(handle.publicDER.suffix(32)))
    case .p256, .p384:
      let length = kind.curve?.length ?? 0
      // A SubjectPublicKeyInfo ends with the point: 4, x and y.
      let point = Array(handle.publicDER.suffix(2 * length))
      return .elliptic(x: Array(point.prefix(length)), y: Array(point.suffix(length)))
    }
  }
}

/// The numbers that make up a public key, in big-endian bytes.
public enum PublicKeyNumbers: Sendable, Equatable {
  /// RSA's, without leading zeros.
  case rsa(modulus: [UInt8], exponent: [UInt8])
  /// A point's, of the curve's exact length.
  case elliptic(x: [UInt8], y: [UInt8])
  /// The 32 bytes of Ed25519.
  case ed25519([UInt8])
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
