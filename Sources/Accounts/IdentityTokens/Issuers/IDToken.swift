public import JSON
public import SessionCore

/// What a genuine id token says.
public struct IDToken: Sendable {
  /// The issuer's name in the settings.
  public let issuerName: String
  /// The issuer as the token says it, with the tenant's id where there is one.
  public let issuer: ExactText
  /// Who the user is at the issuer: 1 to 255 bytes.
  public let subject: ExactText
  /// From when on the token is refused; whoever refuses replays must remember it that long.
  public let end: Timestamp
  /// When it was issued.
  public let issued: Timestamp
  /// All its claims, an object.
  public let claims: JSONValue

  /// When the user proved who they are, if the token says so and it is a time.
  public var authTime: Timestamp? { claims["auth_time"].flatMap { NumericDate.time($0) } }

  /// The address, whether or not the issuer vouches for it.
  public var email: String? { text("email") }

  /// What the issuer says of the address; `nil` if nothing.
  ///
  /// Apple's tokens say it as a string.
  public var isEmailVerified: Bool? {
    guard let claim = claims["email_verified"] else { return nil }
    if let value = claim.boolean { return value }
    return switch claim.string {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// The claim of that name if it is a text that is not empty, such as "name" or "picture".
  public func text(_ name: StaticString) -> String? {
    guard let text = claims[name]?.string, !text.isEmpty else { return nil }
    return text
  }
}

/// What became of verifying an id token.
public enum IDTokenVerdict: Sendable {
  /// It is genuine and for us.
  case genuine(IDToken)
  /// It is not; the cause is for the operator alone.
  case refused(TokenRefusal)
  /// The issuer's keys can't be had now, so nobody knows; come back after that long.
  case unavailable(retryAfter: TimeSpan)
}
