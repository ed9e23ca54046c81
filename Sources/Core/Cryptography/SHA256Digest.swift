import CCrypto

/// SHA-256 (FIPS 180-4) over bytes in memory.
public enum SHA256Digest {
  /// The 32-byte digest of `bytes`.
  public static func bytes(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var context = SHA256_CTX()
      unsafe SHA256_Init(&context)
      unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count)
      unsafe SHA256_Final(buffer.baseAddress, &context)
      count = 32
    }
  }

  /// The 32-byte digest of `bytes`.
  public static func bytes(of bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe Self.bytes(of: $0) }
  }
}
