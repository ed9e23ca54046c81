import CCrypto

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2), for checking what other programs have made of passwords.
public enum PBKDF2 {
  /// The key of 32 bytes that a password gives.
  ///
  /// - Parameters:
  ///   - password: of any length.
  ///   - salt: of any length.
  ///   - iterations: 1 or more; the time grows with it, about 0.3 s for each million.
  /// - Returns: the key; `nil` if the system has no memory for it.
  public static func key(of password: SecretBytes, salt: [UInt8], iterations: Int) -> [UInt8]? {
    precondition(iterations > 0, "PBKDF2 takes one iteration at least")
    let length = 32
    var key = [UInt8](repeating: 0, count: length)
    let isDone = unsafe password.withUnsafeBytes { phrase in
      // https://docs.openssl.org/3.0/man3/PKCS5_PBKDF2_HMAC/: a null pointer is an empty password.
      unsafe PKCS5_PBKDF2_HMAC(
        phrase.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: phrase.count), salt,
        Int32(clamping: salt.count), Int32(clamping: iterations), EVP_sha256(), Int32(length), &key)
    }
    return isDone == 1 ? key : nil
  }
}
