import Accounts
import PasswordHashing

extension PasswordHash {
  /// The hash that another program kept, in the form in which it can be checked here; `nil` for one that can't be.
  ///
  /// Argon2id in the PHC string format, bcrypt, and Django's `pbkdf2_sha256$`, `bcrypt_sha256$`, `argon2$` and
  /// `bcrypt$`, of which the last two name the sort before a hash that says by itself what it is.
  init?(importing text: String) {
    let bytes = text.utf8
    let named = ["argon2$argon2id$": 6, "bcrypt$$2": 7].first { bytes.starts(with: $0.key.utf8) }
    let hash = String(decoding: bytes.dropFirst(named?.value ?? 0), as: UTF8.self)
    guard let stored = StoredPassword(hash) else { return nil }
    self.init(stored.text)
  }
}
