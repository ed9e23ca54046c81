import Synchronization

/// Waiting that ends when the test says so, or when the task is cancelled.
final class Pacer: Sendable {
  private struct State {
    var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var last: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  private let state = Mutex(State())

  @Sendable func pause(_ duration: Duration) async throws {
    let ticket = state.withLock { state in
      state.last += 1
      return state.last
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let continuation = state.withLock { state in
        let continuation = state.waiting.removeValue(forKey: ticket)
        if continuation == nil { state.cancelled.insert(ticket) }
        return continuation
      }
      continuation?.resume(throwing: CancellationError())
    }
  }

  /// Returns once somebody waits.
  func settle() async { while state.withLock({ $0.waiting.isEmpty }) { await Task.yield() } }

  /// Waits until somebody waits, and lets all who do go on.
  func tick() async {
    await settle()
    let waiting = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.values.map(\.self)
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// Something that can't be copied, for several closures.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}
