/// Why a token is not believed; the raw value is for the operator's eyes, never for the client's.
@nonexhaustive
public enum TokenRefusal: String, Error, Sendable, Hashable, CaseIterable {
  /// Too long, not three parts, not base64url in its canonical form, or not strictly JSON objects.
  case malformed
  /// A header member of the wrong kind.
  case header
  /// A `typ` that is not that of an id token.
  case type
  /// A `crit`: it demands something that is not understood here, whatever it is.
  case critical
  /// A key, or an address of one, that the token brings along.
  case embeddedKey = "embedded_key"
  /// An `alg` that is not accepted.
  case algorithm
  /// Nobody whose tokens are accepted says to have issued it.
  case issuer
  /// A `tid` that is missing, no tenant's id, or not of an accepted tenant.
  case tenant
  /// The issuer has no key of that `kid`, or without a `kid` not exactly one that fits.
  case unknownKey = "unknown_key"
  /// The issuer's key of that `kid` is not for that `alg`.
  case keyMismatch = "key_mismatch"
  /// Not signed with the issuer's key.
  case signature
  /// A claim that is needed is missing, or one is of the wrong kind or out of range.
  case claims
  /// Not meant for us.
  case audience
  /// Issued to somebody else (`azp`).
  case authorizedParty = "authorized_party"
  /// Its time is over.
  case expired
  /// Its time has not come (`nbf`).
  case notYetValid = "not_yet_valid"
  /// Issued in the future, or too long ago (`iat`).
  case issuedAt = "issued_at"
  /// Not the nonce that was asked for.
  case nonce
  /// A subject that is missing, empty or longer than 255 bytes.
  case subject
}
