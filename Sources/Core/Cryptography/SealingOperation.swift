import CCrypto

/// The one owner of a context in which OpenSSL seals or opens once.
///
/// https://docs.openssl.org/3.0/man3/EVP_EncryptInit/#aead-interface
@safe
struct SealingOperation: ~Copyable {
  private let pointer: OpaquePointer

  /// An operation that is yet to begin; `nil` if OpenSSL has no memory.
  init?() {
    guard let pointer = unsafe EVP_CIPHER_CTX_new() else { return nil }
    unsafe self.pointer = pointer
  }

  deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

  /// The text sealed under a key of 32 bytes and a nonce of 12, and its tag in the 16 bytes of `tag`.
  func seal(
    _ text: [UInt8], context: [UInt8], _ key: UnsafeRawBufferPointer, nonce: [UInt8], tag: inout [UInt8]
  ) -> [UInt8]? {
    guard unsafe begin(key, nonce: nonce, isSealing: true), let sealed = process(text, context), end(),
      unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    else { return nil }
    return sealed
  }

  /// The text opened, if `tag` is that of the text and its context.
  func open(
    _ sealed: [UInt8], context: [UInt8], _ key: UnsafeRawBufferPointer, nonce: [UInt8], tag: [UInt8]
  ) -> [UInt8]? {
    var tag = tag
    guard unsafe begin(key, nonce: nonce, isSealing: false),
      unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1,
      let text = process(sealed, context), end()
    else { return nil }
    return text
  }

  private func begin(_ key: UnsafeRawBufferPointer, nonce: [UInt8], isSealing: Bool) -> Bool {
    let bytes = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return unsafe EVP_CipherInit_ex(pointer, EVP_aes_256_gcm(), nil, bytes, nonce, isSealing ? 1 : 0) == 1
  }

  /// What goes in as context has no room for an answer, which is how OpenSSL tells it from text.
  private func process(_ text: [UInt8], _ context: [UInt8]) -> [UInt8]? {
    guard let textLength = Int32(exactly: text.count), let contextLength = Int32(exactly: context.count) else {
      return nil
    }
    var count: Int32 = 0
    guard unsafe EVP_CipherUpdate(pointer, nil, &count, context, contextLength) == 1 else { return nil }
    var isDone = true
    let answer = unsafe [UInt8](unsafeUninitializedCapacity: max(text.count, 1)) { buffer, filled in
      if !text.isEmpty {
        isDone = unsafe EVP_CipherUpdate(pointer, buffer.baseAddress, &count, text, textLength) == 1
      }
      filled = isDone ? text.count : 0
    }
    return isDone ? answer : nil
  }

  /// Ends it: while opening, by comparing the tag.
  private func end() -> Bool {
    var count: Int32 = 0
    var rest: (UInt64, UInt64) = (0, 0)
    return unsafe withUnsafeMutableBytes(of: &rest) { buffer in
      unsafe EVP_CipherFinal_ex(pointer, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &count) == 1
    }
  }
}
