public import SessionCore

/// What became of a log-in.
public enum LoginVerdict: Sendable {
  /// A session is open; its token, which is shown this once; the account.
  case opened(Session, SessionToken, Account)
  /// Not let in; the same for an unknown user, a wrong password and an account that is not active.
  case refused
  /// Too many tries; come back after that long.
  case wait(retryAfter: TimeSpan)
  /// Too much to do, or the provider's keys can't be had; come back after that long.
  case busy(retryAfter: TimeSpan)
  /// The user has as many live sessions as the policy allows.
  case limitReached(maximum: Int)
  /// A member is out of bounds: its name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
}

/// What became of a change of password by its user.
public enum PasswordChangeVerdict: Sendable {
  /// It is changed; the caller's own session with its new token, the only one that is valid from now on.
  case changed(Session, SessionToken)
  /// The current password is another.
  case wrong
  /// The session is not that of an active account with a password.
  case noPassword
  /// Too many tries; come back after that long.
  case wait(retryAfter: TimeSpan)
  /// Too many passwords are being hashed; come back after that long.
  case busy(retryAfter: TimeSpan)
  /// A member is out of bounds: its name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
}
