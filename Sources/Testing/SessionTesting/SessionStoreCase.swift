public import SessionCore

/// One promise of `SessionStore`, and the test that a store keeps it.
///
/// A store's own test target runs them all:
///
/// ```swift
/// @Test("keeps the contract", arguments: SessionStoreCase.all)
/// func contract(promise: SessionStoreCase) async throws {
///   try await promise.run { MyStore() }
/// }
/// ```
///
/// A broken promise is thrown as ``ConformanceFailure``, which names it; no test library is needed.
public struct SessionStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with the verb it is about.
  public let name: String
  private let body: @Sendable (ConformanceProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (ConformanceProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own, which it shuts down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any SessionStore) async throws {
    let store = try await makeStore()
    do {
      try await body(ConformanceProbe(caseName: name, store: store))
    } catch {
      await store.shutdown()
      throw error as? ConformanceFailure
        ?? ConformanceFailure(caseName: name, expectation: "no error", found: "\(error)")
    }
    await store.shutdown()
  }

  /// Every promise, in the order of the protocol.
  public static let all: [SessionStoreCase] =
    insertCases + limitCases + carriedTokenCases + readCases + replaceCases + closeCases + closeMatchingCases
    + touchCases + removeCases
    + pageCases + filterCases + countCases + reapCases + purgeCases + raceCases + lifecycleCases + randomCases
}

/// A promise that a store did not keep.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
  /// The name of the case.
  public let caseName: String
  /// What was expected.
  public let expectation: String
  /// What came instead.
  public let found: String

  /// All of it in one sentence.
  public var description: String { "“\(caseName)” is not kept: expected \(expectation), found \(found)" }
}
