internal import Cryptography

/// A bcrypt hash of a password's digest as Django's text says it: `bcrypt_sha256$`, and the hash.
///
/// What bcrypt sees is the password's SHA-256 in 64 hexadecimal digits, so that no password is too long for it.
struct DigestedBcryptHash: Sendable, Equatable {
  private static let prefix = "bcrypt_sha256$"

  let hash: BcryptHash

  /// The text, exactly as it was read.
  var text: String { Self.prefix + hash.text }

  /// Reads a hash; `nil` unless it is one.
  init?(_ text: String) {
    guard text.utf8.starts(with: Self.prefix.utf8),
      let hash = BcryptHash(String(decoding: text.utf8.dropFirst(Self.prefix.utf8.count), as: UTF8.self))
    else { return nil }
    self.hash = hash
  }

  /// Whether the password is the hash's own.
  func matches(_ password: SecretBytes) -> Bool {
    let digest = unsafe password.withUnsafeBytes { bytes in unsafe SHA256Digest.bytes(of: bytes) }
    let digits = Array("0123456789abcdef".utf8)
    return Bcrypt.matches(SecretBytes(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }), hash)
  }
}
