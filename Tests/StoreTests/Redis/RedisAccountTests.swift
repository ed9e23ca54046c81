#if Redis
  import Accounts
  import RedisDriver
  import RedisStore
  import SessionCore
  import Testing

  @Suite("Accounts in Redis") struct RedisAccountTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let actor = Actor(.service, name: "tests")
    private let hash = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA")

    private var profile: AccountProfile {
      var profile = AccountProfile(level: .user)
      profile.email = EmailAddress("Anna@Example.ORG")
      profile.username = "anna"
      profile.links = [IdentityLink(issuer: "https://a.example", subject: "1")]
      return profile
    }

    private func add(_ profile: AccountProfile, to store: RedisStore) async throws -> Account {
      let outcome = try await store.insert(profile, password: hash, by: actor, now: now)
      guard case .inserted(let account) = outcome else { throw StoreError(.corrupt, "\(outcome)") }
      return account
    }

    @Test("a person can read the accounts, without their passwords", arguments: RedisPlace.addresses)
    func readable(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let account = try await add(profile, to: store)
        let fields = try await place.fields(place.inDirectory("account:\(account.id)"))
        #expect(
          fields == [
            "email": "Anna@Example.ORG", "email_key": "Anna@example.org", "username": "anna", "level": "A",
            "is_active": "1", "is_verified": "0", "created": "1700000000000", "revision": "1", "has_password": "1",
            "links": "1", "link1_issuer": "https://a.example", "link1_subject": "1",
          ])
        #expect(try await place.ask("GET", place.inDirectory("password:\(account.id)")).asText == hash.text)
        let index = try await place.fields(place.inDirectory("account_by_email"))
        #expect(index == ["Anna@example.org": "\(account.id)"])
      }
    }

    @Test("of a service key a person finds only the digest", arguments: RedisPlace.addresses)
    func readableKey(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let key = try await store.insertKey(
          name: "backend", scopes: [.admin, .sessionsRead], expires: nil, digest: [0, 171, 255], by: actor, now: now)
        #expect(
          try await place.fields(place.inDirectory("service_key:\(key.id)")) == [
            "digest": "00abff", "name": "backend", "scopes": "sessions:read admin", "created": "1700000000000",
          ])
      }
    }

    @Test("nothing of a removed account is left", arguments: RedisPlace.addresses)
    func removal(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        _ = try await add(.init(level: .administrator), to: store)
        let account = try await add(profile, to: store)
        var idle = profile
        idle.isActive = false
        _ = try await store.replace(idle, of: account.id, revision: 1, by: actor, now: now)
        _ = try await store.remove(account.id, by: actor, now: now)
        for name in [
          "account:\(account.id)", "password:\(account.id)", "account_by_email", "account_by_username",
          "account_by_link", "accounts:U", "accounts:inactive", "accounts:U:inactive", "closings_due",
        ] {
          #expect(try await place.ask("EXISTS", place.inDirectory(name)).asInteger == 0, "\(name)")
        }
      }
    }

    private static let damages: [[RedisArgument]] = [
      ["HSET", "level", "X"], ["HDEL", "level"], ["HSET", "email", "no address"], ["HSET", "email", "Anna@other.org"],
      ["HDEL", "email"], ["HDEL", "email_key"], ["HSET", "is_active", "yes"], ["HSET", "created", "1e3"],
      ["HDEL", "created"], ["HSET", "revision", ""], ["HSET", "links", "-1"], ["HSET", "links", "9223372036854775807"],
      ["HDEL", "link1_issuer"], ["HDEL", "link1_subject"], ["HDEL", "has_password"],
    ]

    @Test("an account that this version can't read is an error", arguments: RedisPlace.addresses, damages.indices)
    func damaged(address: String, damage: Int) async throws {
      let words = Self.damages[damage]
      try await RedisPlace.use(address) { place, store async throws in
        let account = try await add(profile, to: store)
        let key = place.inDirectory("account:\(account.id)")
        _ = try await place.client.send(RedisCommand([words[0], key] + words[1...], route: .key(key)))
        let before = try await place.fields(key)
        for read in [
          { _ = try await store.account(account.id) }, { _ = try await store.account(username: "anna") },
          { _ = try await store.account(link: profile.links[0]) }, { _ = try await store.page(AccountQuery()) },
          { _ = try await store.remove(account.id, by: actor, now: now) },
          { _ = try await store.replace(profile, of: account.id, revision: 1, by: actor, now: now) },
        ] as [() async throws -> Void] {
          let refusal = await #expect(throws: StoreError.self) { try await read() }
          #expect(refusal?.code == .corrupt)
        }
        #expect(try await place.fields(key) == before)
      }
    }

    @Test("text that is no UTF-8 is an error", arguments: RedisPlace.addresses)
    func garbled(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let account = try await add(profile, to: store)
        let key = place.inDirectory("account:\(account.id)")
        _ = try await place.ask("HSET", key, "name", RedisArgument([0xFF, 0xC0]))
        let refusal = await #expect(throws: StoreError.self) { try await store.account(account.id) }
        #expect(refusal?.code == .corrupt)
      }
    }

    @Test(
      "a debt or a service key that this version can't read is an error, and stays", arguments: RedisPlace.addresses)
    func damagedRest(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let account = try await add(profile, to: store)
        let key = try await store.insertKey(
          name: "k", scopes: [.admin], expires: nil, digest: [1], by: actor, now: now)
        let debtor = place.inDirectory("account:\(account.id)")
        _ = try await place.ask("HSET", debtor, "closing_due", "1", "closing_except", "nobody")
        _ = try await place.ask("ZADD", place.inDirectory("closings_due"), "1", RedisArgument(account.id.number))
        _ = try await place.ask("HSET", place.inDirectory("service_key:\(key.id)"), "scopes", "admin everything")
        for read in [
          { _ = try await store.closingsDue(limit: 10) }, { _ = try await store.serviceKey(digest: [1]) },
          { _ = try await store.serviceKeys(after: 0, limit: 10) },
          { _ = try await store.revokeKey(key.id, by: actor, now: now) },
          {
            _ = try await store.setPassword(
              PasswordHash("$2"), replacing: hash, closing: ClosingDue(), of: account.id, by: actor, now: now)
          },
        ] as [() async throws -> Void] {
          let refusal = await #expect(throws: StoreError.self) { try await read() }
          #expect(refusal?.code == .corrupt)
        }
        #expect(try await store.passwordHash(of: account.id) == hash)
        #expect(try await place.ask("EXISTS", place.inDirectory("service_key:\(key.id)")).asInteger == 1)
      }
    }

    @Test("revisions beyond what floating point holds are exact", arguments: RedisPlace.addresses)
    func revisions(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let account = try await add(profile, to: store)
        let key = place.inDirectory("account:\(account.id)")
        let large = Int64(1 << 53) + 1
        _ = try await place.ask("HSET", key, "revision", RedisArgument(large))
        for near in [large - 1, large + 1] {
          let outcome = try await store.replace(account.profile, of: account.id, revision: near, by: actor, now: now)
          #expect(outcome == .conflict)
        }
        _ = try await store.replace(account.profile, of: account.id, revision: large, by: actor, now: now)
        #expect(try await store.account(account.id)?.revision == large + 1)
        _ = try await place.ask("HSET", key, "revision", RedisArgument(Int64.max))
        await #expect(throws: StoreError.self) {
          try await store.replace(.init(level: .administrator), of: account.id, revision: .max, by: actor, now: now)
        }
        #expect(try await store.account(username: "anna")?.profile == account.profile, "nothing was changed")
      }
    }

    @Test("after the server has been another one, numbers go on well above", arguments: RedisPlace.addresses)
    func numbers(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let first = try await add(.init(level: .administrator), to: store)
        #expect(try await add(profile, to: store).id.number == first.id.number + 1)
        let key = try await store.insertKey(name: "k", scopes: [], expires: nil, digest: [1], by: actor, now: now)
        _ = try await place.ask("HSET", place.inDirectory("numbers"), "server", "another")
        let next = try await add(.init(level: .user), to: store)
        #expect(next.id.number == first.id.number + 10_002)
        #expect(try await add(.init(level: .user), to: store).id.number == next.id.number + 1)
        let later = try await store.insertKey(name: "k", scopes: [], expires: nil, digest: [2], by: actor, now: now)
        #expect(later.id == key.id + 10_001)
      }
    }

    @Test("lists and counts go on over more accounts than one step looks at", arguments: RedisPlace.addresses)
    func longLists(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let count = 1150
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<count {
            group.addTask {
              var profile = AccountProfile(level: .user)
              profile.isVerified = number % 400 == 0
              _ = try await store.insert(profile, password: nil, by: actor, now: now)
            }
          }
          try await group.waitForAll()
        }
        let all = try await store.page(AccountQuery(limit: .max, counts: true))
        #expect(all.accounts.count == count)
        #expect(all.count == count)
        #expect(all.next == nil)
        #expect(all.accounts.map(\.id) == all.accounts.map(\.id).sorted())
        var filter = AccountFilter()
        filter.isVerified = true
        let expected = all.accounts.filter(\.profile.isVerified)
        for isDescending in [false, true] {
          let found = try await store.page(
            AccountQuery(filter, isDescending: isDescending, limit: expected.count, counts: true))
          #expect(found.accounts == (isDescending ? expected.reversed() : expected))
          #expect(found.count == expected.count)
          #expect(found.next == nil)
        }
      }
    }
  }
#endif
