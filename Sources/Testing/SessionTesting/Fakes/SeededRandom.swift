public import SessionCore
import Synchronization

/// Random numbers that are the same for the same seed: for tests, never for credentials.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (SplitMix64), 2014.
public final class SeededRandom: RandomSource, RandomNumberGenerator {
  private let state: Mutex<UInt64>

  /// The sequence of `seed`.
  public init(seed: UInt64) { state = Mutex(seed) }

  /// The next 64 bits.
  public func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Fills `bytes` with the next of the sequence.
  public func fill(_ bytes: UnsafeMutableRawBufferPointer) {
    for index in 0..<bytes.count { unsafe bytes[index] = UInt8(truncatingIfNeeded: next()) }
  }
}
