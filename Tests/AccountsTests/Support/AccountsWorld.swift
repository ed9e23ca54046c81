import Accounts
import Cryptography
import MemoryStore
import SessionCore
import SessionTesting
import Testing

/// One node with accounts, log-ins and service keys on memory, with a clock turned by hand; account 1 is an
/// administrator.
struct AccountsWorld: Sendable {
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  let hooks = Hooks()
  let hasher = FakeHasher()
  let identities = FakeIdentities()
  let store: WatchedStore
  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let administrator: AccountID

  static let actor = Actor(.service, name: "test")
  static let password = "correct horse"

  init(
    policy adjust: (inout LoginPolicy) -> Void = { _ in },
    sessions adjustSessions: (inout SessionPolicy) -> Void = { _ in }
  ) async throws {
    var policy = LoginPolicy()
    adjust(&policy)
    var sessionPolicy = SessionPolicy()
    adjustSessions(&sessionPolicy)
    let memory = MemoryStore()
    store = WatchedStore(store: memory, hooks: hooks)
    sessions = Sessions(
      store: InterceptedStore(memory, hooks), policy: sessionPolicy, keys: Self.ring, clock: clock,
      random: SeededRandom(seed: 1))
    accounts = Accounts(store: store, sessions: sessions, hasher: hasher, clock: clock)
    logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: hasher, identities: identities,
      policy: policy)
    var profile = AccountProfile(level: .administrator)
    profile.username = "root"
    administrator = try #require(
      try await accounts.create(profile, password: nil, by: Self.actor).account
    ).id
  }

  private static var ring: KeyRing {
    KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32))))
  }

  /// Other accounts on the same stores, which know nothing of the first one's cache.
  func otherNode() -> Accounts { Accounts(store: store, sessions: sessions, hasher: hasher, clock: clock) }

  /// Creates an account that must be admitted, with ``password`` unless told otherwise.
  @discardableResult
  func create(
    _ email: String?, password: NewPassword? = .plain(AccountsWorld.password),
    _ change: (inout AccountProfile) -> Void = { _ in }
  ) async throws -> Account {
    var profile = AccountProfile()
    profile.email = email.flatMap { EmailAddress($0) }
    change(&profile)
    return try #require(try await accounts.create(profile, password: password, by: Self.actor).account)
  }

  static func context(
    _ address: String = "192.0.2.1", presented: SessionID? = nil, userAgent: ExactText? = nil
  ) -> LoginContext {
    LoginContext(
      actor: Actor(.user, address: address), address: address, userAgent: userAgent, presented: presented)
  }

  func logIn(
    _ email: String, _ password: String = AccountsWorld.password, from address: String = "192.0.2.1",
    presented: SessionID? = nil
  ) async throws(StoreError) -> LoginVerdict {
    try await logins.logIn(
      email: email, password: password, as: Self.context(address, presented: presented))
  }

  /// Opens a session for an account as a service does.
  @discardableResult
  func openSession(of id: AccountID) async throws -> Session {
    guard case .opened(let session, _, _) = try await sessions.open(SessionDraft(userID: id.userID), by: Self.actor)
    else { throw StoreError(.corrupt, "The session was not opened.") }
    return session
  }

  /// The live sessions of an account.
  func liveSessions(of id: AccountID) async throws -> [Session] {
    var filter = SessionFilter()
    filter.userID = id.userID
    filter.isAlive = true
    return try await sessions.sessions(matching: SessionQuery(filter)).sessions
  }

  /// The reasons of the log's entries of a kind, in order.
  func reasons(_ kind: Event.Kind) async throws -> [String] {
    try await events(kind).map { $0.reason ?? "" }
  }

  /// The log's entries of a kind, in order.
  func events(_ kind: Event.Kind) async throws -> [Event] {
    try await store.events(after: 0, kinds: [kind], limit: 10_000).entries.map(\.event)
  }
}

extension AccountVerdict {
  var account: Account? { if case .done(let account) = self { account } else { nil } }
  var isDone: Bool { account != nil }
}

extension LoginVerdict {
  var opened: (session: Session, token: SessionToken, account: Account)? {
    if case .opened(let session, let token, let account) = self { (session, token, account) } else { nil }
  }
  var isRefused: Bool { if case .refused = self { true } else { false } }
  var isBusy: Bool { if case .busy = self { true } else { false } }
  var wait: TimeSpan? { if case .wait(let retryAfter) = self { retryAfter } else { nil } }
  var invalidMember: String? { if case .invalid(let member, _) = self { member } else { nil } }
}

/// What `count` calls of `body` answer that run at once.
func inParallel<Answer: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Answer
) async throws -> [Answer] {
  try await withThrowingTaskGroup(of: Answer.self) { group in
    for index in 0..<count { group.addTask { try await body(index) } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
}
