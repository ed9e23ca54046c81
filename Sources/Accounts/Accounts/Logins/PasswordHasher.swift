public import SessionCore

/// Hashes and checks passwords, with bounded memory and threads.
public protocol PasswordHasher: Sendable {
  /// Why a new password is not acceptable, as a sentence for its user; `nil` if it is.
  ///
  /// - Parameters:
  ///   - password: exactly as received.
  ///   - context: words that it may not consist of, such as the user's own name and address.
  /// - Returns: what it must be instead.
  func refusal(ofNew password: String, context: [String]) -> String?

  /// Hashes a password with a new salt.
  func hash(_ password: String) async -> HashingOutcome

  /// Checks a password.
  ///
  /// Without a hash it works as long as with one, and answers ``PasswordVerdict/wrong``.
  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict
}

/// What became of hashing.
public enum HashingOutcome: Sendable, Equatable {
  /// The hash.
  case hashed(PasswordHash)
  /// Too many are waiting; come back after that long.
  case busy(retryAfter: TimeSpan)
}

/// What became of checking a password.
public enum PasswordVerdict: Sendable, Equatable {
  /// It is right; with a hash to keep instead, if the one given is of weaker parameters than today's.
  case right(upgrade: PasswordHash?)
  /// It is not, or there is none.
  case wrong
  /// Too many are waiting; come back after that long.
  case busy(retryAfter: TimeSpan)
}
