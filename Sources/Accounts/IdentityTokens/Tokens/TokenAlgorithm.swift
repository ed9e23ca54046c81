public import Cryptography

/// A signature algorithm by its name in a token's header (RFC 7518 section 3.1, RFC 8037 section 3.1).
///
/// There is no `none` and there are no keyed digests (`HS256`): an issuer's key is public, and whoever took it for the
/// secret of a keyed digest would believe everybody.
public enum TokenAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// RSASSA-PKCS1-v1_5 with SHA-256.
  case rs256 = "RS256"
  /// RSASSA-PKCS1-v1_5 with SHA-384.
  case rs384 = "RS384"
  /// RSASSA-PKCS1-v1_5 with SHA-512.
  case rs512 = "RS512"
  /// RSASSA-PSS with SHA-256.
  case ps256 = "PS256"
  /// RSASSA-PSS with SHA-384.
  case ps384 = "PS384"
  /// RSASSA-PSS with SHA-512.
  case ps512 = "PS512"
  /// ECDSA on P-256 with SHA-256.
  case es256 = "ES256"
  /// ECDSA on P-384 with SHA-384.
  case es384 = "ES384"
  /// Ed25519.
  case edDSA = "EdDSA"

  /// How it signs.
  public var scheme: SignatureScheme {
    switch self {
    case .rs256: .rsaPKCS1SHA256
    case .rs384: .rsaPKCS1SHA384
    case .rs512: .rsaPKCS1SHA512
    case .ps256: .rsaPSSSHA256
    case .ps384: .rsaPSSSHA384
    case .ps512: .rsaPSSSHA512
    case .es256: .ecdsaP256SHA256
    case .es384: .ecdsaP384SHA384
    case .edDSA: .ed25519
    }
  }
}
