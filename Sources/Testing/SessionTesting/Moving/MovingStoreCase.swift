public import Accounts
internal import SessionCore

/// One promise of `MovingStore`, and the test that a store keeps it.
///
/// Used like ``SessionStoreCase``. What is promised of the event log is asked of a store that is an `EventStore` too.
public struct MovingStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with what it is about.
  public let name: String
  private let body: @Sendable (MovingProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (MovingProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own, which it shuts down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any MovingStore) async throws {
    let store = try await makeStore()
    try await CaseRun.run(name, on: store) { try await body(MovingProbe(caseName: name, store: store)) }
  }

  /// Every promise.
  public static let all: [MovingStoreCase] = sessionCases + accountCases + keyCases
}

/// A store under test, with what the cases say most often.
struct MovingProbe: CaseProbe {
  let caseName: String
  let store: any MovingStore

  var sessions: ConformanceProbe { ConformanceProbe(caseName: caseName, store: store) }
  var accounts: AccountProbe { AccountProbe(caseName: caseName, store: store) }

  /// An account of a number that was created so long before now.
  func moved(
    _ number: Int64, _ profile: AccountProfile, age: TimeSpan = .days(1), password: PasswordHash? = nil
  ) -> MovedAccount {
    MovedAccount(
      Account(id: AccountID(number), profile: profile, created: now - age, hasPassword: false, revision: 7),
      password: password)
  }

  /// What the log has got since `number`.
  func logged(after number: Int64) async throws -> [Event.Kind] {
    guard let log = store as? any EventStore else { return [] }
    return try await log.events(after: number, kinds: nil, limit: 100).entries.map(\.event.kind)
  }

  /// The number of the last entry in the log.
  func logEnd() async throws -> Int64 { try await (store as? any EventStore)?.lastEventNumber() ?? 0 }
}
