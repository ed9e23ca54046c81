public import JSON
public import SessionCore

/// What a genuine token of our own says.
public struct SignedTokenClaims: Sendable {
  /// The session that it stands for: the token is worth no more than that session is.
  public let sessionID: SessionID
  /// Whose session it is (`sub`).
  public let userID: ExactText
  /// When it was made, to the second.
  public let issued: Timestamp
  /// When it ends.
  public let expires: Timestamp
  /// All its claims, an object.
  public let claims: JSONValue

  /// Whether the token is still worth what `session` is: it is of that session, which has not ended, and was not made
  /// before the user last proved who they are, to the second.
  ///
  /// A change of the password leaves the user's own session alive; whoever stole its token must not keep what was made
  /// with it.
  public func stands(for session: Session) -> Bool {
    session.id == sessionID && session.userID == userID && session.closeTime == nil
      && session.authTime.map { issued + .seconds(1) > $0 } ?? true
  }
}

/// What reading a token of our own came to.
///
/// A genuine one may still be of a session that has ended: ask for the session by its id.
public enum SignedTokenReading: Sendable {
  /// Signed by us, and its time is not over.
  case genuine(SignedTokenClaims)
  /// Not a text that we make.
  case malformed
  /// Not signed by a key that is accepted.
  case forged
  /// Signed by us, and its time is over.
  case expired
}
