internal import Synchronization

/// Who moves what a Cluster's partitions have for the event log: for each partition one of those who wait for it, on
/// behalf of all who came before it began.
final class EventDrain: Sendable {
  /// What one who asked is told.
  enum Turn: Sendable {
    /// Move what is there, then say ``EventDrain/finish(_:isMoved:)``.
    case lead
    /// It was done by another, or can't be done.
    case over
  }

  private struct Waiter: Sendable {
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<Turn, Never>
  }

  private struct Lane: Sendable {
    var isBusy = false
    /// Whose turn the leader's is, too.
    var following: [Waiter] = []
    /// Who came after the leader began.
    var waiting: [Waiter] = []
    /// Up to where the log is known to have the partition's entries.
    var delivered: [UInt8] = []
  }

  private let lanes: Mutex<[Lane]>
  private let lastSweep = Mutex<ContinuousClock.Instant?>(nil)

  init(partitions: Int) { lanes = Mutex([Lane](repeating: Lane(), count: partitions)) }

  /// Waits for one's turn at a partition, or until another has done the work.
  func turn(_ partition: Int, by deadline: ContinuousClock.Instant) async -> Turn {
    await withCheckedContinuation { continuation in
      let leads = lanes.withLock { lanes in
        guard lanes[partition].isBusy else {
          lanes[partition].isBusy = true
          return true
        }
        lanes[partition].waiting.append(Waiter(deadline: deadline, continuation: continuation))
        return false
      }
      if leads { continuation.resume(returning: .lead) }
    }
  }

  /// Ends a leader's turn, and gives the next to whoever has the least time left: so nobody waits for a leader longer
  /// than for themselves.
  ///
  /// - Parameters:
  ///   - partition: The partition.
  ///   - isTimeUp: Whether the leader had no time left, so that the others should try themselves.
  func finish(_ partition: Int, isTimeUp: Bool) {
    let (done, next) = lanes.withLock { lanes -> ([Waiter], Waiter?) in
      let done = isTimeUp ? [] : lanes[partition].following
      var waiting = (isTimeUp ? lanes[partition].following : []) + lanes[partition].waiting
      lanes[partition].waiting = []
      lanes[partition].following = []
      guard let first = waiting.indices.min(by: { waiting[$0].deadline < waiting[$1].deadline }) else {
        lanes[partition].isBusy = false
        return (done, nil)
      }
      let next = waiting.remove(at: first)
      lanes[partition].following = waiting
      return (done, next)
    }
    for waiter in done { waiter.continuation.resume(returning: .over) }
    next?.continuation.resume(returning: .lead)
  }

  /// Up to where the log is known to have a partition's entries; empty if it isn't known.
  func delivered(_ partition: Int) -> [UInt8] { lanes.withLock { $0[partition].delivered } }

  /// Notes up to where the log has a partition's entries.
  func setDelivered(_ id: [UInt8], of partition: Int) { lanes.withLock { $0[partition].delivered = id } }

  /// Whether all partitions should be looked through for what somebody left there; at most ten times a second.
  func isSweepDue() -> Bool {
    lastSweep.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < .milliseconds(100) { return false }
      last = now
      return true
    }
  }
}
