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

  /// How long whoever came now would be told to wait; `nil` if there is room. Told without waiting, and at once out of
  /// date: who finds room may be told ``PasswordVerdict/busy(retryAfter:)`` all the same.
  ///
  /// Unless a hasher knows better, there is room.
  var wait: TimeSpan? { get }

  /// Hashes a password with a new salt.
  func hash(_ password: String) async -> HashingOutcome

  /// Checks a password.
  ///
  /// Without a hash it works as long as with one, and answers ``PasswordVerdict/wrong``.
  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict

  /// Whether a hash that another program kept can be verified: one that can't would lock its account out.
  ///
  /// Unless a hasher knows better, whether it begins as one of Argon2id, bcrypt or Django's forms, and is not too long.
  func canVerify(_ hash: PasswordHash) -> Bool
}

extension PasswordHasher {
  /// Nothing: there is room.
  public var wait: TimeSpan? { nil }

  /// Whether the text begins as one of Argon2id, bcrypt or Django's forms, and is no longer than any such.
  public func canVerify(_ hash: PasswordHash) -> Bool {
    let text = hash.text.utf8
    let beginnings = ["$argon2id$", "$2a$", "$2b$", "$2y$", "bcrypt_sha256$$2", "pbkdf2_sha256$"]
    return text.count <= 512 && beginnings.contains { text.starts(with: $0.utf8) }
      && text.allSatisfy { (0x21...0x7E).contains($0) }
  }
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
