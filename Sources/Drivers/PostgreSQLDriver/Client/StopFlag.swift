internal import Glibc
internal import Synchronization

/// Whether a thread that goes round and round is to end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  /// Whether it is.
  var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Has the thread end soon.
  func set() { flag.store(true, ordering: .relaxed) }

  /// Lets the calling thread rest until then, or until it is to end.
  func rest(until end: ContinuousClock.Instant) {
    while ContinuousClock.now < end, !isSet { poll(nil, 0, 20) }
  }
}
