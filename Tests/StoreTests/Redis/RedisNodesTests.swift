#if Redis
  import RedisDriver
  @testable import RedisStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("Several nodes on one Redis") struct RedisNodesTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func session(_ number: UInt64, user: ExactText = "anna") -> Session {
      Session(
        id: SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number), userID: user,
        openTime: now - .seconds(Int64(number)), idleTimeout: .hours(1), lifetime: .days(1))
    }

    /// Runs `body` on two stores of one new place.
    private func onTwo(
      _ place: RedisSandbox, _ body: (RedisSandbox, RedisStore, RedisStore) async throws -> Void
    ) async throws {
      try await place.another.use { place in
        let (here, there) = (try await place.open(), try await place.open())
        do { try await body(place, here, there) } catch {
          await here.shutdown()
          await there.shutdown()
          throw error
        }
        await here.shutdown()
        await there.shutdown()
      }
    }

    private func live(_ store: RedisStore) async throws -> [Session] {
      var filter = SessionFilter()
      (filter.userID, filter.isAlive) = ("anna", true)
      return try await store.page(SessionQuery(filter, limit: 1000), now: now).sessions
    }

    @Test(
      "of 100 openings at once on two nodes with a limit of 5, exactly 5 live",
      arguments: RedisSandbox.all, LiveSessionLimit.Overflow.allCases)
    func limit(place: RedisSandbox, overflow: LiveSessionLimit.Overflow) async throws {
      try await onTwo(place) { _, here, there in
        let (now, limit) = (now, LiveSessionLimit(maximum: 5, overflow: overflow))
        let sessions = (0..<100 as Range<UInt64>).map { session($0) }
        let outcomes = try await withThrowingTaskGroup(of: InsertOutcome.self) { group in
          for (index, session) in sessions.enumerated() {
            group.addTask { try await (index % 2 == 0 ? here : there).insert(session, limit: limit, now: now) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await live(here).count == 5)
        let evicted = outcomes.flatMap { outcome -> [SessionID] in
          if case .inserted(let evicted) = outcome { evicted.map(\.id) } else { [] }
        }
        #expect(evicted.count == (overflow == .deny ? 0 : 95) && Set(evicted).count == evicted.count)
        #expect(outcomes.count { $0 == .limitReached } == (overflow == .deny ? 95 : 0))
        var alive: Set<SessionID> = []
        for entry in try await there.events(after: 0, kinds: nil, limit: 1000).entries {
          guard let id = entry.event.sessionID else { continue }
          if entry.event.kind == .sessionOpened { alive.insert(id) } else { alive.remove(id) }
          #expect(alive.count <= 5)
        }
        #expect(alive == Set(try await live(there).map(\.id)))
      }
    }

    @Test(
      "of many openings and closings at once, the log never has more alive than the limit",
      arguments: RedisSandbox.all)
    func limitAndClosings(place: RedisSandbox) async throws {
      try await onTwo(place) { _, here, there in
        let (now, limit) = (now, LiveSessionLimit(maximum: 3, overflow: .evictLeastRecent))
        let sessions = (0..<120 as Range<UInt64>).map { session($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
          for (index, session) in sessions.enumerated() {
            group.addTask {
              let (one, other) = index % 2 == 0 ? (here, there) : (there, here)
              _ = try await one.insert(session, limit: limit, now: now)
              if index % 3 == 0 { _ = try await other.close(session.id, reason: .logout, now: now) }
            }
          }
          try await group.waitForAll()
        }
        var alive: Set<SessionID> = []
        for entry in try await here.events(after: 0, kinds: nil, limit: 1000).entries {
          guard let id = entry.event.sessionID else { continue }
          if entry.event.kind == .sessionOpened { alive.insert(id) } else { alive.remove(id) }
          #expect(alive.count <= 3)
        }
        #expect(alive == Set(try await live(there).map(\.id)))
      }
    }

    @Test("changes of two nodes are all in the log, those of one session in their order", arguments: RedisSandbox.all)
    func log(place: RedisSandbox) async throws {
      try await onTwo(place) { _, here, there in
        let now = now
        let sessions = (0..<50 as Range<UInt64>).map { session($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
          for (index, session) in sessions.enumerated() {
            group.addTask {
              var session = session
              _ = try await here.insert(session, limit: nil, now: now)
              for round in 0..<18 {
                session.revision += 1
                session.status = ExactText("\(round)")
                let store = (round + index) % 2 == 0 ? here : there
                _ = try await store.replace(
                  session, revision: session.revision - 1, as: round % 2 == 0 ? .renewed : .updated, by: .tester,
                  now: now + .seconds(Int64(round)))
              }
              _ = try await there.close(session.id, reason: .logout, now: now + .seconds(30))
            }
          }
          try await group.waitForAll()
        }
        let page = try await there.events(after: 0, kinds: nil, limit: 10_000)
        #expect(page.entries.count == 1000)
        #expect(zip(page.entries, page.entries.dropFirst()).allSatisfy { $0.number < $1.number })
        for session in sessions {
          let own = page.entries.filter { $0.event.sessionID == session.id }.map(\.event)
          #expect(own.first?.kind == .sessionOpened && own.last?.kind == .sessionClosed && own.count == 20)
          #expect(own.dropFirst().map(\.time) == own.dropFirst().map(\.time).sorted())
        }
      }
    }

    @Test(
      "what a node has stored before it died is in the log, and once", .timeLimit(.minutes(1)),
      arguments: RedisSandbox.all)
    func deathBeforeTheLog(place: RedisSandbox) async throws {
      try await onTwo(place) { _, here, there in
        let sessions = (0..<30 as Range<UInt64>).map { session($0) }
        for session in sessions {
          // The script alone, as of a node that dies before it moves the entries.
          _ = try await here.insert(
            session, limit: nil, attempt: nil, by: .tester, now: now, deadline: here.deadline())
        }
        await here.shutdown()
        while try await there.events(after: 0, kinds: nil, limit: 100).entries.count < 30 { await Task.yield() }
        let entries = try await there.events(after: 0, kinds: nil, limit: 100).entries
        #expect(Set(entries.compactMap(\.event.sessionID)) == Set(sessions.map(\.id)) && entries.count == 30)
        _ = try await there.close(sessions[0].id, reason: .logout, now: now)
        #expect(try await there.events(after: 0, kinds: nil, limit: 100).entries.count == 31)
      }
    }

    @Test(
      "an opening whose node died counts until it is taken back, and then can't be made any more",
      arguments: RedisSandbox.all.filter(\.isCluster))
    func deathBeforeTheSession(place: RedisSandbox) async throws {
      try await onTwo(place) { place, here, there in
        let late = session(1)
        let attempt = try await here.announce(late, by: here.deadline())
        let limit = LiveSessionLimit(maximum: 1, overflow: .deny)
        let hasty = try await place.open { $0.timeout = TimeSpan(milliseconds: 400) }
        let refused = await #expect(throws: StoreError.self) {
          try await hasty.insert(session(2), limit: limit, now: now)
        }
        #expect(refused?.code == .unavailable)
        await hasty.shutdown()

        let client = try place.client()
        let partition = here.layout.partition(of: late.userID)
        let key = RedisArgument(here.layout.tags[partition].bytes + Array(":openings:anna".utf8))
        let field = RedisArgument("p:\(late.id):\(attempt)")
        let since = try #require(try await client.send(RedisCommand("HGET", key: key, field)).asInteger)
        _ = try await client.send(RedisCommand("HSET", key: key, field, RedisArgument(since - 11_000)))
        #expect(try await there.insert(session(2), limit: limit, now: now) == .inserted(closed: []))
        await #expect(throws: StoreError.self) {
          try await here.store(late, attempt: attempt, by: .tester, now: now, deadline: here.deadline())
        }
        #expect(try await there.session(late.id) == nil)
        #expect(try await live(there).map(\.id) == [session(2).id])
        #expect(try await client.send(RedisCommand("HEXISTS", key: key, field)).asInteger == 0)
        await client.stop()
      }
    }

    @Test(
      "an opening whose node died after it had stored is found and counted",
      arguments: RedisSandbox.all.filter(\.isCluster))
    func deathAfterTheSession(place: RedisSandbox) async throws {
      try await onTwo(place) { _, here, there in
        let stored = session(1)
        let attempt = try await here.announce(stored, by: here.deadline())
        _ = try await here.insert(
          stored, limit: nil, attempt: attempt, by: .tester, now: now, deadline: here.deadline())
        #expect(try await live(there).map(\.id) == [stored.id])
        let limit = LiveSessionLimit(maximum: 1, overflow: .evictOldest)
        #expect(
          try await there.insert(session(0), limit: limit, now: now)
            == .inserted(closed: [stored.ended(.evicted, at: now)]))
      }
    }
  }

  extension Session {
    fileprivate func ended(_ reason: CloseReason, at time: Timestamp) -> Session {
      var session = closed(reason, at: time)
      session.revision += 1
      return session
    }
  }
#endif
