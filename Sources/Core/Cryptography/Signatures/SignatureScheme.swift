/// A way to sign: the kind of key, the padding and the digest.
public enum SignatureScheme: Sendable, Hashable, CaseIterable {
  /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2).
  case rsaPKCS1SHA256
  /// RSASSA-PKCS1-v1_5 with SHA-384.
  case rsaPKCS1SHA384
  /// RSASSA-PKCS1-v1_5 with SHA-512.
  case rsaPKCS1SHA512
  /// RSASSA-PSS with SHA-256, MGF1 with the same and a salt as long as the digest (RFC 7518 section 3.5).
  case rsaPSSSHA256
  /// RSASSA-PSS with SHA-384.
  case rsaPSSSHA384
  /// RSASSA-PSS with SHA-512.
  case rsaPSSSHA512
  /// ECDSA on P-256 with SHA-256; the signature is r and s of 32 bytes each (RFC 7518 section 3.4).
  case ecdsaP256SHA256
  /// ECDSA on P-384 with SHA-384; the signature is r and s of 48 bytes each.
  case ecdsaP384SHA384
  /// Ed25519 (RFC 8032).
  case ed25519

  /// The kind of key that it takes.
  public var keyKind: SignatureKeyKind {
    switch self {
    case .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512, .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512: .rsa
    case .ecdsaP256SHA256: .p256
    case .ecdsaP384SHA384: .p384
    case .ed25519: .ed25519
    }
  }

  /// The digest as OpenSSL names it; `nil` for Ed25519, which has its own inside.
  var digestName: String? {
    switch self {
    case .rsaPKCS1SHA256, .rsaPSSSHA256, .ecdsaP256SHA256: "SHA2-256"
    case .rsaPKCS1SHA384, .rsaPSSSHA384, .ecdsaP384SHA384: "SHA2-384"
    case .rsaPKCS1SHA512, .rsaPSSSHA512: "SHA2-512"
    case .ed25519: nil
    }
  }

  var isPSS: Bool {
    switch self {
    case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512: true
    default: false
    }
  }
}

/// A kind of key pair for signatures.
public enum SignatureKeyKind: Sendable, Hashable, CaseIterable {
  /// RSA, of any size.
  case rsa
  /// The curve P-256 (FIPS 186-4).
  case p256
  /// The curve P-384.
  case p384
  /// The curve of Ed25519.
  case ed25519

  /// The curve, for ECDSA.
  var curve: ECDSACurve? {
    switch self {
    case .p256: .p256
    case .p384: .p384
    case .rsa, .ed25519: nil
    }
  }
}
