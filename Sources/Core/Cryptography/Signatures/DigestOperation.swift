import CCrypto

/// The one owner of a context in which OpenSSL signs or verifies once.
@safe
struct DigestOperation: ~Copyable {
  let pointer: OpaquePointer

  init?() {
    guard let pointer = unsafe EVP_MD_CTX_new() else { return nil }
    unsafe self.pointer = pointer
  }

  deinit { unsafe EVP_MD_CTX_free(pointer) }

  func beginVerifying(_ key: borrowing KeyHandle, _ scheme: SignatureScheme) -> Bool {
    var settings: OpaquePointer?
    return unsafe EVP_DigestVerifyInit_ex(pointer, &settings, scheme.digestName, nil, nil, key.pointer, nil) == 1
      && Self.pad(settings, scheme)
  }

  func beginSigning(_ key: borrowing KeyHandle, _ scheme: SignatureScheme) -> Bool {
    var settings: OpaquePointer?
    return unsafe EVP_DigestSignInit_ex(pointer, &settings, scheme.digestName, nil, nil, key.pointer, nil) == 1
      && Self.pad(settings, scheme)
  }

  private static func pad(_ settings: OpaquePointer?, _ scheme: SignatureScheme) -> Bool {
    guard scheme.keyKind == .rsa else { return true }
    guard scheme.isPSS else { return unsafe EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PADDING) == 1 }
    // MGF1 takes the signature's digest unless told otherwise.
    return unsafe EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1
      && EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1
  }
}
