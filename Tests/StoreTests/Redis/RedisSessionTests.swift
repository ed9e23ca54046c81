#if Redis
  import RedisDriver
  @testable import RedisStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("Sessions in Redis") struct RedisSessionTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func session(_ number: UInt64, user: ExactText = "anna") -> Session {
      Session(
        id: SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number), userID: user,
        openTime: now - .seconds(Int64(number)), idleTimeout: .hours(1), lifetime: .days(1))
    }

    /// Runs `body` on stores of one new place.
    private func using(
      _ place: RedisSandbox, stores count: Int = 1,
      _ change: (inout RedisStoreConfiguration) -> Void = { _ in },
      _ body: (RedisSandbox, [RedisStore]) async throws -> Void
    ) async throws {
      try await place.another.use { place in
        var stores: [RedisStore] = []
        for _ in 0..<count { stores.append(try await place.open(change)) }
        do { try await body(place, stores) } catch {
          for store in stores { await store.shutdown() }
          throw error
        }
        for store in stores { await store.shutdown() }
      }
    }

    private func add(_ sessions: [Session], to store: RedisStore) async throws {
      let now = now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for session in sessions { group.addTask { _ = try await store.insert(session, limit: nil, now: now) } }
        try await group.waitForAll()
      }
    }

    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
      do { try await body() } catch { return (error as? StoreError)?.code }
      return nil
    }

    @Test("a person can read a session, and what it lacks has no field", arguments: RedisSandbox.all)
    func readable(place: RedisSandbox) async throws {
      try await using(place) { place, stores in
        var session = session(1)
        session.kind = "signup"
        _ = try await stores[0].insert(session, limit: nil, now: now)
        let client = try place.client()
        let key = stores[0].layout.key(of: session.id)
        let words = try await client.send(RedisCommand("HGETALL", key: key)).asArray ?? []
        await client.stop()
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: words.count, by: 2) {
          fields[try #require(words[index].asText)] = words[index + 1].asText
        }
        #expect(
          fields == [
            "user_id": "anna", "kind": "signup", "open_time": "1699999999000", "request_time": "1699999999000",
            "renew_time": "1699999999000", "idle_timeout": "3600000", "lifetime": "86400000", "generation": "0",
            "is_remembered": "0", "revision": "1", "deadline": "1700003599000",
          ])
      }
    }

    @Test(
      "Redis itself forgets a session long after its end, counted from the time that the store is given",
      arguments: RedisSandbox.all)
    func expiry(place: RedisSandbox) async throws {
      try await using(place) { place, stores in
        let store = stores[0]
        let session = session(1)
        let client = try place.client()
        func left() async throws -> Int64 {
          try await client.send(RedisCommand("PTTL", key: store.layout.key(of: session.id))).asInteger ?? -9
        }
        let retention = TimeSpan.days(8).milliseconds
        let slack: Int64 = 60_000
        _ = try await store.insert(session, limit: nil, now: now)
        let atFirst = session.deadline.milliseconds - now.milliseconds + retention
        #expect((atFirst - slack...atFirst).contains(try await left()))
        try await store.touch([SessionTouch(id: session.id, requestTime: now)])
        let touched = TimeSpan.hours(1).milliseconds + retention
        #expect((touched - slack...touched).contains(try await left()))
        _ = try await store.close(session.id, reason: .logout, now: now)
        #expect((retention - slack...retention).contains(try await left()))
        await client.stop()
      }
    }

    @Test("revisions beyond what floating point holds are compared and raised exactly", arguments: RedisSandbox.all)
    func revisions(place: RedisSandbox) async throws {
      try await using(place) { _, stores in
        let store = stores[0]
        var session = session(1)
        session.revision = 9_007_199_254_740_993
        _ = try await store.insert(session, limit: nil, now: now)
        var next = session
        next.revision += 1
        #expect(try await !store.replace(next, revision: session.revision - 1, now: now))
        #expect(try await store.replace(next, revision: session.revision, now: now))
        let closed = try await store.close(session.id, reason: .logout, now: now)
        #expect(closed?.session.revision == 9_007_199_254_740_995)
      }
    }

    @Test("what was deleted by hand vanishes from lists, counts and limits", arguments: RedisSandbox.all)
    func dangling(place: RedisSandbox) async throws {
      try await using(place) { place, stores in
        let store = stores[0]
        let sessions = (1...20).map { number in
          var session = session(UInt64(number))
          (session.kind, session.status) = ("a", "b")
          return session
        }
        try await add(sessions, to: store)
        _ = try await store.close(sessions[19].id, reason: .logout, now: now)
        let client = try place.client()
        for session in sessions.dropFirst(3) {
          _ = try await client.send(RedisCommand("DEL", key: store.layout.key(of: session.id)))
        }
        await client.stop()
        var filters = [SessionFilter](repeating: SessionFilter(), count: 6)
        filters[1].kind = "a"
        filters[2].userID = "anna"
        filters[3].isAlive = true
        filters[4].openedFrom = .earliest
        (filters[5].status, filters[5].isAlive) = ("b", false)
        for (index, filter) in filters.enumerated() {
          let expected = index == 5 ? 0 : 3
          #expect(try await store.count(filter, now: now) == expected, "filter \(index)")
          for order in [SessionOrder.newest, SessionOrder(.requested, isDescending: false)] {
            let page = try await store.page(SessionQuery(filter, order: order), now: now)
            #expect(page.sessions.count == expected && page.next == nil, "filter \(index)")
          }
        }
        let limit = LiveSessionLimit(maximum: 4, overflow: .deny)
        #expect(
          try await store.insert(session(30), limit: limit, now: now) == .inserted(closed: []))
        #expect(try await store.insert(session(31), limit: limit, now: now) == .limitReached)
        #expect(try await store.reap(now: .latest, limit: 100).count == 4)
        #expect(try await store.purge(closedBefore: .latest, limit: 100).count == 4)
      }
    }

    @Test("a session that can't be read is an error, and no other is in its way", arguments: RedisSandbox.all)
    func damage(place: RedisSandbox) async throws {
      try await using(place) { place, stores in
        let store = stores[0]
        let (other, client) = (session(99), try place.client())
        let damages: [[RedisArgument]] = [
          ["HSET", "open_time", "soon"], ["HSET", "revision", "0x10"], ["HDEL", "user_id"], ["HDEL", "lifetime"],
          ["HSET", "close_time", "nan"], ["HSET", "request_time", "99999999999999999999999"],
          ["HSET", "generation", "-1"], ["HSET", "user_id", "\u{0}"],
        ]
        for (number, words) in damages.enumerated() {
          let session = session(UInt64(number + 1))
          _ = try await store.insert(session, limit: nil, now: now)
          let key = store.layout.key(of: session.id)
          var words = words
          words.insert(key, at: 1)
          if number == 7 { words = ["HSET", key, "user_id", RedisArgument([0xFF, 0xFE])] }
          _ = try await client.send(RedisCommand(words, route: .key(key)))
          #expect(await code { _ = try await store.session(session.id) } == .corrupt, "damage \(number)")
          #expect(await code { _ = try await store.page(SessionQuery(), now: now) } == .corrupt, "damage \(number)")
          _ = try await client.send(RedisCommand("DEL", key: key))
        }
        let key = store.layout.key(of: session(50).id)
        _ = try await client.send(RedisCommand("SET", key: key, "text"))
        #expect(await code { _ = try await store.session(session(50).id) } == .corrupt)
        #expect(await code { _ = try await store.insert(session(50), limit: nil, now: now) } == .corrupt)
        await client.stop()
        #expect(try await store.insert(other, limit: nil, now: now) == .inserted(closed: []))
        #expect(try await store.session(other.id) == other)
      }
    }

    @Test("lists and counts are right beyond what is looked at in one step", arguments: RedisSandbox.all)
    func long(place: RedisSandbox) async throws {
      try await using(place) { _, stores in
        let store = stores[0]
        let sessions = (0..<3500 as Range<UInt64>).map { number in
          var session = session(number, user: number % 2 == 0 ? "anna" : "bert")
          session.kind = number % 3 == 0 ? "a" : "b"
          session.status = number % 5 == 0 ? "x" : "y"
          session.requestTime = now - .seconds(Int64(number * 7919 % 3500))
          return number % 4 == 0 ? session.closed(.logout, at: now) : session
        }
        try await add(sessions, to: store)
        var filters = [SessionFilter](repeating: SessionFilter(), count: 6)
        (filters[1].kind, filters[1].status) = ("b", "y")
        (filters[2].kind, filters[2].isAlive) = ("b", true)
        (filters[3].userID, filters[3].isAlive) = ("bert", false)
        filters[4].requestedFrom = now - .seconds(3000)
        filters[4].openedBefore = now - .seconds(100)
        (filters[5].status, filters[5].kind, filters[5].isAlive) = ("y", "a", false)
        for (index, filter) in filters.enumerated() {
          // A part of them has expired by then.
          for time in [now, now + .minutes(40)] {
            let matching = sessions.filter { filter.matches($0, at: time) }
            #expect(try await store.count(filter, now: time) == matching.count, "filter \(index)")
            for order in [SessionOrder.newest, SessionOrder(.requested, isDescending: false)] {
              var query = SessionQuery(filter, order: order, limit: 700)
              var found: [SessionID] = []
              repeat {
                let page = try await store.page(query, now: time)
                found += page.sessions.map(\.id)
                query.after = page.next
              } while query.after != nil
              let expected = matching.sorted { left, right in
                order.precedes(
                  SessionCursor(time: order.time(of: left), id: left.id),
                  SessionCursor(time: order.time(of: right), id: right.id))
              }
              #expect(found == expected.map(\.id), "filter \(index)")
            }
          }
        }
        var skipping = SessionQuery(skip: 3000, limit: 10)
        let newest = sessions.sorted { ($1.openTime, $1.id) < ($0.openTime, $0.id) }
        #expect(try await store.page(skipping, now: now).sessions.map(\.id) == newest[3000..<3010].map(\.id))
        skipping.skip = .max
        skipping.limit = .max
        #expect(try await store.page(skipping, now: now).sessions.isEmpty)
        #expect(
          try await store.close(matching: filters[2], excluding: nil, reason: .revoked, now: now, limit: .max).count
            == sessions.filter { filters[2].matches($0, at: now) }.count)
      }
    }

    @Test(
      "a newer version, other partitions, and an empty place that must not be made are refused",
      arguments: RedisSandbox.all)
    func versions(place: RedisSandbox) async throws {
      try await place.another.use { place in
        #expect(await code { _ = try await place.open { $0.migrates = false } } == .outdated)
        await (try place.open()).shutdown()
        await (try place.open { $0.migrates = false }).shutdown()
        if place.isCluster {
          #expect(await code { _ = try await place.open { $0.clusterPartitions = 8 } } == .corrupt)
        }
        let client = try place.client()
        _ = try await client.send(RedisCommand("HSET", key: "{\(place.namespace)}:meta", "version", "2"))
        #expect(await code { _ = try await place.open() } == .corrupt)
        _ = try await client.send(RedisCommand("HSET", key: "{\(place.namespace)}:meta", "version", "one"))
        #expect(await code { _ = try await place.open() } == .corrupt)
        await client.stop()
        for namespace in ["", "{a}", "a b", "ä", String(repeating: "a", count: 65)] {
          #expect(await code { _ = try await place.open { $0.namespace = namespace } } == .unavailable)
        }
      }
    }

    @Test(
      "an answer waits for replicas if it is told to, and says when too few have confirmed",
      arguments: RedisSandbox.all)
    func replicas(place: RedisSandbox) async throws {
      try await using(place) { place, stores in
        let session = session(1)
        let store = try await place.open { $0.waitReplicas = place.isCluster ? 1 : 0 }
        #expect(try await store.insert(session, limit: nil, now: now) == .inserted(closed: []))
        await store.shutdown()
        #expect(await code { _ = try await place.open { $0.waitReplicas = 3 } } == .unknownOutcome)
      }
    }
  }
#endif
