internal import Synchronization

/// Lets ``HTTPServer/run()`` return when every loop has finished.
final class RunCompletion: Sendable {
  private struct State {
    var remaining: Int
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(loops: Int) {
    state = Mutex(State(remaining: loops))
  }

  /// One loop is finished.
  func loopFinished() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.remaining -= 1
      guard state.remaining == 0 else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Waits until all are.
  func wait() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.remaining > 0 { state.waiter = continuation }
        return state.remaining == 0
      }
      if isOver { continuation.resume() }
    }
  }
}
