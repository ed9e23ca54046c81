internal import MongoDriver
internal import SessionCore
internal import Synchronization

/// Answers calls whose time is up, on a thread of its own that sleeps while there are none.
///
/// The library's own time-outs hold for each round trip; a call may take several, and wait before. So whatever the
/// threads that do the work are held up by, who waits for them is answered in time.
final class CallDeadlines: Sendable {
  private struct State {
    /// In the order of their deadlines, since all have the same time; those before `first` are over.
    var calls: [(deadline: ContinuousClock.Instant, call: any PendingCall)] = []
    var first = 0
    var isTicking = false
  }

  private final class Calls: Sendable {
    let state = Mutex(State())
  }

  private let calls: Calls
  private let timeout: Duration
  private let thread: MongoThreads<Void>
  /// How often it looks.
  private static let tick: Int64 = 20

  /// Calls `onSilence` when a call that a thread had taken was not done in time.
  init(timeout: TimeSpan, onSilence: @escaping @Sendable () -> Void) throws(MongoError) {
    self.timeout = .milliseconds(max(1, timeout.milliseconds - Self.tick))
    let calls = Calls()
    self.calls = calls
    thread = try MongoThreads(name: "mongo-deadline", threads: 1, capacity: 4, batchLimit: 4) {
      { _ in
        repeat { MongoTime.pause(milliseconds: Self.tick) } while Self.expire(calls, onSilence)
      }
    }
  }

  /// Has the call answered when its time is up.
  func watch(_ call: any PendingCall) {
    let mustStart = calls.state.withLock { state in
      state.calls.append((ContinuousClock.now + timeout, call))
      defer { state.isTicking = true }
      return !state.isTicking
    }
    // A thread that is stopped has no calls left to look after but those that are refused for that.
    if mustStart { try? thread.submit(()) }
  }

  func stop() async { await thread.stop() }

  /// Answers those whose time is up; `false` when none is left to wait for.
  private static func expire(_ calls: Calls, _ onSilence: () -> Void) -> Bool {
    let now = ContinuousClock.now
    let (due, goesOn) = calls.state.withLock { state in
      // What is answered is let go of as soon as it is the first, so that a store at rest has nothing to look after.
      var end = state.first
      while end < state.calls.count, state.calls[end].deadline <= now || state.calls[end].call.isAnswered { end += 1 }
      let due = state.calls[state.first..<end].map(\.call)
      state.first = end
      if state.first == state.calls.count {
        state.calls.removeAll(keepingCapacity: state.first < 10_000)
        state.first = 0
        state.isTicking = false
      } else if state.first > state.calls.count / 2 {
        state.calls.removeSubrange(..<state.first)
        state.first = 0
      }
      return (due, state.isTicking)
    }
    var isSilent = false
    for call in due where call.expire() { isSilent = true }
    if isSilent { onSilence() }
    return goesOn
  }
}
