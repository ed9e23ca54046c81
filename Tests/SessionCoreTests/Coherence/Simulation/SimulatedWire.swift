import SessionCore
import SessionTesting
import Synchronization

/// The way between a simulated node and the store: each question and each answer waits until the simulation lets it on,
/// or loses it.
final class SimulatedWire: StoreInterceptor {
  private struct Parked {
    var since: Timestamp
    /// Whether it may be lost: losing request times would end sessions early, as it would with real stores.
    var mayBeLost: Bool
    var continuation: CheckedContinuation<Bool, Never>
  }

  /// How long the store's side waits before it calls a question or an answer lost.
  static let timeout = TimeSpan(milliseconds: 800)
  private let clock: ManualClock
  private let parked = Mutex<[Parked]>([])

  init(_ clock: ManualClock) { self.clock = clock }

  func before(_ verb: StoreVerb) async throws(StoreError) {
    guard await pass(mayBeLost: verb != .touch) else {
      throw StoreError(.unavailable, "The question was lost.")
    }
  }

  func after(_ verb: StoreVerb) async throws(StoreError) {
    guard await pass(mayBeLost: verb != .touch) else {
      throw StoreError(verb == .session ? .unavailable : .unknownOutcome, "The answer was lost.")
    }
  }

  private func pass(mayBeLost: Bool) async -> Bool {
    let now = clock.now()
    return await withCheckedContinuation { continuation in
      parked.withLock { $0.append(Parked(since: now, mayBeLost: mayBeLost, continuation: continuation)) }
    }
  }

  var count: Int { parked.withLock { $0.count } }

  /// Lets one on.
  func release(_ index: Int) { parked.withLock { $0.remove(at: index) }.continuation.resume(returning: true) }

  /// Loses one, or lets it on if it must not be lost.
  func lose(_ index: Int) {
    let lost = parked.withLock { $0.remove(at: index) }
    lost.continuation.resume(returning: !lost.mayBeLost)
  }

  /// Ends the wait of all that will have waited too long at `time`.
  func expire(at time: Timestamp) {
    let late = parked.withLock { parked in
      let late = parked.filter { $0.since + Self.timeout < time }
      parked.removeAll { $0.since + Self.timeout < time }
      return late
    }
    for late in late { late.continuation.resume(returning: !late.mayBeLost) }
  }
}
