public import Accounts
internal import SessionCore

/// One promise of `AccountStore`, and the test that a store keeps it.
///
/// Used like ``SessionStoreCase``. What is promised of the event log is asked of a store that is an `EventStore` too.
public struct AccountStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with the verb it is about.
  public let name: String
  private let body: @Sendable (AccountProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (AccountProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own; if that is a `SessionStore` too, it is shut down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any AccountStore) async throws {
    let store = try await makeStore()
    try await CaseRun.run(name, on: store) { try await body(AccountProbe(caseName: name, store: store)) }
  }

  /// Every promise, in the order of the protocol.
  public static let all: [AccountStoreCase] =
    insertCases + uniqueCases + findCases + replaceCases + administratorCases + passwordCases + removeCases + pageCases
    + randomCases + closingCases + raceCases + eventCases + lifecycleCases
}

/// The end of every case: what is thrown becomes a failure of that name, and the store is let go of.
enum CaseRun {
  static func run(_ name: String, on store: any Sendable, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      await shutdown(store)
      throw error as? ConformanceFailure
        ?? ConformanceFailure(caseName: name, expectation: "no error", found: "\(error)")
    }
    await shutdown(store)
  }

  private static func shutdown(_ store: any Sendable) async {
    if let store = store as? any SessionStore { await store.shutdown() }
  }
}
