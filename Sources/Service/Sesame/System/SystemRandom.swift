import Cryptography
public import SessionCore

/// The cryptographic generator of the system's libcrypto.
public struct SystemRandom: RandomSource {
  /// There is one generator; this is a way to it.
  public init() {}

  /// Fills `bytes`; ends the process if the generator has no entropy.
  public func fill(_ bytes: UnsafeMutableRawBufferPointer) {
    unsafe SecureRandom.fill(bytes)
  }
}
