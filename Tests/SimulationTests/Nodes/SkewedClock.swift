import SessionCore
import SessionTesting
import Synchronization

/// A node's own clock, which runs as the others do and shows another time.
final class SkewedClock: SessionClock {
  private let base: ManualClock
  private let offset: Int64

  /// The time of `base`, so many milliseconds later.
  init(_ base: ManualClock, offset: Int64) {
    self.base = base
    self.offset = offset
  }

  func now() -> Timestamp { Timestamp(milliseconds: base.now().milliseconds + offset) }
}
