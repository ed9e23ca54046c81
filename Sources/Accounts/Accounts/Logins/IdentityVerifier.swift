public import SessionCore

/// Verifies id tokens of OpenID providers.
public protocol IdentityVerifier: Sendable {
  /// Verifies a token: signature, issuer, audience, times, and the nonce where one is given.
  func verify(_ token: [UInt8], nonce: String?) async -> IdentityVerdict
}

/// What an id token says, once it is verified.
public struct Identity: Sendable, Equatable {
  /// Who the user is at the provider.
  public var link: IdentityLink
  /// When the token ends; until then it must not be used again.
  public var expires: Timestamp
  /// The address, whether or not the provider vouches for it.
  public var email: EmailAddress?
  /// What the provider says of the address; `nil` if nothing.
  public var isEmailVerified: Bool?
  /// The name by which the provider shows the user (`preferred_username`).
  public var preferredUsername: String?
  /// The full name.
  public var name: String?
  /// The given name.
  public var givenName: String?
  /// The family name.
  public var familyName: String?
  /// The address of a picture.
  public var picture: String?
  /// The time zone's name.
  public var timezone: String?

  /// An identity of which nothing but the link is known.
  public init(link: IdentityLink, expires: Timestamp) {
    self.link = link
    self.expires = expires
  }
}

/// What became of verifying an id token.
public enum IdentityVerdict: Sendable, Equatable {
  /// It is genuine and for us.
  case genuine(Identity)
  /// It is not; the cause in snake_case, for the event log only: "signature", "audience", "expired".
  case refused(cause: String)
  /// The issuer's keys can't be had now; come back after that long.
  case unavailable(retryAfter: TimeSpan)
}
