public import SessionCore

/// One promise of `SharedStore`, and the test that a store keeps it.
///
/// Each case gets two handles on one place, as two nodes have them, and nobody else may write there meanwhile. What is
/// promised of accounts and service keys is asked of a store that keeps those too.
///
/// ```swift
/// @Test("keeps the contract of shared stores", arguments: SharedStoreCase.all)
/// func contract(promise: SharedStoreCase) async throws {
///   try await promise.run {
///     let place = try await MyPlace()
///     return (try await MyStore(place), try await MyStore(place))
///   }
/// }
/// ```
public struct SharedStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with what it is about.
  public let name: String
  private let body: @Sendable (SharedProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (SharedProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a place of its own, and shuts both handles down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeHandles` throws is thrown on.
  public func run(
    on makeHandles: @Sendable () async throws -> (any SharedStore, any SharedStore)
  ) async throws {
    let (here, there) = try await makeHandles()
    do {
      try await body(SharedProbe(caseName: name, here: here, there: there))
    } catch {
      await here.shutdown()
      await there.shutdown()
      throw error as? ConformanceFailure
        ?? ConformanceFailure(caseName: name, expectation: "no error", found: "\(error)")
    }
    await here.shutdown()
    await there.shutdown()
  }

  /// Every promise, in the order of the protocol.
  public static let all: [SharedStoreCase] =
    laneCases + sessionNoteCases + silenceCases + directoryNoteCases + orderCases + taskCases + sharedLifecycleCases
}
