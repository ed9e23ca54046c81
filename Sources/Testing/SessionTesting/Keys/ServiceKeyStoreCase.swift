public import Accounts
internal import SessionCore

/// One promise of `ServiceKeyStore`, and the test that a store keeps it.
///
/// Used like ``SessionStoreCase``. What is promised of the event log is asked of a store that is an `EventStore` too.
public struct ServiceKeyStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with the verb it is about.
  public let name: String
  private let body: @Sendable (ServiceKeyProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (ServiceKeyProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own; if that is a `SessionStore` too, it is shut down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any ServiceKeyStore) async throws {
    let store = try await makeStore()
    try await CaseRun.run(name, on: store) { try await body(ServiceKeyProbe(caseName: name, store: store)) }
  }

  /// Every promise, in the order of the protocol.
  public static let all: [ServiceKeyStoreCase] =
    insertCases + listCases + revokeCases + touchCases + eventCases + lifecycleCases
}

/// A store under test, with what the cases say most often.
struct ServiceKeyProbe: CaseProbe {
  let caseName: String
  let store: any ServiceKeyStore

  /// Who asks.
  let actor = Actor(.service, name: "tests", address: "192.0.2.1", requestID: "r-1")

  /// A digest that has nothing in common with that of another number.
  func digest(_ number: UInt8) -> [UInt8] { (0..<32).map { $0 &* 37 &+ number } }

  @discardableResult
  func add(
    _ number: UInt8, name: ExactText = "backend", scopes: Set<ServiceScope> = [.sessionsRead], expires: Timestamp? = nil
  ) async throws -> ServiceKey {
    try await store.insertKey(
      name: name, scopes: scopes, expires: expires, digest: digest(number), by: actor, now: now)
  }
}
