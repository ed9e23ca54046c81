import Synchronization

/// What a node knows of one lane: whether it hears it, which of its own heartbeats are on the way, and how long what it
/// keeps may be trusted.
///
/// Why a heartbeat that came back proves something: it was sent at time *t* and took the path of every note, so each
/// note of a change that was answered before *t* has been heard by now, or the lane has been opened since, which
/// emptied the caches. A request that began before *t* + lease therefore finds nothing that was changed more than a
/// lease before it began.
final class LaneLease: Sendable {
  /// When a heartbeat was sent: by the clock that leases go by, and by a finer one for the lag.
  private struct Sending {
    var time: Timestamp
    var instant: ContinuousClock.Instant
  }

  private struct State {
    var isOpen = false
    /// Whether the lease was held when last anybody was told.
    var isHeld = false
    var sent: [UInt64: Sending] = [:]
    var underWay = 0
  }

  /// What became of a lease when something was heard.
  struct Change {
    /// How long the heartbeat took; `nil` if none of this node's own came.
    var lag: Duration?
    /// Whether the lease is held now; `nil` if that is as it was.
    var isHeld: Bool?
  }

  /// How many heartbeats may be on their way into the store at once.
  private static let sendingLimit = 4
  /// How many are remembered, so that an answer that comes late is still measured.
  private static let memory = 64

  private let length: TimeSpan
  /// The end of the lease in milliseconds since 1970.
  private let end = Atomic<Int64>(.min)
  private let state = Mutex(State())

  init(length: TimeSpan) { self.length = length }

  /// Whether the lease is held at `now`.
  ///
  /// Acquiring: who reads a lease here sees what was dropped from the caches before the heartbeat that gave it.
  func isHeld(at now: Timestamp) -> Bool { now.milliseconds < end.load(ordering: .acquiring) }

  // MARK: Sending

  /// Notes that a heartbeat of that number is about to be sent; `now` was read before, so that whatever holds the
  /// sending up shortens the lease.
  ///
  /// - Returns: whether it should be sent: not while nobody hears the lane, nor after several that are stuck.
  func begin(_ number: UInt64, at now: Timestamp) -> Bool {
    state.withLock { state in
      guard state.isOpen, state.underWay < Self.sendingLimit else { return false }
      if state.sent.count >= Self.memory { state.sent = state.sent.filter { isHeardInTime($0.value, at: now) } }
      guard state.sent.count < Self.memory else { return false }
      state.sent[number] = Sending(time: now, instant: .now)
      state.underWay += 1
      return true
    }
  }

  /// A heartbeat is sent, or could not be; which of the two is known when it comes back.
  func endSending() { state.withLock { $0.underWay -= 1 } }

  private func isHeardInTime(_ sending: Sending, at now: Timestamp) -> Bool { now < sending.time + length }

  // MARK: Hearing

  /// The lane is heard from here on: only heartbeats that are sent later count.
  func open() -> Change {
    state.withLock { state in
      end.store(.min, ordering: .releasing)
      state.isOpen = true
      state.sent = [:]
      return Self.told(false, in: &state)
    }
  }

  /// The lane is heard no more.
  func close() -> Change {
    state.withLock { state in
      end.store(.min, ordering: .releasing)
      state.isOpen = false
      state.sent = [:]
      return Self.told(false, in: &state)
    }
  }

  /// A heartbeat came; another node's, one from before the lane was opened and one that came already change nothing.
  func heard(_ number: UInt64, at now: Timestamp) -> Change {
    state.withLock { state in
      guard state.isOpen, let sending = state.sent.removeValue(forKey: number) else { return Change() }
      let newEnd = (sending.time + length).milliseconds
      // Releasing: pairs with the acquiring load of whoever trusts a cache because of it.
      if newEnd > end.load(ordering: .relaxed) { end.store(newEnd, ordering: .releasing) }
      var change = Self.told(now.milliseconds < end.load(ordering: .relaxed), in: &state)
      change.lag = sending.instant.duration(to: .now)
      return change
    }
  }

  /// Tells of a lease that has run out since last somebody was told.
  func expired(at now: Timestamp) -> Change {
    state.withLock { Self.told(isHeld(at: now), in: &$0) }
  }

  private static func told(_ isHeld: Bool, in state: inout State) -> Change {
    guard state.isHeld != isHeld else { return Change() }
    state.isHeld = isHeld
    return Change(isHeld: isHeld)
  }
}
