#if Redis
  import Accounts
  import RedisDriver
  import RedisStore
  import SessionCore
  import Testing

  @Suite("Log-in notes in Redis") struct RedisLoginTests {
    // Far from the server's clock: what the server expires goes by what is left, not by the date.
    private let now = Timestamp(milliseconds: 1_000_000_000_000)
    private let day: Int64 = 86_400_000

    @Test("a person can read what was counted", arguments: RedisPlace.addresses)
    func readable(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let rule = AttemptRule(key: "a", limit: 3, window: .seconds(10), delayAfter: 1, firstDelay: .seconds(2))
        #expect(try await store.countAttempt([rule], now: now) == .allowed)
        #expect(
          try await place.fields(place.inLogins("attempt:a")) == [
            "count": "1", "end_time": "1000000010000", "not_before": "1000000002000",
          ])
        #expect(try await store.useOnce("t", until: now + .seconds(5), now: now))
        #expect(try await place.ask("GET", place.inLogins("used:t")).asText == "1000000005000")
      }
    }

    @Test("the server lets notes go by itself, a day after their time", arguments: RedisPlace.addresses)
    func expiry(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        func expectExpiry(_ name: String, after time: Int64) async throws {
          let left = try #require(try await place.ask("PTTL", place.inLogins(name)).asInteger)
          #expect(left <= time + day && left > time + day - 3_600_000, "\(name): \(left)")
        }
        let rule = AttemptRule(key: "a", limit: 9, window: .days(10))
        _ = try await store.countAttempt([rule], now: now)
        try await expectExpiry("attempt:a", after: 10 * day)
        _ = try await store.countAttempt([rule], now: now + .days(4))
        try await expectExpiry("attempt:a", after: 6 * day)
        try await expectExpiry("attempts", after: 10 * day)
        _ = try await store.useOnce("t", until: now + .days(3), now: now)
        _ = try await store.useOnce("u", until: now - .days(3), now: now)
        try await expectExpiry("used:t", after: 3 * day)
        try await expectExpiry("used:u", after: 0)
        try await expectExpiry("used", after: 3 * day)
        _ = try await store.useOnce("latest", until: .latest, now: .earliest)
        try await expectExpiry("used", after: Timestamp.latest.milliseconds - Timestamp.earliest.milliseconds)
      }
    }

    @Test(
      "what the server has let go is counted by the purging, and as good as never noted",
      arguments: RedisPlace.addresses)
    func expired(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let rule = AttemptRule(key: "a", limit: 1, window: .minutes(1))
        _ = try await store.countAttempt([rule], now: now)
        _ = try await store.useOnce("t", until: now, now: now)
        _ = try await place.ask("DEL", place.inLogins("attempt:a"))
        _ = try await place.ask("DEL", place.inLogins("used:t"))
        #expect(try await store.countAttempt([rule], now: now) == .allowed)
        #expect(try await store.useOnce("t", until: now, now: now))
        _ = try await place.ask("DEL", place.inLogins("attempt:a"))
        _ = try await place.ask("DEL", place.inLogins("used:t"))
        #expect(try await store.purgeLoginNotes(now: now + .minutes(1), limit: 10) == 2)
        #expect(try await place.ask("EXISTS", place.inLogins("attempts")).asInteger == 0)
        #expect(try await place.ask("EXISTS", place.inLogins("used")).asInteger == 0)
      }
    }

    @Test("guessing beyond the limit writes nothing", arguments: RedisPlace.addresses)
    func refusals(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let rule = AttemptRule(key: "a", limit: 1, window: .minutes(1))
        let other = AttemptRule(key: "b", limit: 1, window: .minutes(1))
        _ = try await store.countAttempt([rule], now: now)
        let before = try await place.fields(place.inLogins("attempt:a"))
        _ = try await store.countAttempt([other, rule], now: now)
        #expect(try await place.fields(place.inLogins("attempt:a")) == before)
        #expect(try await place.ask("EXISTS", place.inLogins("attempt:b")).asInteger == 0)
        #expect(try await place.ask("ZCARD", place.inLogins("attempts")).asInteger == 1)
      }
    }

    @Test("a count at the ends of what numbers hold is taken for what it says", arguments: RedisPlace.addresses)
    func extremes(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        let key = place.inLogins("attempt:a")
        let rule = AttemptRule(key: "a", limit: 3, window: .days(.max))
        func write(_ count: Int64, _ end: Int64, _ notBefore: Int64) async throws {
          _ = try await place.ask(
            "HSET", key, "count", RedisArgument(count), "end_time", RedisArgument(end), "not_before",
            RedisArgument(notBefore))
        }
        try await write(.max, .max, .min)
        #expect(try await store.countAttempt([rule], now: now) == .refused(retryAfter: .latest - now))
        var endless = rule
        endless.limit = .max
        #expect(try await store.countAttempt([endless], now: now) == .allowed)
        try await write(.min, .min, .max)
        #expect(try await store.countAttempt([rule], now: now) == .allowed)
        for (name, value) in [("count", "many"), ("end_time", ""), ("not_before", "nan"), ("count", "0x10")] {
          try await write(0, now.milliseconds + 1, 0)
          _ = try await place.ask("HSET", key, RedisArgument(name), RedisArgument(value))
          let refusal = await #expect(throws: StoreError.self) { try await store.countAttempt([rule], now: now) }
          #expect(refusal?.code == .corrupt, "\(name) \(value)")
          #expect(try await place.fields(key)[name] == value)
        }
      }
    }

    @Test("more notes than one step purges go all the same", arguments: RedisPlace.addresses)
    func manyNotes(address: String) async throws {
      try await RedisPlace.use(address) { place, store async throws in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<1300 {
            group.addTask { _ = try await store.useOnce("\(number)", until: now, now: now) }
          }
          try await group.waitForAll()
        }
        #expect(try await store.purgeLoginNotes(now: now, limit: 1100) == 1100)
        #expect(try await store.purgeLoginNotes(now: now, limit: .max) == 200)
      }
    }
  }
#endif
