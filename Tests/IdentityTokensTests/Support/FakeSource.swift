import IdentityTokens
import Synchronization

/// Documents that a test hands out, and may hold back.
final class FakeSource: DocumentSource {
  private struct State {
    var documents: [String: String] = [:]
    var asked: [String] = []
    var isHolding = false
    var held: [CheckedContinuation<Void, Never>] = []
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  /// The addresses that were asked for.
  var asked: [String] { state.withLock { $0.asked } }

  /// Serves a document at an address from now on, or nothing.
  func serve(_ document: String?, at address: String) {
    state.withLock { $0.documents[address] = document }
  }

  /// Holds answers back from now on.
  func hold() { state.withLock { $0.isHolding = true } }

  /// Gives all answers that were held back, and holds no more.
  func release() {
    let held = state.withLock { state in
      state.isHolding = false
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Returns when that many documents have been asked for.
  func waitUntilAsked(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.asked.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  func document(at address: String) async throws(DocumentFailure) -> [UInt8] {
    let ready = state.withLock { state in
      state.asked.append(address)
      let asked = state.asked.count
      let ready = state.watchers.filter { $0.count <= asked }
      state.watchers.removeAll { $0.count <= asked }
      return ready
    }
    for watcher in ready { watcher.continuation.resume() }
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.isHolding { state.held.append(continuation) }
        return !state.isHolding
      }
      if isFree { continuation.resume() }
    }
    guard let document = state.withLock({ $0.documents[address] }) else { throw DocumentFailure("Nobody is there.") }
    return Array(document.utf8)
  }
}
