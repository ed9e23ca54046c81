#if PostgreSQL
  import Accounts
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore
  import Testing

  @Suite("Accounts in the PostgreSQL store", .enabled(if: PostgreSQLPlace.address != nil))
  struct PostgreSQLAccountTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let actor = Actor(.service, name: "tests")
    private let hash = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA")
    private let window = TimeSpan.minutes(15)

    private var profile: AccountProfile {
      var profile = AccountProfile(level: .user)
      profile.email = EmailAddress("Anna@Example.ORG")
      profile.username = "anna"
      profile.links = [IdentityLink(issuer: "https://a.example", subject: "1")]
      return profile
    }

    private func add(_ profile: AccountProfile, to store: PostgreSQLStore) async throws -> Account {
      let outcome = try await store.insert(profile, password: hash, by: actor, now: now)
      guard case .inserted(let account) = outcome else { throw StoreError(.corrupt, "\(outcome)") }
      return account
    }

    /// Runs `body` with a store, and with somebody else's connection to its tables.
    private func onStore(_ body: (PostgreSQLStore, PostgreSQLConnection) async throws -> Void) async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(store, try place.connect())) } catch { outcome = .failure(error) }
        await store.shutdown()
        try outcome.get()
      }
    }

    @Test("a change whose event can't be written is not made")
    func oneStep() async throws {
      try await onStore { store, other in
        let account = try await add(profile, to: store)
        let key = try await store.insertKey(name: "k", scopes: [], expires: nil, digest: [1], by: actor, now: now)
        try other.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
          CREATE TRIGGER refuse BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse();
          """)
        var changed = account.profile
        (changed.name, changed.links) = ("Anna", [])
        let new = PasswordHash("$2")
        for change in [
          { _ = try await store.insert(AccountProfile(level: .user), password: nil, by: actor, now: now) },
          { _ = try await store.replace(changed, of: account.id, revision: 1, by: actor, now: now) },
          {
            _ = try await store.setPassword(
              new, replacing: hash, closing: ClosingDue(), of: account.id, by: actor, now: now)
          },
          { _ = try await store.insertKey(name: "l", scopes: [], expires: nil, digest: [9], by: actor, now: now) },
          { _ = try await store.revokeKey(key.id, by: actor, now: now) },
        ] as [() async throws -> Void] {
          await #expect(throws: StoreError.self) { try await change() }
        }
        #expect(try await store.account(account.id) == account)
        #expect(try await store.passwordHash(of: account.id) == hash)
        #expect(try await store.closingsDue(limit: 10).isEmpty)
        #expect(try await store.page(AccountQuery(counts: true)).count == 1)
        #expect(try await store.serviceKeys(after: 0, limit: 10) == [key])
      }
    }

    @Test("an account that this version can't read is an error, whatever leads to it")
    func damagedAccount() async throws {
      try await onStore { store, other in
        let account = try await add(profile, to: store)
        for damage in [
          "level = 'X'", "level = ''", "email = 'no address'", "email = 'Anna@other.org'", "email = NULL",
          "email_key = NULL", "first_name = E'\\x01'", "name = E'a\\x01\\x03'",
        ] {
          try other.execute("UPDATE account SET \(damage)")
          for read in [
            { _ = try await store.account(account.id) }, { _ = try await store.account(username: "anna") },
            { _ = try await store.account(link: profile.links[0]) }, { _ = try await store.page(AccountQuery()) },
          ] as [() async throws -> Void] {
            let refusal = await #expect(throws: StoreError.self, "\(damage)") { try await read() }
            #expect(refusal?.code == .corrupt, "\(damage)")
          }
          try other.execute(
            """
            UPDATE account SET level = 'A', email = 'Anna@Example.ORG', email_key = 'Anna@example.org',
              first_name = NULL, name = NULL
            """)
          #expect(try await store.account(account.id) == account)
        }
      }
    }

    @Test("a debt, a service key or a count that this version can't read is an error, or harmless")
    func damagedRest() async throws {
      try await onStore { store, other in
        let account = try await add(profile, to: store)
        let key = try await store.insertKey(
          name: "k", scopes: [.admin], expires: nil, digest: [1], by: actor, now: now)
        let rule = AttemptRule(key: "a", limit: 3, window: window)
        _ = try await store.countAttempt([rule], now: now)
        try other.execute("UPDATE account SET closing_due = true, closing_except = 'nobody'")
        try other.execute("UPDATE service_key SET scopes = 'admin everything'")
        for read in [
          { _ = try await store.closingsDue(limit: 10) }, { _ = try await store.serviceKey(digest: [1]) },
          { _ = try await store.serviceKeys(after: 0, limit: 10) },
          { _ = try await store.revokeKey(key.id, by: actor, now: now) },
        ] as [() async throws -> Void] {
          let refusal = await #expect(throws: StoreError.self) { try await read() }
          #expect(refusal?.code == .corrupt)
        }
        // A debt but for nobody, and another one, are a debt of all.
        let due = ClosingDue(except: SessionID(high: 1, low: 2))
        #expect(
          try await store.setPassword(
            PasswordHash("$2"), replacing: hash, closing: due, of: account.id, by: actor, now: now))
        #expect(try await store.closingsDue(limit: 10).map(\.due) == [ClosingDue()])
        try other.execute(
          "UPDATE login_attempt SET count = \(Int64.max), end_time = \(Int64.max), not_before = \(Int64.min)")
        let long = AttemptRule(key: "a", limit: 3, window: .days(.max))
        #expect(try await store.countAttempt([long], now: now) == .refused(retryAfter: Timestamp.latest - now))
        let endless = AttemptRule(key: "a", limit: .max, window: .days(.max))
        #expect(try await store.countAttempt([endless], now: now) == .allowed)
        try other.execute("UPDATE login_attempt SET count = \(Int64.min), end_time = \(Int64.min)")
        #expect(try await store.countAttempt([rule], now: now) == .allowed)
      }
    }

    @Test("guessing beyond the limit writes nothing")
    func refusals() async throws {
      try await onStore { store, other in
        let rule = AttemptRule(key: "a", limit: 1, window: window)
        _ = try await store.countAttempt([rule], now: now)
        let version: PostgreSQLStatement = "SELECT concat(ctid, ' ', xmin) FROM login_attempt"
        let before = try other.rows(version).first?.text(0)
        #expect(before != nil)
        for _ in 0..<20 { _ = try await store.countAttempt([rule], now: now) }
        #expect(try other.rows(version).first?.text(0) == before)
      }
    }

    @Test("what a person changes by hand is told, and that a debt was settled is not")
    func notes() async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        let account = try await add(profile, to: store)
        let key = try await store.insertKey(name: "k", scopes: [], expires: nil, digest: [1], by: actor, now: now)
        let listener = try place.connect()
        try listener.listen(to: place.namespace)
        let other = try place.connect()
        try other.execute("UPDATE account SET is_active = false, closing_due = true WHERE id = \(account.id.number)")
        try other.execute("DELETE FROM service_key WHERE id = \(key.id)")
        try await store.settleClosing(of: account.id, due: ClosingDue())
        try other.execute("DELETE FROM account; SELECT pg_notify('\(place.namespace)', 'end')")
        var heard: [String] = []
        while !heard.contains("end") { heard += try listener.notifications(until: .now + .seconds(20)) }
        #expect(heard == ["a \(account.id.number)", "k", "a \(account.id.number)", "end"])
        await store.shutdown()
      }
    }

    @Test("a schema from before accounts gets them, and keeps its sessions")
    func migration() async throws {
      try await PostgreSQLPlace.use { place in
        do {
          let old = try place.connect()
          try old.execute("CREATE SCHEMA \(place.namespace)")
          try old.execute("CREATE TABLE migration (version integer PRIMARY KEY, applied timestamptz)")
          try old.execute(PostgreSQLSchema.migrations[0] + "; INSERT INTO migration (version) VALUES (1)")
          try old.execute(
            """
            INSERT INTO session (id, user_id, open_time, request_time, renew_time, idle_timeout, lifetime, generation,
              is_remembered, revision)
            VALUES ('\(SessionID(high: 1, low: 1))', '1', \(now.milliseconds), \(now.milliseconds), \(now.milliseconds),
              3600000, 86400000, 0, false, 1)
            """)
        }
        let store = try await place.open()
        #expect(try await store.session(SessionID(high: 1, low: 1))?.userID == "1")
        let account = try await add(profile, to: store)
        #expect(try await store.accountSessions(AccountSessionQuery(), now: now).rows.first?.account?.id == account.id)
        await store.shutdown()
      }
    }

    @Test("a person can read the accounts, and finds of a key only its digest")
    func readable() async throws {
      try await onStore { store, other in
        let account = try await add(profile, to: store)
        _ = try await store.insertKey(
          name: "backend", scopes: [.admin, .sessionsRead], expires: nil, digest: [0, 171, 255], by: actor, now: now)
        let row = try other.rows("SELECT id, email, email_key, username, standing, user_id FROM account")[0]
        #expect(row.int(0) == account.id.number)
        #expect(
          (1...5).map { row.text($0) } == [
            "Anna@Example.ORG", "Anna@example.org", "anna", "A active", account.id.description,
          ])
        let key = try other.rows("SELECT digest, scopes FROM service_key")[0]
        #expect([key.text(0), key.text(1)] == ["00abff", "sessions:read admin"])
      }
    }
  }
#endif
