/// How our own tokens are signed.
public enum SignedTokenAlgorithm: String, Sendable, Equatable, CaseIterable {
  /// ECDSA on P-256 with SHA-256: whoever has the published key can read the tokens.
  case es256 = "ES256"
  /// HMAC with SHA-256: only who has the key ring can read them, or make them.
  case hs256 = "HS256"
}
