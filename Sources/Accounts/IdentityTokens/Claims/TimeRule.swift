import JSON
import SessionCore

/// The token's time must be now, give or take what clocks differ (RFC 7519 section 4.1, OpenID Connect Core section
/// 3.1.3.7, steps 9 and 10).
struct TimeRule {
  let skew: TimeSpan
  let maximumAge: TimeSpan

  /// The times of a token that is accepted.
  struct Times {
    /// From when on it is refused; not later than its greatest age allows.
    var end: Timestamp
    var issued: Timestamp
  }

  /// `exp` and `iat` must be there; `nbf` counts if it is.
  func check(_ claims: JSONValue, now: Timestamp) throws(TokenRefusal) -> Times {
    let expires = try NumericDate.required(claims["exp"])
    let issued = try NumericDate.required(claims["iat"])
    let begins = try NumericDate.time(ifPresent: claims["nbf"])
    guard now < expires + skew else { throw .expired }
    if let begins, begins > now + skew { throw .notYetValid }
    guard issued <= now + skew, now < issued + maximumAge + skew else { throw .issuedAt }
    return Times(end: min(expires, issued + maximumAge) + skew, issued: issued)
  }
}
