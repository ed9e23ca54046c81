import CCrypto

/// Comparison in time that does not depend on the contents.
public enum ConstantTime {
  /// Whether both buffers hold the same bytes; different lengths are unequal at once.
  public static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let first = left.baseAddress, let second = right.baseAddress else { return true }
    return unsafe CRYPTO_memcmp(first, second, left.count) == 0
  }

  /// Whether both arrays hold the same bytes; different lengths are unequal at once.
  public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.withUnsafeBytes { first in
      unsafe right.withUnsafeBytes { second in unsafe areEqual(first, second) }
    }
  }
}
