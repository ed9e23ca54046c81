import SessionCore
import SessionTesting
import Synchronization

/// What a test puts around the verbs of stores, and which were called.
final class Hooks: StoreInterceptor {
  typealias Hook = @Sendable () async throws(StoreError) -> Void

  private struct State {
    var calls: [String] = []
    var before: [String: Hook] = [:]
    var after: [String: Hook] = [:]
    var failing: Set<String> = []
  }

  private let state = Mutex(State())

  /// Has `hook` run before the next call of `verb`, once.
  func before(_ verb: String, _ hook: @escaping Hook) { state.withLock { $0.before[verb] = hook } }

  /// Has `hook` run after the next call of `verb`, before its answer comes, once.
  func after(_ verb: String, _ hook: @escaping Hook) { state.withLock { $0.after[verb] = hook } }

  /// Makes each call of `verb` fail before it runs.
  func fail(_ verb: String) { state.withLock { _ = $0.failing.insert(verb) } }

  /// Lets everything pass again.
  func stopFailing() { state.withLock { $0.failing = [] } }

  /// The verbs called since the last time this was asked.
  func takeCalls() -> [String] {
    state.withLock { state in
      defer { state.calls = [] }
      return state.calls
    }
  }

  /// How often `verb` was called since ``takeCalls()``.
  func count(_ verb: String) -> Int { state.withLock { state in state.calls.count { $0 == verb } } }

  func around<Answer>(
    _ verb: String, _ body: () async throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    try await begin(verb)
    let answer = try await body()
    try await end(verb)
    return answer
  }

  func before(_ verb: StoreVerb) async throws(StoreError) { try await begin("session." + verb.rawValue) }
  func after(_ verb: StoreVerb) async throws(StoreError) { try await end("session." + verb.rawValue) }

  private func begin(_ verb: String) async throws(StoreError) {
    let (hook, fails) = state.withLock { state in
      state.calls.append(verb)
      return (state.before.removeValue(forKey: verb), state.failing.contains(verb))
    }
    if let hook { try await hook() }
    if fails { throw StoreError(.unavailable, "The store is made to fail.") }
  }

  private func end(_ verb: String) async throws(StoreError) {
    if let hook = state.withLock({ $0.after.removeValue(forKey: verb) }) { try await hook() }
  }
}
