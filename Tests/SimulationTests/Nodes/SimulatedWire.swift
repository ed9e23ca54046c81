import SessionCore
import SessionTesting
import Synchronization

/// The way between a simulated node and the store: each question and each answer waits until the simulation lets it on,
/// or loses it.
final class SimulatedWire: Sendable {
  /// What becomes of a question.
  enum Passage {
    case arrives
    case isLost
    /// It arrives after whoever asked has given up.
    case arrivesLate
  }

  private struct Parked {
    var since: Timestamp
    var isQuestion: Bool
    var continuation: CheckedContinuation<Passage, Never>
  }

  private struct State {
    var parked: [Parked] = []
    var isDead = false
  }

  /// How long the store's side waits before it calls a question or an answer lost.
  static let timeout = TimeSpan(milliseconds: 800)
  private let clock: any SessionClock
  private let state = Mutex(State())

  init(_ clock: any SessionClock) { self.clock = clock }

  /// Sends a question.
  func ask() async -> Passage { await pass(isQuestion: true) }

  /// Sends an answer: whether it arrives.
  func answer() async -> Bool { await pass(isQuestion: false) == .arrives }

  private func pass(isQuestion: Bool) async -> Passage {
    let now = clock.now()
    return await withCheckedContinuation { continuation in
      let isDead = state.withLock { state in
        if !state.isDead {
          state.parked.append(Parked(since: now, isQuestion: isQuestion, continuation: continuation))
        }
        return state.isDead
      }
      if isDead { continuation.resume(returning: .isLost) }
    }
  }

  var count: Int { state.withLock { $0.parked.count } }

  /// Lets one on.
  func release(_ index: Int) { state.withLock { $0.parked.remove(at: index) }.continuation.resume(returning: .arrives) }

  /// Loses one, or has it arrive when nobody waits for its answer any more.
  func lose(_ index: Int, isLate: Bool) {
    let lost = state.withLock { $0.parked.remove(at: index) }
    lost.continuation.resume(returning: isLate && lost.isQuestion ? .arrivesLate : .isLost)
  }

  /// Ends the wait of all that will have waited too long at `time`.
  func expire(at time: Timestamp) {
    let late = state.withLock { state in
      let late = state.parked.filter { $0.since + Self.timeout < time }
      if !late.isEmpty { state.parked.removeAll { $0.since + Self.timeout < time } }
      return late
    }
    for late in late { late.continuation.resume(returning: .isLost) }
  }

  /// Ends the node's side of it: nothing is sent any more, and no answer arrives.
  ///
  /// - Parameter arrives: which of the questions under way, by their place, come to the store all the same.
  func cut(_ arrives: (Int) -> Bool) {
    let parked = state.withLock { state in
      state.isDead = true
      defer { state.parked = [] }
      return state.parked
    }
    for (index, parked) in parked.enumerated() {
      parked.continuation.resume(returning: parked.isQuestion && arrives(index) ? .arrivesLate : .isLost)
    }
  }
}
