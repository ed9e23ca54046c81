public import Accounts
public import SessionCore

/// One promise of `AccountSessionStore`, and the test that a store keeps it.
///
/// Used like ``SessionStoreCase``, on a store that keeps both sessions and accounts.
public struct AccountSessionStoreCase: Sendable, CustomStringConvertible {
  /// A store of sessions, of accounts, and of the one with the other.
  public typealias Store = AccountSessionStore & AccountStore & SessionStore

  /// The promise, as a sentence that begins with the verb it is about.
  public let name: String
  private let body: @Sendable (AccountSessionProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (AccountSessionProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own, which is shut down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on. `list` is what lists the sessions of the store, by default itself.
  public func run(
    on makeStore: @Sendable () async throws -> any Store,
    listing list: @Sendable (any Store) -> any AccountSessionStore = { $0 }
  ) async throws {
    let store = try await makeStore()
    try await CaseRun.run(name, on: store) {
      try await body(AccountSessionProbe(caseName: name, store: store, list: list(store)))
    }
  }

  /// Every promise.
  public static let all: [AccountSessionStoreCase] = joinCases + conditionCases + randomCases
}

/// A store under test, with what the cases say most often.
struct AccountSessionProbe: CaseProbe {
  let caseName: String
  let store: any AccountStore & SessionStore
  let list: any AccountSessionStore

  /// Adds an account, which must succeed.
  func add(_ change: (inout AccountProfile) -> Void) async throws -> Account {
    var profile = AccountProfile(level: .user)
    change(&profile)
    let outcome = try await store.insert(profile, password: nil, by: .tester, now: now)
    guard case .inserted(let account) = outcome else {
      throw ConformanceFailure(caseName: caseName, expectation: "an account to be added", found: "\(outcome)")
    }
    return account
  }

  /// A session opened so many minutes before now, of an hour's idle time.
  func session(_ number: UInt64, _ userID: ExactText, age: Int64 = 1, address: ExactText? = nil) -> Session {
    let id = SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
    var session = Session(
      id: id, userID: userID, openTime: now - .minutes(age), idleTimeout: .hours(1), lifetime: .days(1))
    session.address = address
    return session
  }

  /// Adds sessions.
  func add(_ sessions: Session...) async throws {
    for session in sessions { _ = try await store.insert(session, limit: nil, now: now) }
  }

  /// The ids of all rows that meet a condition, over pages of `limit`.
  func rows(_ condition: AccountSessionCondition = .all([]), limit: Int = 100) async throws -> [AccountSession] {
    var query = AccountSessionQuery(condition, limit: limit)
    var rows: [AccountSession] = []
    while true {
      let page = try await list.accountSessions(query, now: now)
      try expect(page.rows.count <= limit, "at most \(limit) on a page", found: "\(page.rows.count)")
      rows += page.rows
      guard let next = page.next else { return rows }
      try expect(page.rows.count == limit, "a page before another one to be full", found: "\(page.rows.count)")
      query.after = next
    }
  }

  /// Expects exactly these sessions, in this order.
  func expect(_ condition: AccountSessionCondition, lists sessions: [Session], _ what: String) async throws {
    try equal(try await rows(condition).map(\.id), sessions.map(\.id), what)
  }
}
