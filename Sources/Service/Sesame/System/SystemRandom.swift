import Cryptography
public import SessionCore
import Synchronization

/// The cryptographic generator of the system's libcrypto.
public struct SystemRandom: RandomSource {
  private let pool = Pool()

  /// A way to the generator, with a small pool of its own.
  public init() {}

  /// Fills `bytes`; ends the process if the generator has no entropy.
  public func fill(_ bytes: UnsafeMutableRawBufferPointer) {
    if unsafe !pool.take(bytes) { unsafe SecureRandom.fill(bytes) }
  }
}

/// Random bytes drawn for many session ids at a time: one call of the generator costs as much as 500 bytes of it.
private final class Pool: Sendable {
  private struct State {
    var bytes = InlineArray<512, UInt8>(repeating: 0)
    var used = 512
  }

  private let state = Mutex(State())

  /// Fills `target`, if it is as short as an id: keys are drawn on their own, so that they never lie here.
  func take(_ target: UnsafeMutableRawBufferPointer) -> Bool {
    guard target.count <= 16 else { return false }
    state.withLock { state in
      if state.used + target.count > state.bytes.count {
        var drawn = state.bytes.mutableSpan
        unsafe drawn.withUnsafeMutableBytes { unsafe SecureRandom.fill($0) }
        state.used = 0
      }
      for index in target.indices {
        unsafe target[index] = state.bytes[state.used + index]
        // None is given out twice.
        state.bytes[state.used + index] = 0
      }
      state.used += target.count
    }
    return true
  }
}
