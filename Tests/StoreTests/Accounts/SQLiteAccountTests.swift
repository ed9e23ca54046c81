import Accounts
import SQLiteDriver
@testable import SQLiteStore
import SessionCore
import Testing

@Suite("Accounts in the SQLite store") struct SQLiteAccountTests {
  private let folder: TemporaryFolder
  private let path: String
  private let now = Timestamp(milliseconds: 1_700_000_000_000)
  private let actor = Actor(.service, name: "tests")
  private let hash = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA")
  private let window = TimeSpan.minutes(15)

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file()
  }

  private var profile: AccountProfile {
    var profile = AccountProfile(level: .user)
    profile.email = EmailAddress("Anna@Example.ORG")
    profile.username = "anna"
    profile.links = [IdentityLink(issuer: "https://a.example", subject: "1")]
    return profile
  }

  private func add(_ profile: AccountProfile, to store: SQLiteStore) async throws -> Account {
    let outcome = try await store.insert(profile, password: hash, by: actor, now: now)
    guard case .inserted(let account) = outcome else { throw StoreError(.corrupt, "\(outcome)") }
    return account
  }

  @Test("accounts, debts, log-in notes, keys and their events are there after closing and opening again")
  func reopening() async throws {
    let store = try await SQLiteStore(path: path)
    let account = try await add(profile, to: store)
    let gone = try await add(AccountProfile(level: .user), to: store)
    _ = try await store.remove(gone.id, by: actor, now: now)
    let due = ClosingDue(except: SessionID(high: 1, low: 2))
    #expect(
      try await store.setPassword(
        PasswordHash("$2"), replacing: hash, closing: due, of: account.id, by: actor, now: now))
    let rule = AttemptRule(key: "a", limit: 1, window: window)
    #expect(try await store.countAttempt([rule], now: now) == .allowed)
    #expect(try await store.useOnce("token", until: now + window, now: now))
    let digest = [UInt8](repeating: 7, count: 32)
    let key = try await store.insertKey(
      name: "backend", scopes: [.accountsRead, .eventsRead], expires: now + window, digest: digest, by: actor, now: now)
    let revoked = try await store.insertKey(
      name: "old", scopes: [], expires: nil, digest: [1], by: actor, now: now)
    _ = try await store.revokeKey(revoked.id, by: actor, now: now)
    await store.shutdown()

    let again = try await SQLiteStore(path: path)
    var expected = account
    expected.revision = 2
    #expect(try await again.account(account.id) == expected)
    #expect(try await again.account(link: profile.links[0]) == expected)
    #expect(try await again.passwordHash(of: account.id)?.text == "$2")
    #expect(try await again.closingsDue(limit: 10).map(\.due) == [due])
    #expect(try await again.countAttempt([rule], now: now) == .refused(retryAfter: window))
    #expect(try await !again.useOnce("token", until: now + window, now: now))
    #expect(try await again.serviceKey(digest: digest) == key)
    #expect(try await again.events(after: 0, kinds: nil, limit: 100).entries.count == 7)
    // The highest numbers were removed before, and are not given again.
    #expect(try await add(AccountProfile(level: .user), to: again).id > gone.id)
    let next = try await again.insertKey(
      name: "next", scopes: [], expires: nil, digest: [2], by: actor, now: now)
    #expect(next.id > revoked.id)
    await again.shutdown()
  }

  @Test("a change whose event can't be written is not made")
  func oneStep() async throws {
    let store = try await SQLiteStore(path: path)
    let account = try await add(profile, to: store)
    let digest: [UInt8] = [1, 2, 3]
    let key = try await store.insertKey(name: "k", scopes: [], expires: nil, digest: digest, by: actor, now: now)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'refused'); END")
    var changed = account.profile
    (changed.name, changed.links) = ("Anna", [])
    await #expect(throws: StoreError.self) {
      try await store.insert(AccountProfile(level: .user), password: nil, by: actor, now: now)
    }
    await #expect(throws: StoreError.self) {
      try await store.replace(changed, of: account.id, revision: 1, by: actor, now: now)
    }
    await #expect(throws: StoreError.self) {
      try await store.setPassword(
        PasswordHash("$2"), replacing: hash, closing: ClosingDue(), of: account.id, by: actor, now: now)
    }
    await #expect(throws: StoreError.self) {
      try await store.insertKey(name: "l", scopes: [], expires: nil, digest: [9], by: actor, now: now)
    }
    await #expect(throws: StoreError.self) { try await store.revokeKey(key.id, by: actor, now: now) }
    #expect(try await store.account(account.id) == account)
    #expect(try await store.passwordHash(of: account.id) == hash)
    #expect(try await store.closingsDue(limit: 10).isEmpty)
    #expect(try await store.page(AccountQuery(counts: true)).count == 1)
    #expect(try await store.serviceKeys(after: 0, limit: 10) == [key])
    await store.shutdown()
  }

  private static let damages = [
    "UPDATE account SET level = 'X'", "UPDATE account SET level = ''", "UPDATE account SET email = 'no address'",
    "UPDATE account SET email = 'Anna@other.org'", "UPDATE account SET email = NULL",
    "UPDATE account SET email_key = NULL", "UPDATE account_link SET account_id = -5; UPDATE account SET id = -5",
  ]

  @Test("an account that this version can't read is an error, whatever leads to it", arguments: damages)
  func damagedAccount(damage: String) async throws {
    let store = try await SQLiteStore(path: path)
    let account = try await add(profile, to: store)
    try SQLiteConnection(path: path, mode: .readWrite).execute(damage)
    let isMoved = damage.contains("id = -5")
    for read in [
      { _ = try await store.account(username: "anna") },
      { _ = try await store.account(link: IdentityLink(issuer: "https://a.example", subject: "1")) },
      { _ = try await store.page(AccountQuery()) },
    ] as [() async throws -> Void] {
      let refusal = await #expect(throws: StoreError.self) { try await read() }
      #expect(refusal?.code == .corrupt)
    }
    if !isMoved {
      let refusal = await #expect(throws: StoreError.self) { try await store.account(account.id) }
      #expect(refusal?.code == .corrupt)
    }
    await store.shutdown()
  }

  @Test("a debt, a service key or a count that this version can't read is an error, or harmless")
  func damagedRest() async throws {
    let store = try await SQLiteStore(path: path)
    let account = try await add(profile, to: store)
    _ = try await store.insertKey(name: "k", scopes: [.admin], expires: nil, digest: [1], by: actor, now: now)
    let rule = AttemptRule(key: "a", limit: 3, window: window)
    _ = try await store.countAttempt([rule], now: now)
    let other = try SQLiteConnection(path: path, mode: .readWrite)
    try other.execute("UPDATE account SET closing_due = 1, closing_except = 'nobody'")
    try other.execute("UPDATE service_key SET scopes = 'admin everything'")
    for read in [
      { _ = try await store.closingsDue(limit: 10) }, { _ = try await store.serviceKey(digest: [1]) },
      { _ = try await store.serviceKeys(after: 0, limit: 10) },
      { _ = try await store.revokeKey(1, by: actor, now: now) },
      {
        _ = try await store.setPassword(
          PasswordHash("$2"), replacing: hash, closing: ClosingDue(), of: account.id, by: actor, now: now)
      },
    ] as [() async throws -> Void] {
      let refusal = await #expect(throws: StoreError.self) { try await read() }
      #expect(refusal?.code == .corrupt)
    }
    try other.execute(
      "UPDATE login_attempt SET count = \(Int64.max), end_time = \(Int64.max), not_before = \(Int64.min)")
    let long = AttemptRule(key: "a", limit: 3, window: .days(.max))
    #expect(try await store.countAttempt([long], now: now) == .refused(retryAfter: Timestamp.latest - now))
    let endless = AttemptRule(key: "a", limit: .max, window: .days(.max))
    #expect(try await store.countAttempt([endless], now: now) == .allowed)
    try other.execute("UPDATE login_attempt SET count = \(Int64.min), end_time = \(Int64.min)")
    #expect(try await store.countAttempt([rule], now: now) == .allowed)
    await store.shutdown()
  }

  @Test("a database from before accounts gets them, and keeps its sessions")
  func migration() async throws {
    let session = Session(
      id: SessionID(high: 1, low: 1), userID: "1", openTime: now, idleTimeout: .hours(1), lifetime: .days(1))
    do {
      let old = try SQLiteConnection(path: path, mode: .readWrite)
      try old.execute("CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied TEXT) STRICT")
      for (index, migration) in SQLiteSchema.migrations.prefix(2).enumerated() {
        try old.execute(migration)
        try old.execute("INSERT INTO migrations (version) VALUES (\(index + 1))")
      }
      try old.addOfFirstSchema(session)
    }
    let store = try await SQLiteStore(path: path)
    #expect(try await store.session(session.id) == session)
    let account = try await add(profile, to: store)
    #expect(try await store.account(account.id) == account)
    await store.shutdown()
  }

  @Test("guessing beyond the limit writes nothing")
  func refusals() async throws {
    let store = try await SQLiteStore(path: path)
    let rule = AttemptRule(key: "a", limit: 1, window: window)
    _ = try await store.countAttempt([rule], now: now)
    let before = try size(path + "-wal")
    for _ in 0..<50 { _ = try await store.countAttempt([rule], now: now) }
    #expect(try size(path + "-wal") == before)
    await store.shutdown()
  }

  @Test("a person can read the accounts, and finds of a key only its digest")
  func readable() async throws {
    let store = try await SQLiteStore(path: path)
    _ = try await add(profile, to: store)
    _ = try await store.insertKey(
      name: "backend", scopes: [.admin, .sessionsRead], expires: nil, digest: [0, 171, 255], by: actor, now: now)
    let other = try SQLiteConnection(path: path, mode: .readOnly)
    let row = try other.prepare("SELECT id, email, email_key, username, level, is_active FROM account")
    #expect(try row.step())
    #expect(row.int(0) == 1)
    #expect(row.text(1) == "Anna@Example.ORG")
    #expect(row.text(2) == "Anna@example.org")
    #expect(row.text(3) == "anna")
    #expect(row.text(4) == "A")
    #expect(row.int(5) == 1)
    row.reset()
    let key = try other.prepare("SELECT digest, scopes FROM service_key")
    #expect(try key.step())
    #expect(key.text(0) == "00abff")
    #expect(key.text(1) == "sessions:read admin")
    key.reset()
    await store.shutdown()
  }
}
