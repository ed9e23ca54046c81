import CCrypto

/// The one owner of an OpenSSL key, which it frees.
///
/// It is `@unchecked Sendable` because a key that is made is never changed, and OpenSSL allows threads to use one at
/// once then (https://docs.openssl.org/3.0/man7/openssl-threads/).
@safe
struct KeyHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over a key.
  private init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe EVP_PKEY_free(pointer) }

  /// The public key of a SubjectPublicKeyInfo, or `nil` if OpenSSL finds none, as for a point that is not on the curve.
  static func publicKey(der: [UInt8]) -> KeyHandle? {
    let key = unsafe der.withUnsafeBufferPointer { bytes in
      var start = bytes.baseAddress
      // https://docs.openssl.org/3.0/man3/d2i_X509/
      return unsafe d2i_PUBKEY(nil, &start, bytes.count)
    }
    return unsafe taken(key)
  }

  /// The key of an ECPrivateKey (RFC 5915), whose public half OpenSSL computes.
  static func ellipticPrivateKey(der: [UInt8]) -> KeyHandle? {
    let key = unsafe der.withUnsafeBufferPointer { bytes in
      var start = bytes.baseAddress
      return unsafe d2i_PrivateKey(EVP_PKEY_EC, nil, &start, bytes.count)
    }
    return unsafe taken(key)
  }

  /// The public key of Ed25519 with these 32 bytes.
  static func ed25519(_ bytes: [UInt8]) -> KeyHandle? {
    unsafe taken(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count))
  }

  /// A new pair; `bits` counts for RSA alone.
  static func generate(_ kind: SignatureKeyKind, bits: Int32) -> KeyHandle? {
    let type =
      switch kind {
      case .rsa: "RSA"
      case .p256, .p384: "EC"
      case .ed25519: "ED25519"
      }
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    guard unsafe EVP_PKEY_keygen_init(context) == 1 else { return nil }
    if kind == .rsa, unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) != 1 { return nil }
    if let curve = kind.curve, unsafe EVP_PKEY_CTX_set_group_name(context, curve.name) != 1 { return nil }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_generate(context, &key) == 1 else { return nil }
    return unsafe taken(key)
  }

  private static func taken(_ key: OpaquePointer?) -> KeyHandle? {
    guard let key = unsafe key else {
      OpenSSLErrors.forget()
      return nil
    }
    return unsafe KeyHandle(owning: key)
  }

  /// The public key as a SubjectPublicKeyInfo.
  var publicDER: [UInt8] {
    let length = unsafe Int(i2d_PUBKEY(pointer, nil))
    guard length > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      var start = buffer.baseAddress
      count = unsafe max(0, Int(i2d_PUBKEY(pointer, &start)))
    }
  }

  /// A number of the key ("n", "e") in big-endian bytes without leading zeros.
  func number(_ name: String) -> [UInt8] {
    var number: OpaquePointer?
    guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number = unsafe number else {
      OpenSSLErrors.forget()
      return []
    }
    defer { unsafe BN_clear_free(number) }
    let length = unsafe Int(BN_num_bits(number) + 7) / 8
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      count = unsafe max(0, Int(BN_bn2bin(number, buffer.baseAddress)))
    }
  }
}

/// What OpenSSL remembers of failures, for each thread.
enum OpenSSLErrors {
  /// Empties the thread's list, which the next user of TLS on that thread would take for its own.
  static func forget() { ERR_clear_error() }
}
