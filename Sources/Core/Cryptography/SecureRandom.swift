import CCrypto

/// OpenSSL's generator of cryptographically secure random bytes, seeded by the kernel and reseeded after a fork.
public enum SecureRandom {
  /// Fills `bytes`.
  ///
  /// Ends the process if the generator has no entropy: going on would make guessable credentials.
  public static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    let filled = unsafe RAND_bytes(start.assumingMemoryBound(to: UInt8.self), Int32(clamping: bytes.count))
    precondition(filled == 1, "the system's random generator failed")
  }

  /// As many random bytes as asked for.
  public static func bytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe fill(UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}
