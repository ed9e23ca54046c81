internal import SessionCore
internal import Synchronization

/// A call of the store, which is answered once: by the thread that does it, or when its time is up.
protocol PendingCall: AnyObject, Sendable {
  /// Whether it is answered.
  var isAnswered: Bool { get }
  /// Notes that a thread has taken it; `false` if it is answered already, and is not to be done.
  func begin() -> Bool
  /// Notes that it may happen from here on, whatever is heard of it; `false` if it is answered already.
  func send() -> Bool
  /// Takes ``send()`` back: it has surely not happened.
  func recall()
  /// Tells the waiting task that it did not happen, or of what nothing is known.
  func refuse(_ error: StoreError)
  /// Answers it because its time is up; answers whether a thread had taken it.
  func expire() -> Bool
}

/// A call whose answer is a `Result`.
final class StoreCall<Result: Sendable>: PendingCall {
  private enum Phase { case waiting, underWay, sent, answered }

  private struct State {
    var phase = Phase.waiting
    var continuation: CheckedContinuation<Swift.Result<Result, StoreError>, Never>?
  }

  private let state: Mutex<State>

  init(_ continuation: CheckedContinuation<Swift.Result<Result, StoreError>, Never>) {
    state = Mutex(State(continuation: continuation))
  }

  var isAnswered: Bool { state.withLock { $0.phase == .answered } }

  func begin() -> Bool { move(to: .underWay) }
  func send() -> Bool { move(to: .sent) }
  func recall() { _ = move(to: .underWay) }

  private func move(to phase: Phase) -> Bool {
    state.withLock { state in
      guard state.phase != .answered else { return false }
      state.phase = phase
      return true
    }
  }

  /// Tells the waiting task, unless it was told.
  func answer(_ result: Swift.Result<Result, StoreError>) {
    take()?.resume(returning: result)
  }

  func refuse(_ error: StoreError) { answer(.failure(error)) }

  func expire() -> Bool {
    // In one step with the look at the phase: a call that is sent in between is not one that surely did not happen.
    let (phase, continuation) = state.withLock { state in
      defer {
        state.continuation = nil
        state.phase = .answered
      }
      return (state.phase, state.continuation)
    }
    let error: StoreError
    switch phase {
    case .answered: return false
    case .waiting: error = StoreError(.unavailable, "The session store is too busy.")
    case .underWay: error = StoreError(.unavailable, "The session store does not answer.")
    case .sent: error = StoreError(.unknownOutcome, "The session store did not say whether it has stored this.")
    }
    continuation?.resume(returning: .failure(error))
    return phase != .waiting
  }

  private func take() -> CheckedContinuation<Swift.Result<Result, StoreError>, Never>? {
    state.withLock { state in
      defer { state.continuation = nil }
      state.phase = .answered
      return state.continuation
    }
  }
}
