#if MongoDB
  import JSON
  import MongoDriver
  import MongoStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("The MongoDB store", .enabled(if: MongoPlace.shared != nil)) struct MongoStoreTests {
    @Test("what was stored is there for the next that opens it")
    func reopening() async throws {
      try await MongoPlace.use { place in
        let first = try await place.open()
        _ = try await first.insert(place.session(1), limit: nil, now: place.now)
        await first.shutdown()
        let second = try await place.open { $0.migrates = false }
        #expect(try await second.session(place.session(1).id) == place.session(1))
        await second.shutdown()
      }
    }

    @Test("ten that open an empty place at once all can")
    func migrations() async throws {
      try await MongoPlace.use { place in
        let stores = try await withThrowingTaskGroup(of: MongoStore.self) { group in
          for _ in 0..<10 { group.addTask { try await place.open { $0.connections = 4 } } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        _ = try await stores[0].insert(place.session(1), limit: nil, now: place.now)
        for store in stores {
          #expect(try await store.session(place.session(1).id) != nil)
          await store.shutdown()
        }
      }
    }

    @Test("an empty place is outdated if migrating is forbidden, and stays empty")
    func forbidden() async throws {
      try await MongoPlace.use { place in
        let error = await #expect(throws: StoreError.self) { try await place.open { $0.migrates = false } }
        #expect(error?.code == .outdated)
        let collections = try await place.documents(["listCollections": 1])
        #expect(collections == [])
      }
    }

    @Test("a schema of a newer version is refused, and left alone")
    func newer() async throws {
      try await MongoPlace.use { place in
        await (try place.open()).shutdown()
        try await place.run(
          ["update": "meta", "updates": [["q": ["_id": "schema"], "u": ["$set": ["version": 99]]]]])
        let error = await #expect(throws: StoreError.self) { try await place.open() }
        #expect(error?.code == .corrupt)
        #expect(try await place.documents(["find": "meta"]).map { $0["version"]?.int } == [99])
      }
    }

    @Test("nobody there is unavailable, and the error's sentence names no host")
    func nobody() async throws {
      var configuration = MongoStoreConfiguration()
      configuration.timeout = .seconds(1)
      let chosen = configuration
      let error = await #expect(throws: StoreError.self) {
        try await MongoStore(address: "mongodb://user:canary@127.0.0.1:9/", configuration: chosen)
      }
      #expect(error?.code == .unavailable)
      #expect(error?.description.contains("127.0.0.1") == false)
      #expect(error.map { "\($0)".contains("canary") } == false)
    }

    @Test("a person can read a session: times are dates, JSON is text, and what is missing is not there")
    func readable() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        var session = place.session(1, user: "e\u{301}")
        session.data = JSONText(uncheckedMinified: Array(#"{"a":1}"#.utf8))
        _ = try await store.insert(session, limit: nil, now: place.now)
        let found = try await place.documents(["find": "sessions"])
        let document = try #require(found.first)
        #expect(document["_id"]?.text == session.id.description)
        #expect(document["user_id"]?.text.map { Array($0.utf8) } == Array("e\u{301}".utf8))
        #expect(document["data"] == .string(#"{"a":1}"#))
        #expect(document["open_time"]?.date == session.openTime.milliseconds)
        #expect(document["deadline"]?.date == session.deadline.milliseconds)
        #expect(document["is_open"] == .bool(true))
        #expect(document["kind"] == nil)
        await store.shutdown()
      }
    }

    @Test("the server removes a session by itself only long after its deadline, by its own clock")
    func expiry() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open { $0.expirySlack = .days(10) }
        let session = place.session(1)
        let left = (session.deadline - place.now).milliseconds
        let expires = { () async throws -> Int64? in
          try await place.documents(["find": "sessions"]).first?["expires"]?.date
        }
        let before = MongoTime.now()
        _ = try await store.insert(session, limit: nil, now: place.now)
        let open = try #require(try await expires())
        #expect(open >= before + left + TimeSpan.days(10).milliseconds)
        #expect(open <= MongoTime.now() + left + TimeSpan.days(10).milliseconds)
        try await store.touch([SessionTouch(id: session.id, requestTime: place.now)])
        #expect(try #require(try await expires()) >= before + session.idleTimeout.milliseconds)
        _ = try await store.close(session.id, reason: .logout, now: place.now)
        let closed = try #require(try await expires())
        #expect(closed >= before + TimeSpan.days(10).milliseconds)
        #expect(closed < open)
        let indexes = try await place.documents(["listIndexes": "sessions"])
        #expect(indexes.contains { $0["key"]?.document == ["expires": 1] && $0["expireAfterSeconds"]?.int == 0 })
        await store.shutdown()
      }
    }

    @Test("a damaged session is told of to who asks for it, and to nobody else")
    func damaged() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        for number in 1...3 as ClosedRange<UInt64> {
          _ = try await store.insert(place.session(number), limit: nil, now: place.now)
        }
        let damages: [BSONValue] = [
          ["$set": ["revision": "a"]], ["$unset": ["user_id": 1]], ["$set": ["close_reason": "none of ours"]],
          ["$set": ["kind": 7]], ["$set": ["carried": "AAAA"]], ["$set": ["generation": .int64(-1)]],
        ]
        let id = place.session(1).id
        let whole = try #require(
          try await place.documents(["find": "sessions", "filter": ["_id": .utf8(id.text)]]).first)
        for damage in damages {
          try await place.run(["update": "sessions", "updates": [["q": ["_id": .utf8(id.text)], "u": damage]]])
          let read = await #expect(throws: StoreError.self) { try await store.session(id) }
          #expect(read?.code == .corrupt)
          // Together with what others ask for.
          let closing = Task { try await store.close(id, reason: .logout, now: place.now) }
          #expect(try await store.close(place.session(9).id, reason: .logout, now: place.now) == nil)
          let refusal = await #expect(throws: StoreError.self) { try await closing.value }
          #expect(refusal?.code == .corrupt)
          #expect(try await store.session(place.session(3).id) == place.session(3))
          try await place.run(
            ["update": "sessions", "updates": [["q": ["_id": .utf8(id.text)], "u": .document(whole)]]])
        }
        await store.shutdown()
      }
    }

    @Test("an event that was damaged is corrupt to who reads it")
    func damagedEvent() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        _ = try await store.insert(place.session(1), limit: nil, now: place.now)
        try await place.run(["update": "events", "updates": [["q": [:], "u": ["$set": ["kind": "none of ours"]]]]])
        let error = await #expect(throws: StoreError.self) { try await store.events(after: 0, kinds: nil, limit: 1) }
        #expect(error?.code == .corrupt)
        await store.shutdown()
      }
    }

    @Test("more than a transaction's usual size is closed, touched, told and removed all the same")
    func many() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        let sessions = (0..<1100 as Range<UInt64>).map { place.session($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
          for session in sessions {
            group.addTask { _ = try await store.insert(session, limit: nil, now: place.now) }
          }
          try await group.waitForAll()
        }
        try await store.touch(sessions.map { SessionTouch(id: $0.id, requestTime: place.now) })
        #expect(try await store.session(sessions[1099].id)?.requestTime == place.now)
        let closed = try await store.close(
          matching: SessionFilter(), excluding: sessions[0].id, reason: .revoked, now: place.now, limit: 5000)
        #expect(closed.count == 1099)
        let purged = try await store.purge(closedBefore: place.now + .seconds(1), limit: 5000)
        #expect(Set(purged) == Set(sessions.dropFirst().map(\.id)))
        #expect(try await store.count(SessionFilter(), now: place.now) == 1)
        await store.shutdown()
      }
    }

    @Test("of callers that go away, what they asked for happens, and nobody hears another's answer")
    func cancelled() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<300 as Range<UInt64> {
            group.addTask {
              let session = place.session(number)
              let task = Task {
                let outcome = try await store.insert(session, limit: nil, now: place.now)
                #expect(outcome == .inserted(closed: []))
                #expect(try await store.session(session.id) == session)
              }
              if number % 3 == 0 { task.cancel() }
              try await task.value
            }
          }
          try await group.waitForAll()
        }
        #expect(try await store.count(SessionFilter(), now: place.now) == 300)
        await store.shutdown()
      }
    }
  }
#endif
