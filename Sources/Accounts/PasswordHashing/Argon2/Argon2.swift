internal import CArgon2
internal import Cryptography
internal import Glibc

/// Argon2id, version 19, computed by libargon2 (RFC 9106).
enum Argon2 {
  /// The tag of a password; `nil` if the system has no memory for it.
  ///
  /// One lane after another on the calling thread, with memory of its own that goes back to the system at the end:
  /// through `malloc` the biggest hash so far would stay with each thread for ever.
  static func tag(_ password: SecretBytes, salt: [UInt8], parameters: Argon2Parameters, length: Int) -> [UInt8]? {
    var salt = salt
    var tag = [UInt8](repeating: 0, count: length)
    let result = unsafe password.withUnsafeBytes { phrase in
      unsafe salt.withUnsafeMutableBufferPointer { salt in
        unsafe tag.withUnsafeMutableBufferPointer { tag in
          var context = unsafe argon2_context()
          unsafe context.out = tag.baseAddress
          unsafe context.outlen = UInt32(clamping: tag.count)
          // Read alone: without ARGON2_FLAG_CLEAR_PASSWORD the library writes nothing there.
          unsafe context.pwd = UnsafeMutablePointer(mutating: phrase.baseAddress?.assumingMemoryBound(to: UInt8.self))
          unsafe context.pwdlen = UInt32(clamping: phrase.count)
          unsafe context.salt = salt.baseAddress
          unsafe context.saltlen = UInt32(clamping: salt.count)
          unsafe context.t_cost = UInt32(clamping: parameters.passes)
          unsafe context.m_cost = UInt32(clamping: parameters.memory)
          unsafe context.lanes = UInt32(clamping: parameters.lanes)
          unsafe context.threads = 1
          unsafe context.version = ARGON2_VERSION_13.rawValue
          unsafe context.allocate_cbk = mapMemory
          unsafe context.free_cbk = unmapMemory
          return unsafe argon2_ctx(&context, Argon2_id)
        }
      }
    }
    guard result != ARGON2_MEMORY_ALLOCATION_ERROR.rawValue else { return nil }
    // The ceilings of the parameters are within the library's own, so it can complain of nothing else.
    precondition(result == ARGON2_OK.rawValue, "libargon2 failed")
    return tag
  }
}

private func mapMemory(_ memory: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ count: Int) -> Int32 {
  let mapped = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let memory = unsafe memory, let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
    return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue
  }
  unsafe memory.pointee = mapped.assumingMemoryBound(to: UInt8.self)
  return ARGON2_OK.rawValue
}

private func unmapMemory(_ memory: UnsafeMutablePointer<UInt8>?, _ count: Int) {
  unsafe munmap(memory, count)
}
