public import Accounts
internal import SessionCore

/// One promise of `LoginStore`, and the test that a store keeps it.
///
/// Used like ``SessionStoreCase``.
public struct LoginStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with the verb it is about.
  public let name: String
  private let body: @Sendable (LoginProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (LoginProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own; if that is a `SessionStore` too, it is shut down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any LoginStore) async throws {
    let store = try await makeStore()
    try await CaseRun.run(name, on: store) { try await body(LoginProbe(caseName: name, store: store)) }
  }

  /// Every promise, in the order of the protocol.
  public static let all: [LoginStoreCase] =
    attemptCases + randomCases + useCases + purgeCases
    + lifecycleCases
}

/// A store under test, with what the cases say most often.
struct LoginProbe: CaseProbe {
  let caseName: String
  let store: any LoginStore

  /// Tries once.
  func attempt(_ rules: AttemptRule..., at time: Timestamp = now) async throws -> AttemptVerdict {
    try await store.countAttempt(rules, now: time)
  }
}
