public import SessionCore

/// A password for a new account.
public enum NewPassword: Sendable {
  /// The password itself, exactly as received.
  case plain(String)
  /// The hash that another program kept: Argon2id in the PHC string format, bcrypt, or Django's
  /// `pbkdf2_sha256` and `bcrypt_sha256`.
  case hashed(PasswordHash)
}

/// What became of creating, changing or removing an account.
public enum AccountVerdict: Sendable, Equatable {
  /// It was done; the account as it stands, or stood before it was removed.
  case done(Account)
  /// There is no such account.
  case missing
  /// It is not at the revision that the caller expected; as it stands, `nil` if it is gone.
  case conflict(current: Account?)
  /// Something of it belongs to another account.
  case taken(UniqueMember)
  /// It is the last active administrator, and would not be one any more.
  case lastAdministrator
  /// A member is out of bounds: its name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
  /// Too many passwords are being hashed; come back after that long.
  case busy(retryAfter: TimeSpan)
}

/// What a node knows of an account without asking the store.
public enum CachedAccount: Sendable, Equatable {
  /// The account.
  case account(Account)
  /// There is none of that id.
  case none
  /// Not known here; ``Accounts/account(ofUser:)`` must ask.
  case miss
}
