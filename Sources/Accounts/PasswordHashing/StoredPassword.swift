internal import Cryptography

/// A password's hash as it is stored or brought from elsewhere, known to be one that can be checked.
///
/// Prints as "redacted".
public struct StoredPassword: Sendable {
  enum Kind: Sendable, Equatable {
    case argon2(Argon2Hash)
    case bcrypt(BcryptHash)
    case digestedBcrypt(DigestedBcryptHash)
    case pbkdf2(PBKDF2Hash)
  }

  let kind: Kind

  /// The text, exactly as it was read.
  public var text: String {
    switch kind {
    case .argon2(let hash): hash.text
    case .bcrypt(let hash): hash.text
    case .digestedBcrypt(let hash): hash.text
    case .pbkdf2(let hash): hash.text
    }
  }

  /// Reads the text of a hash.
  ///
  /// Argon2id in the PHC format (version 19; salt of 8 to 48 bytes, tag of 16 to 64, at most 256 MiB, 16 passes and 16
  /// lanes, and 1 GiB of memory times passes), bcrypt ($2a$, $2b$, $2y$, cost 4 to 16), or two forms of Django's:
  /// bcrypt_sha256 of the same costs, and pbkdf2_sha256 of at most 2,000,000 iterations. `nil` for all else.
  public init?(_ text: String) {
    if let hash = Argon2Hash(text) {
      kind = .argon2(hash)
    } else if let hash = BcryptHash(text) {
      kind = .bcrypt(hash)
    } else if let hash = DigestedBcryptHash(text) {
      kind = .digestedBcrypt(hash)
    } else if let hash = PBKDF2Hash(text) {
      kind = .pbkdf2(hash)
    } else {
      return nil
    }
  }

  init(_ hash: Argon2Hash) { kind = .argon2(hash) }

  /// Whether a new hash under `today` would be harder to guess; true of every hash that is not Argon2's.
  public func isWeaker(than today: Argon2Parameters) -> Bool {
    switch kind {
    case .argon2(let hash): hash.isWeaker(than: today)
    case .bcrypt, .digestedBcrypt, .pbkdf2: true
    }
  }

  /// Whether the password is the one; `nil` if the system has no memory to tell.
  func matches(_ password: SecretBytes) -> Bool? {
    switch kind {
    case .argon2(let hash):
      Argon2.tag(password, salt: hash.salt, parameters: hash.parameters, length: hash.tag.count)
        .map { ConstantTime.areEqual($0, hash.tag) }
    case .bcrypt(let hash):
      Bcrypt.matches(password, hash)
    case .digestedBcrypt(let hash):
      hash.matches(password)
    case .pbkdf2(let hash):
      hash.matches(password)
    }
  }
}

extension StoredPassword: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
